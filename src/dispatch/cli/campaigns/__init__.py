"""Commands about campaigns and their runs."""
