"""Published versions of programmes, current and earlier, and results derived again by them."""
