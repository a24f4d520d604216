"""The pure core: a programme is data, answers are data, and what follows from them is computed here.

Nothing in this package reads files, clocks, databases or networks; today's date is always an argument.
"""
