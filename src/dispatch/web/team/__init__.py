"""The team's pages, one file a noun. All of them are in `web/team/places.py`, with who may."""
