"""Letters: composed, queued with what caused them, sent."""
