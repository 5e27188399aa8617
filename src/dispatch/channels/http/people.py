"""People as most services want them: an address, and a name beside it."""

from dispatch.channels.mail.headers import mail_address
from dispatch.model.delivery.message import Address
from dispatch.model.text.plain_text import one_line


def person(address: Address, *, most: int | None = None) -> dict[str, str]:
    """Address and name, which stays as it is written; at most so many characters of it.

    >>> person(Address("ada@bücher.example", "Müller, Ada")), person(Address("a@b.example", " "))
    ({'email': 'ada@xn--bcher-kva.example', 'name': 'Müller, Ada'}, {'email': 'a@b.example'})

    Raises MessageUnusable where the address is none.
    """
    email, name = mail_address(address.email), one_line(address.name)[:most]
    return {"email": email, "name": name} if name else {"email": email}
