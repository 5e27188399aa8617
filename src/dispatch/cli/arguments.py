"""Arguments that several commands check alike."""


def checked_address(text: str) -> str:
    """An e-mail address in the form in which it is kept; raises BadInput where it is none."""
    from dispatch.config import addresses
    from dispatch.config.problems import InvalidValueError
    from dispatch.errors import BadInput

    try:
        return addresses.checked_address(text)
    except InvalidValueError as error:
        raise BadInput([error]) from error
