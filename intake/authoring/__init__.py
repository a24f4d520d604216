"""For those who write programmes: reading, proving, comparing and drawing them. Knows no person and no database."""
