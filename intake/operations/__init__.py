"""Background work and what those who run it need: worker, retention, backup, demo, lists."""
