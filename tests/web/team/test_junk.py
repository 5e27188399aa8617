"""Whatever is posted to a form, or asked for by an address, is answered and crashes nothing."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import quote

import pytest

from app_stage import opened, workspace_in
from dispatch.model.editions.piece import PieceKind
from dispatch.model.team.role import Role
from dispatch.testing.clock import FakeClock
from dispatch.web.team.places import PLACES
from team_addresses import SHOWN, filled, values
from team_house import furnish, write_pieces
from team_stage import join, signed_in

JUNK = (
    *("", "   ", "9" * 19, "9" * 4_500, "-1", "1,5", "1e9", "٣", "²", "x" * 5_000),
    *("one\ntwo", "0001-01-01", "9999-12-31T23:59", "2026-02-30", "Mars/Olympus", "🦊\u202ertl"),
    *('"o\'b"@exämple.org', "%s%00", "<b>&amp;", "- a: [b", "../../etc", "{{ 1/0 }}", "a\x1b[0m"),
)
ODD = ("9" * 19, "x" * 300, "\u202e🦊a\0b")
KEEPS = {"/team/sign-out", "/team/account/sessions", "/team/people/jean/remove"}
"""What would sign out who tries it all."""

Fields = dict[str, str]


class Forms(HTMLParser):
    """The forms of a page that are posted: where to, and what their fields say."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self._page = page
        self.found: dict[str, Fields] = {}
        self._open: Fields | None = None
        self._by_id: dict[str, Fields] = {}

    def handle_starttag(self, tag, attrs):
        has = dict(attrs)
        if tag == "form":
            posts = has.get("method", "").lower() == "post"
            at = has.get("action") or self._page
            self._open = self.found.setdefault(at, {}) if posts else None
            if self._open is not None and "id" in has:
                self._by_id[has["id"]] = self._open
        elif has.get("form") in self._by_id and has.get("name"):
            self._by_id[has["form"]][has["name"]] = has.get("value") or ""
        elif self._open is not None and has.get("name"):
            self._open[has["name"]] = has.get("value") or ""
        if "formaction" in has:
            self.found.setdefault(has["formaction"], {})["ids"] = "1"

    def handle_endtag(self, tag):
        if tag == "form":
            self._open = None


@pytest.fixture(scope="module")
def house(tmp_path_factory, migrated_sqlite):
    folder = workspace_in(tmp_path_factory.mktemp("junk") / "letters", migrated_sqlite)
    clock = FakeClock()
    with opened(folder, clock) as app:
        ids = furnish(app, clock)
        write_pieces(app, ids["in review"])
        join(app, "jean", Role.OWNER)
        yield app, ids


def forms_of(browser, app, ids) -> dict[str, Fields]:
    """Each form of each page, and of each edition."""
    known = values(app, ids)
    paths = {filled(path, known) for path in SHOWN} | {
        f"/team/editions/{one}" for one in ids.values()
    }
    paths |= {f"/team/editions/{ids['in review']}?open={kind}" for kind in PieceKind}
    forms: dict[str, Fields] = {}
    for path in sorted(paths):
        answer = browser.get(path)
        if answer.headers.get("content-type", "").startswith("text/html"):
            read = Forms(path)
            read.feed(answer.text)
            forms |= read.found
    return {at: fields for at, fields in forms.items() if at not in KEEPS}


def spoilt(fields: Fields) -> Iterator[Fields]:
    """The same form a few times, with junk in every third field, or the one before, or after."""
    for turn in range(3):
        yield {
            name: JUNK[(7 * turn + at) % len(JUNK)] if at % 3 == turn else said
            for at, (name, said) in enumerate(fields.items())
        }


def test_junk_in_all_fields_of_all_forms_is_answered(house):
    app, ids = house
    with signed_in(app, "jean") as jean:
        forms = forms_of(jean, app, ids)
        posted = [(at, data) for at, fields in sorted(forms.items()) for data in spoilt(fields)]
        answers = [(at, jean.post(at, data=data)) for at, data in posted]
        leads = {one.headers["location"]: at for at, one in answers if one.status_code == 303}
        answers += [(at, jean.get(to)) for to, at in leads.items()]

    assert len(forms) > 40
    assert [at for at, one in answers if one.status_code >= 500 or "Traceback" in one.text] == []


@pytest.mark.parametrize("odd", ODD)
def test_what_no_address_is_called_is_answered(house, odd):
    app, _ = house
    named = [place for place in PLACES if "{" in place.path and "{rest" not in place.path]
    with signed_in(app, "jean") as jean:
        answers = {
            f"{place.method} {place.path}": jean.request(
                place.method, "/team" + re.sub(r"\{[^}]+\}", quote(odd, safe=""), place.path)
            ).status_code
            for place in named
        }

    assert {name: status for name, status in answers.items() if status >= 500} == {}


@pytest.mark.parametrize("number", ["9" * 19, "9" * 4_500, "٣", "", "x"])
@pytest.mark.parametrize(
    ("edition", "button", "more"),
    [
        ("in review", "posts", {"add": ""}),
        ("finished", "resolve", {"d": "", "as": "resend"}),
        ("finished", "resolve", {"d": "", "as": "accept"}),
        ("finished", "resolve", {"d": "", "all": "yes"}),
        ("finished", "retry-failed", {"d": ""}),
        ("finished", "tell-again", {"d": ""}),
    ],
)
def test_what_is_no_number_chooses_nothing(house, edition, button, more, number):
    app, ids = house
    path = f"/team/editions/{ids[edition]}"
    with signed_in(app, "jean") as jean:
        was = re.findall(r'name="was" value="([^"]*)"', jean.get(path).text)
        with app.store.read() as tx:
            before = tx.deliveries.counted(tx.editions.get(ids[edition]))
        data = {key: said or number for key, said in more.items()} | {"was": was[:1]}
        answer = jean.post(f"{path}/{button}", data=data)

    with app.store.read() as tx:
        assert tx.deliveries.counted(tx.editions.get(ids[edition])) == before
    assert answer.status_code in {303, 409, 422}
