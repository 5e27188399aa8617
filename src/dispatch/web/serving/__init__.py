"""How the pages are served: who is let in, for how long, and what is said of them."""
