"""Commands about feeds and posts."""
