"""The pure core: computes a journey, a verdict and a routing from a programme and answers.

Nothing in this package reads files, clocks, databases or networks; today's date is always an argument.
"""
