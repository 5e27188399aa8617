"""Every vendor that there is a module for."""

from importlib import import_module
from pathlib import Path

from vendors.vendor import Vendor

NOT_VENDORS = {"every", "judge", "same_text", "traps", "vendor"}

EVERY: dict[str, Vendor] = {
    one.stem: import_module(f"vendors.{one.stem}").VENDOR
    for one in sorted(Path(__file__).parent.glob("[a-z]*.py"))
    if one.stem not in NOT_VENDORS
}
