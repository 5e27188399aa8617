"""What programs elsewhere are told, and how it goes with each of them."""
