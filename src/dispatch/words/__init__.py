"""The sentences that readers and reviewers see: one catalogue for each language, `<locale>.po`."""
