"""`brand:` as people write it, and what it comes to."""

import pytest

from dispatch.errors import BadInput
from dispatch.model.campaigns.brand import Brand
from schedule_files import SMALL


def brand(load, said: str) -> Brand:
    return load(f"brand: {said}\n{SMALL}").publisher.brand


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("{accent: '#A31'}", Brand(accent="#aa3311")),
        ("{accent: a8321a}", Brand(accent="#a8321a")),
        ("{accent: 112233}", Brand(accent="#112233")),
        ("{logo: 'file:brand/logo.PNG', logo_width: 240}", Brand("brand/logo.PNG", 240)),
        ("{logo: 'https://example.org/l'}", Brand("https://example.org/l")),
        ('{address: " 12  rue X \\n\\n75009 Paris "}', Brand(address="12 rue X\n75009 Paris")),
        ("{website: 'https://example.org'}", Brand(website="https://example.org")),
    ],
)
def test_what_is_written_is_read(load, said, read):
    assert brand(load, said) == read


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("{accent: red}", "'red' is no colour in hexadecimal digits - write # and its six"),
        ("{accent: 'rgb(168 50 26)'}", "'rgb(168 50 26)' is no colour in hexadecimal digits"),
        ("{logo: ''}", "brand.logo: is empty - write its path"),
        ("{logo: 'https://example.org/l.SVG?v=1'}", "is no PNG, JPEG or GIF - save it as PNG"),
        ("{accent: '#12345'}", "brand.accent: '#12345' is no colour"),
        ("{logo: ../logo.png}", "brand.logo: '../logo.png' is outside of the workspace"),
        ("{logo: /etc/logo.png}", "is outside of the workspace - put the file into it"),
        ("{logo: 'http://example.org/l.png'}", "is not encrypted - write an https address"),
        ("{logo: logo.svg}", "is no PNG, JPEG or GIF - save it as PNG"),
        ("{logo_width: 6000}", "brand.logo_width"),
        ("{website: example}", "brand.website: 'example' is not a web address"),
        ("{address: ' '}", "brand.address: is empty"),
        ("{adress: x}", "brand.adress: unknown key - did you mean 'address'?"),
    ],
)
def test_what_cannot_be_meant_is_told_with_its_line(load, said, problem):
    with pytest.raises(BadInput) as refused:
        brand(load, said)

    assert problem in str(refused.value)
    assert str(refused.value).startswith("schedules.yaml:1: ")


def test_a_colour_without_quotes_is_a_remark_which_is_told(load):
    with pytest.raises(BadInput, match=r"brand.accent: has no value.*without quotes, # begins"):
        load(f"brand:\n  accent: #a8321a\n{SMALL}")


@pytest.mark.parametrize(
    ("sender", "title"),
    [("sender: {name: La Lettre, email: a@example.org}\n", "La Lettre"), ("", "Weekly")],
)
def test_a_campaign_without_title_is_called_as_its_sender(load, sender, title):
    assert load(sender + SMALL).campaigns["weekly"].title == title
