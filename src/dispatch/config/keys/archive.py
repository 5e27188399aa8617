"""What does not go together with `archive:`."""

from collections.abc import Iterator
from typing import Any

from dispatch.config.values import as_written as written
from dispatch.config.values.as_written import Finding
from dispatch.model.campaigns.archive import Archive

_ON = (Archive.PUBLIC.value, Archive.UNLISTED.value)  # what a file says may be a list: no set


def broken_archives(tree: Any) -> Iterator[Finding]:
    """Archives of campaigns that have nothing to show in them."""
    for path, campaign in written.campaigns(tree):
        if campaign.get("archive") in _ON and "email" not in campaign:
            problem = "has an archive but no email"
            yield (*path, "archive"), problem, "remove the line: an archive shows digests"
