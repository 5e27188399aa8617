"""A digest as the bytes of a mail."""
