"""Whether a mail server's words say that a mailbox is gone, where a service does not tell."""


def is_gone(*words: str) -> bool | None:
    """True where nothing will ever arrive there, false where only this mail did not.

    None where the words do not tell. The rule is that for mails which come back.

    >>> is_gone("550 5.1.1 unknown"), is_gone("552 5.2.2 full"), is_gone("550 refused")
    (True, False, None)
    """
    # Its words are of many languages, and whoever loads a provider need not wait for them.
    from dispatch.channels.bounces.dead import failure, tells_of_death  # noqa: PLC0415

    return tells_of_death(failure("", " ".join(filter(None, words))))
