"""The links of one reader, as templates see them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LinksView:
    """`links`: addresses that are made for this reader.

    `preferences` is where they choose all that concerns them: how often, topics, a pause, another
    address. `cadence` is the same where they can choose how often it comes, else empty.
    `browser` is where the digest can be read on the web, the same for all, and `archive` where the
    earlier ones are; both are empty where the campaign has no archive. On the web itself all of
    them are.
    """

    unsubscribe: str
    preferences: str = ""
    cadence: str = ""
    browser: str = ""
    archive: str = ""
