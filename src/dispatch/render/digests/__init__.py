"""An edition as a digest."""
