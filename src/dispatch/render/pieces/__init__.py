"""What the team writes, made fit for readers: Markdown becomes HTML, plain text and first words."""
