"""Web pages that are no feeds: those of posts, and those that lead to feeds."""
