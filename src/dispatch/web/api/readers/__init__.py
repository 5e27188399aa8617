"""Who is written to: readers, files of them, suppressions, and what became of their mails."""
