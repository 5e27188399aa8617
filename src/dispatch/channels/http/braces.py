"""Text for services that read two braces as the beginning of a field.

What they would read becomes a field, whose value is these very braces, in every text of a mail that
is already filled in. The service fills in once; what it has filled in, it does not read.
"""

import re
from collections.abc import Callable, Iterable

from dispatch.model.delivery.message import Address

OPENING = re.compile(r"\{\{+|\{(?=[%#])")
"""What begins a field, a statement or a comment in Django's, Twig's and Jinja's language."""


def braces_as_fields(
    texts: Iterable[str], field: Callable[[str], str]
) -> tuple[list[str], dict[str, str]]:
    """The texts with a field for each opening, and the values of the fields; none, as a rule.

    >>> braces_as_fields(["a {{ b }}"], "{{{{params.{}}}}}".format)
    (['a {{params.b2}} b }}'], {'b2': '{{'})
    """
    values: dict[str, str] = {}

    def hide(found: re.Match[str]) -> str:
        key = f"b{len(found[0])}"
        values[key] = found[0]
        return field(key)

    return [OPENING.sub(hide, text) for text in texts], values


def without_braces(to: Address) -> Address:
    """The recipient, without a name that may be read: it is what a form did not fill in.

    >>> without_braces(Address("ada@example.org", "{{ first_name }}"))
    Address(email='ada@example.org', name='')
    """
    return Address(to.email) if OPENING.search(to.name) else to
