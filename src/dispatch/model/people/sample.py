"""People who were made up, and domains that are nobody's."""

SAMPLE_DOMAIN = "readers.example"
"""Where the people of a new workspace are, and nobody else."""

RESERVED = (
    *("example.org", "example.com", "example.net"),
    *("example", "test", "invalid", "localhost"),
)
"""Domains that are nobody's for ever, for texts and trials (RFC 2606, section 2 and 3)."""

_LENGTH = len(SAMPLE_DOMAIN) + 1


def is_sample(email: str) -> bool:
    """Whether an address is of the sample workspace, or of a domain below it.

    >>> is_sample("Kenji@Readers.Example"), is_sample("ada@team.readers.example.")
    (True, True)
    >>> is_sample("ada@other-readers.example"), is_sample("readers.example@example.org")
    (False, False)
    """
    end = email.strip().rstrip(".")[-_LENGTH:].lower()
    return end[1:] == SAMPLE_DOMAIN and end[0] in "@."
