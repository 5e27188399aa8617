"""What came back after a message was accepted: kept once, and what follows from it."""
