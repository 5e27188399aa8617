"""Commands about the workspace and its database."""
