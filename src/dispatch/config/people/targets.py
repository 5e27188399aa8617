"""What may be suppressed, as people write it: an address, a domain, all domains below one."""

from dispatch.config.files.addresses import checked_address
from dispatch.config.files.problems import InvalidValueError, quoted
from dispatch.model.people.suppression import Target, target_of
from dispatch.model.text.invisible import trimmed


def checked_target(text: str, *, bare: bool = True) -> Target:
    """The address or domain in the form in which it is kept; raises InvalidValueError.

    Without `bare` a domain needs its '@' or '*.', as among addresses it may be a slip that would
    keep letters from everybody there.

    >>> str(checked_target("@Müller.example")), str(checked_target("*.example.org"))
    ('@xn--mller-kva.example', '*.example.org')
    """
    word = trimmed(text)
    if "@" in word.lstrip("@"):
        return target_of(checked_address(word))
    for sign in ("*.", "@", ""):
        if word.startswith(sign):
            break
    # A last dot says that a domain is whole, as name servers write it.
    domain = _checked_domain(word.removeprefix(sign).removesuffix("."), text)
    if not sign and not bare:
        advice = f"write '@{domain}' if all addresses there are meant"
        raise InvalidValueError(f"{quoted(word)} is a domain and no address", advice)
    return target_of(f"{sign}{domain}")


def _checked_domain(domain: str, written: str) -> str:
    problem = f"{quoted(trimmed(written))} is neither an address nor a domain"
    advice = "write name@example.org, @example.org, or *.example.org for all below it"
    if not domain or domain.startswith((".", "*", "@")):
        raise InvalidValueError(problem, advice)
    try:
        return checked_address(f"x@{domain}").removeprefix("x@")
    except InvalidValueError as error:
        raise InvalidValueError(problem, advice) from error
