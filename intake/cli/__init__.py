"""The commands, by what they are about. `intake.__main__` puts them together."""
