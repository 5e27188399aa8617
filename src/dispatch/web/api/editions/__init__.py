"""Editions: listed, shown, edited, decided on, and followed while they go out."""
