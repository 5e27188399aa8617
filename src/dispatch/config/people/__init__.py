"""Files of subscribers and deliveries."""
