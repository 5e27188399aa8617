"""What a provider is; finding it, calling it, sorting its failures."""
