"""Decisions about editions, and the mails that ask for them."""
