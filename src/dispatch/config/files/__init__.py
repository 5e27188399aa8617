"""Reading files that people wrote, and telling what is wrong in them."""
