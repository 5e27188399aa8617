"""What a service would send of a form equals what we would have written for the reader alone."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.channels.http.fields import FieldSyntax, write_form
from dispatch.model.delivery.message import Address, EmailForm, FilledEmail
from dispatch.model.text.placeholders import Place, Placeholder

NAMES = ("name", "token", "city")
SIGNS = [
    *(
        "{",
        "}",
        "{{",
        "}}",
        "{{{",
        "}}}",
        "{{f0}}",
        "{{{f0}}}",
        "{{{c0}}}",
        "{{ if x }}",
        "{%",
        "%}",
    ),
    *("%recipient.f0%", "%recipient.", "%", "<%", "%>", "<%asm_preferences_url%>", "[[", "]]", "["),
    *("-f0-", "-", "-f0x", "f0", "x", "$", "\\", "&", "<", '"', "'", "\n", " ", "a", "é", "山"),
]
TEXTS = st.lists(st.sampled_from(SIGNS) | st.text(max_size=3), max_size=6).map("".join)
PLACEHOLDERS = st.builds(Placeholder, st.sampled_from(NAMES), st.sampled_from(Place))


FORMED = st.lists(TEXTS | PLACEHOLDERS, max_size=7).map(tuple)


@st.composite
def mails(draw):
    form = EmailForm(
        Address("news@example.org", draw(TEXTS)),
        draw(FORMED),
        draw(FORMED),
        draw(FORMED),
        (("X-One", draw(FORMED)), ("X-Two", draw(FORMED))),
        NAMES,
    )
    values = [draw(TEXTS) for _ in NAMES]
    return FilledEmail("d1", "<d1@example.org>", Address("ada@example.org"), form, values)


def in_one_pass(pattern):
    """A service that reads its fields once, and drops those it has no value for."""
    return lambda text, values: re.sub(pattern, lambda one: values.get(one[1].strip(), ""), text)


def in_passes(write):
    """A service that replaces key after key, and begins again as long as something changes."""

    def fill(text, values):
        for _ in range(4):
            for key, value in values.items():
                text = text.replace(write(key), value)
        return text

    return fill


def word(key):
    return f"-{key}-"


SERVICES = {
    "three braces": (
        FieldSyntax("{{{{{{{}}}}}}}".format, re.compile(r"[{}]{2,}"), "{}"),
        in_one_pass(r"\{\{\{([^{}]*)\}\}\}|\{\{[^{}]*\}\}|\{\{|\}\}"),
    ),
    "two braces": (
        FieldSyntax("{{{{{}}}}}".format, re.compile(r"\{\{|\}\}"), "{}"),
        in_one_pass(r"\{\{([^{}]*)\}\}|\{\{|\}\}"),
    ),
    "percent signs": (
        FieldSyntax("%recipient.{}%".format, re.compile(r"%recipient\."), "%"),
        in_one_pass(r"%recipient\.([^%]*)%"),
    ),
    "any words": (FieldSyntax(word, re.compile("<%"), secret=b"key"), in_passes(word)),
}


@pytest.mark.parametrize("service", SERVICES)
@settings(max_examples=30)
@given(mail=mails())
def test_what_the_service_sends_is_what_we_would_write(service, mail):
    syntax, fill = SERVICES[service]

    written = write_form(mail.form, syntax)
    values = {**written.constants, **written.values(mail)}

    email = mail.email
    assert fill(written.subject, values) == email.subject
    assert fill(written.text, values) == email.text
    assert fill(written.html, values) == email.html
    assert fill(written.sender, values) == email.sender.name
    assert tuple((name, fill(text, values)) for name, text in written.headers) == email.headers
    assert tuple((name, fill(values)) for name, fill in written.filled_headers) == email.headers


def a_form(html, *, name="News"):
    return EmailForm(Address("a@example.org", name), ("Hi",), ("Hi",), html, (), NAMES)


def test_styles_cost_few_fields():
    rules = "@media print{.a{color:red}}@media all{.b{color:red}}" * 500
    syntax, _ = SERVICES["three braces"]

    written = write_form(a_form((f"<style>{rules}</style>",)), syntax)

    assert written.constants == {"c0": "}}"}


def test_a_long_row_of_signs_takes_no_longer_than_it_is():
    syntax, _ = SERVICES["percent signs"]

    written = write_form(a_form(("%" * 300_000, Placeholder("name", Place.HTML))), syntax)

    assert written.constants == {"c0": "%" * 300_000}


def test_an_empty_text_beside_a_field_is_no_field():
    syntax, _ = SERVICES["three braces"]
    name = Placeholder("name", Place.HTML)

    written = write_form(a_form(("", name, "", name, "")), syntax)

    assert written.constants == {}


def test_keys_with_a_secret_are_known_to_nobody_else():
    form, other = a_form((Placeholder("name", Place.HTML),)), a_form(("Text",))
    one, two = (FieldSyntax(word, re.compile("<%"), secret=secret) for secret in (b"1", b"2"))

    written = write_form(form, one)

    assert written.keys[0].startswith("f0x")
    assert written.keys != write_form(form, two).keys
    assert written.subject_key != write_form(other, one).subject_key
    assert "secret" not in repr(one)


def test_no_key_begins_another():
    names = [f"name{number}" for number in range(30)]
    html = tuple(Placeholder(name, Place.HTML) for name in names)
    form = EmailForm(Address("a@example.org"), ("Hi",), ("Hi",), html, (), names)
    syntax, fill = SERVICES["any words"]
    mail = FilledEmail("d1", "<d1@example.org>", Address("b@example.org"), form, names)

    written = write_form(form, syntax)

    assert fill(written.html, written.values(mail)) == "".join(names)
