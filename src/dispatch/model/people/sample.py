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
    if SAMPLE_DOMAIN not in email.lower():
        return False  # quick, as each mail asks
    end = email.strip().rstrip(".")[-_LENGTH:].lower()
    return end[1:] == SAMPLE_DOMAIN and end[0] in "@."


def is_reserved(email: str) -> bool:
    """Whether an address is at a domain that is nobody's for ever, and not of the samples.

    >>> is_reserved("ada@mail.Example.ORG"), is_reserved("ada@acme.test"), is_reserved("a@b.org")
    (True, True, False)
    >>> is_reserved("ada@my-example.org"), is_reserved("kenji@readers.example")
    (False, False)
    """
    domain = email.strip().rstrip(".").rpartition("@")[2].lower()
    if not domain.endswith(RESERVED) or is_sample(email):
        return False
    return any(domain == one or domain.endswith(f".{one}") for one in RESERVED)
