"""How much of a mail is a reader's own, where a service limits that."""

import pytest

from dispatch.channels.mail.email_form import has_too_many_values, size_of_values
from dispatch.model.delivery.message import Address, EmailForm, FilledEmail
from dispatch.model.text.placeholders import Place, Placeholder


@pytest.mark.parametrize("value", ["a", '"', "&", "\xa0", "é", "👩", "<"])
@pytest.mark.parametrize("number", [1, 30, 400])
def test_what_is_too_much_is_told_as_by_counting(value, number):
    name = [Placeholder("name", place) for place in Place]
    form = EmailForm(
        Address("letter@example.org"),
        ("Dear ", name[0], ", ", name[0]),
        (name[0],),
        (name[1], name[2], Placeholder("token", Place.PLAIN)),
        names=("name", "token"),
    )
    email = FilledEmail("1", "<1@x>", Address("a@x"), form, [value * number, "t" * number])
    size = size_of_values(email)

    assert has_too_many_values(email, size - 1)
    assert not has_too_many_values(email, size)
