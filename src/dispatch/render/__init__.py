"""Edition to digest and snippets (Jinja2, sandboxed)."""
