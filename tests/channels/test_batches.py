"""Messages cut into calls: one form in each, no more than the service takes, nobody left out."""

from dataclasses import replace

import pytest

from dispatch.channels.batches import Batches
from dispatch.channels.provider import Capabilities, Carries
from dispatch.model.delivery.message import Address, EmailForm, FilledEmail
from dispatch.model.editions.picture import Picture
from dispatch.testing.samples import a_mail, an_email


def declared(**changes):
    base = Capabilities(
        carries=frozenset(Carries), source="https://example.org", evidence="live", batch=10
    )
    return replace(base, **changes)


def form(html="<p>Hi</p>", **changes):
    return EmailForm(Address("us@example.org"), ("Hi",), ("Hi",), (html,), **changes)


def filled(number, form):
    return FilledEmail(f"m{number}", f"<m{number}@x>", Address(f"r{number}@example.org"), form)


def cut(messages, **changes):
    waiting = Batches(declared(**changes))
    waiting.add(messages)
    taken = []
    while batch := waiting.take():
        taken.append(batch)
    assert len(waiting) == 0
    assert sorted(one.id for batch in taken for one in batch) == sorted(one.id for one in messages)
    return taken


def lengths(batches):
    return [len(one) for one in batches]


def test_a_call_has_as_many_as_the_service_takes_in_their_order():
    messages = [an_email(number) for number in range(25)]

    batches = cut(messages)

    assert lengths(batches) == [10, 10, 5]
    assert [one for batch in batches for one in batch] == messages


def test_each_form_has_calls_of_its_own_and_the_fullest_comes_first():
    forms = [form(), form(), form()]  # which say the same, and are not the same
    messages = [filled(number, forms[number % 5 % 3]) for number in range(25)]

    batches = cut(messages)

    assert lengths(batches) == [10, 10, 5]
    assert all(len({id(one.form) for one in batch}) == 1 for batch in batches)


@pytest.mark.parametrize(
    ("messages", "most", "number"),
    [
        ([an_email(n, html="é" * 10_000, text="") for n in range(6)], 50_000, 3),
        ([an_email(n, html='"\n' * 5_000, text="") for n in range(6)], 50_000, 3),
        ([replace(a_mail(n), parts=(b"x" * 15_000,)) for n in range(6)], 50_000, 3),
        ([filled(n, form("x" * 40_000)) for n in range(9)], 43_000, 3),
        (
            [filled(n, form(pictures=(Picture("p.png", "image/png", "x" * 12_000, "c", 1, 1),)))
             for n in range(3)],
            12_500,
            3,
        ),
    ],
)  # fmt: skip
def test_a_call_is_no_bigger_than_the_service_takes(messages, most, number):
    if isinstance(messages[0], FilledEmail):
        messages = [one._replace(form=messages[0].form) for one in messages]

    batches = cut(messages, most_call_bytes=most)

    assert len(batches) == number


def test_what_is_too_big_for_any_call_is_alone():
    messages = [an_email(n, html="x" * (90_000 if n == 2 else 9)) for n in range(5)]

    assert lengths(cut(messages, most_call_bytes=50_000)) == [2, 1, 2]


@pytest.mark.parametrize(
    "form_of", [lambda n, pictures: filled(n, form(pictures=pictures)), an_email]
)
def test_pictures_go_alone_where_a_batch_takes_none(form_of):
    pictures = (Picture("p.png", "image/png", "x" * 12, "c", 1, 1),)
    messages = [form_of(n, pictures=pictures) for n in range(3)]

    assert lengths(cut(messages, pictures_in_batch=False)) == [1, 1, 1]


def test_what_was_taken_back_is_in_no_call():
    one, other = an_email(1), an_email(2)
    waiting = Batches(declared())
    waiting.add([one, other])

    waiting.remove(one)
    waiting.remove(one)

    assert (len(waiting), waiting.take(), waiting.take()) == (1, [other], [])


def test_half_a_character_does_not_keep_anything_from_being_sent():
    letters = [replace(an_email(number), text="a\ud800b") for number in range(3)]

    assert lengths(cut(letters, most_call_bytes=1_000_000)) == [3]
