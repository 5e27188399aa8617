"""What came back: each event, what it came to, and by which way it came."""
