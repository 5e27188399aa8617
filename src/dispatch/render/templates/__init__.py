"""Templates: reading them, and running them within bounds."""
