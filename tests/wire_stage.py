"""Mails by the dozen, and what servers can do."""

from dispatch.testing.samples import a_mail

MAILS = [a_mail(number) for number in range(24)]
LARGE = "word " * 2_000_000  # more than a socket's buffers hold
