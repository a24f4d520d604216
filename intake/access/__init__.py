"""Access: staff accounts, sign-in, single-use links, and limits on attempts."""
