"""Published versions of programmes: what is served, what was, and results derived again from it."""
