"""Values and rules: standard library only; no SQL, no HTTP, no clock."""
