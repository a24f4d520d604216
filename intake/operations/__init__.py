"""Background work and operators' tools: worker, retention, backup, demo, lists."""
