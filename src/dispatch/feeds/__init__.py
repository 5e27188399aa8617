"""Feed address to entries: fetch, parse, clean."""
