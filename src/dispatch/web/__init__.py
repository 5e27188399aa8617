"""What people see in a browser: routes.py lists every URL."""
