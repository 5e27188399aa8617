"""All SQL: one module per table family, and the migrations."""
