"""Foreign HTML made safe and sound for a mail."""
