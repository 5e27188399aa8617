"""Calling a service over HTTP."""
