"""Opening a database, its tables, and what all table families share."""
