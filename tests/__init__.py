"""The tests, and the real servers they speak to."""
