"""The state of a workspace and its database."""
