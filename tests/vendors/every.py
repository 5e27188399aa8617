"""Every vendor that there is a module for."""

from importlib import import_module
from pathlib import Path

from vendors.vendor import Vendor

NOT_VENDORS = {"every", "judge", "on_loopback", "same_text", "traps", "vendor"}

EVERY: dict[str, Vendor] = {
    one.stem: import_module(f"vendors.{one.stem}").VENDOR
    for one in sorted(Path(__file__).parent.glob("[a-z]*.py"))
    if one.stem not in NOT_VENDORS
}

REFUSE_PICTURES = {"scaleway"}
"""Those whose API has no place for pictures in a mail; their adapters say so."""

SHOW_NO_PICTURES = REFUSE_PICTURES | {"brevo"}
"""Brevo attaches them, as its API has none inside of a mail."""

NO_LIST_ID = {"mailjet"}
"""Mailjet forbids the header."""
