"""Tools for authors of programmes: read, prove, compare and draw them. Knows no person and no database."""
