"""The commands, grouped by subject. `intake.__main__` registers them."""
