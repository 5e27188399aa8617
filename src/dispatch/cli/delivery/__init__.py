"""Commands about deliveries and the channels they go over."""
