"""Who logs in at servers of mail."""

from dispatch.testing.contract import SECRET

LOGIN = ("lettre", SECRET)
