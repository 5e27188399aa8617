"""Newsletter and social publishing automation: feeds in, digests and snippets out."""

__version__ = "0.1.0"
