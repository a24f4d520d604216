"""Letters: composed, queued with their cause, sent."""
