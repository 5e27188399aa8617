"""What the environment tells this process, and what it keeps beside the database."""
