"""Whom reviews are about, and how long things take in tests of them."""

from datetime import timedelta

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MARIE, JEAN = "marie@example.org", "jean@example.org"
