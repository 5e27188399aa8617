"""Commands about the team."""
