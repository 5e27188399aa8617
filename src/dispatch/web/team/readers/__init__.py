"""The team's pages about readers: people, files of them, suppressions and public forms."""
