"""Why somebody is written to, as a document that an authority reads."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from dispatch.errors import NotFound
from dispatch.model.people.sign_up import Profile
from dispatch.model.people.subscriber import Consent
from dispatch.model.people.suppression import target_of
from dispatch.pipeline.people.erase_person import erase_person
from dispatch.pipeline.people.export_person import export_person
from dispatch.pipeline.people.prove import prove
from dispatch.pipeline.people.subscribe import end_all_subscriptions
from dispatch.pipeline.people.suppress import (
    ask_to_lift,
    lift_suppression,
    suppress,
    suppress_address,
)
from dispatch.store.database.schema import wordings
from dispatch.store.transactions import Store
from dispatch.testing.clock import FakeClock
from dispatch.words.catalogues import words_in
from docs.docs_pages import DOCS
from pipeline_samples import PUBLISHER, bring_in, row
from proof_stage import BEGAN, NEW, OLD, PAGE, SENDER, find, tell

OURS = replace(PUBLISHER, sender=SENDER, timezone="Europe/Paris")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(BEGAN)


@pytest.fixture
def store(sqlite_url):
    """Of one kind: where others share the database, it is that which says what time it is."""
    store = Store(sqlite_url)
    yield store
    store.close()


@pytest.fixture
def ids():
    numbers = count(1)
    return lambda: f"{next(numbers):032}"


def written(person, store, clock, language="en") -> str:
    return prove(person, store=store, publisher=OURS, words=words_in(language), clock=clock)


def test_the_story_in_the_docs_is_what_is_written(store, endings, clock, ids):
    person = tell(store, endings, clock, ids)

    proof = written(person, store, clock)

    page = (DOCS / "how-to/gdpr.md").read_text(encoding="utf-8")
    shown = page.partition("````markdown\n")[2].partition("````")[0]
    assert shown == proof


def test_a_text_that_was_changed_since_is_told(store, endings, clock, ids):
    person = tell(store, endings, clock, ids)
    with store.begin() as tx:
        tx._connection.execute(wordings.update().values(text="I agree to anything."))

    proof = written(person, store, clock)

    assert "> I agree to anything.\n" in proof
    assert "somebody has changed it in the database.\n" in proof


def test_it_says_the_same_in_french(store, endings, clock, ids):
    person = tell(store, endings, clock, ids)

    english, french = (written(person, store, clock, language) for language in ("en", "fr"))

    assert [line.count("**") for line in french.splitlines()] == [
        line.count("**") for line in english.splitlines()
    ]
    assert "# Preuve de consentement\u202f: ada@lovelace.example" in french
    assert "3 octobre 2026" in french
    assert all(text in french for text in (OLD, NEW, PAGE, "192.0.2.0/24"))


def test_a_file_a_suppression_and_what_the_team_wrote_are_told(store, endings, clock):
    tools = {"store": store, "clock": clock, "endings": endings}
    bring_in("readers", [row("bob@example.org")], store=store, clock=clock, file="fair.csv")
    clock.advance(timedelta(days=1))
    suppress_address("bob@example.org", reason="550 full", **tools)
    ask_to_lift("bob@example.org", store=store, clock=clock)
    lift_suppression(target_of("bob@example.org"), note="room again", by="marie", **tools)
    with store.read() as tx:
        person = tx.subscribers.find("bob@example.org")

    proof = written(person, store, clock)

    for line in (
        "    - on what ground: form\n",
        "    - in the file: fair.csv line 1\n",
        "    - when it was said is not known\n",
        "    - why: 550 full\n",
        ". Asked to get letters again.\n",
        "    - note: room again\n    - on what ground: the team (noted by marie)",
        "- No letter was addressed to this person.\n",
    ):
        assert line in proof, line
    assert proof.count("The team let letters go") == 1


def test_what_people_wrote_is_told_as_they_wrote_it_and_is_no_other_event(store, endings, clock):
    tools = {"store": store, "clock": clock, "endings": endings}
    bring_in("readers", [row("bob@example.org")], store=store, clock=clock)
    note = "no *more*\n\n9. **1 May 2020**. Joined <b>all</b> [x](y)"
    end_all_subscriptions("bob@example.org", source="the team", note=note, **tools)

    proof = written(find(store, "bob@example.org"), store, clock)

    told = r"no \*more\* 9. \*\*1 May 2020\*\*. Joined \<b>all\</b> \[x](y)"
    assert f"    - on what ground: {told}\n" in proof
    assert proof.count("**. ") == 2


def test_a_day_of_a_file_is_that_day_wherever_the_publisher_is(store, clock):
    given = datetime(2026, 9, 3, tzinfo=UTC)
    people = [replace(row("bob@example.org"), consent=Consent(given, "fair"))]
    bring_in("readers", people, store=store, clock=clock)
    bob, there = find(store, "bob@example.org"), replace(OURS, timezone="America/Los_Angeles")

    proof = prove(bob, store=store, publisher=there, words=words_in("en"), clock=clock)

    assert "1. **3 September 2026**. Joined readers.\n" in proof
    assert "    - the day alone is on record, without a time\n" in proof


def test_suppressions_of_a_domain_and_of_a_former_address_are_told(store, endings, clock, ids):
    tools = {"store": store, "clock": clock, "endings": endings}
    for target in (OLD, "@lovelace.example", "*.example"):
        suppress(target_of(target), reason=f"why {target}", **tools)
    suppress(target_of("@elsewhere.example"), reason="not them", **tools)
    for target in ("@lovelace.example", "*.example"):
        lift_suppression(target_of(target), note=f"note {target}", **tools)
    lift_suppression(target_of(OLD), note="a slip", **tools)
    person = tell(store, endings, clock, ids)

    proof = written(person, store, clock)

    for line in (
        f"    - with the address: {OLD}\n    - why: why {OLD}\n",
        "    - what was meant: @lovelace.example\n    - why: why @lovelace.example\n",
        r"    - what was meant: \*.example" + "\n" + r"    - note: note \*.example" + "\n",
    ):
        assert line in proof, line
    assert "not them" not in proof


def test_a_form_that_somebody_filled_in_and_never_confirmed_is_told_as_that(store, clock):
    bring_in("readers", [row(OLD)], store=store, clock=clock)
    with store.begin() as tx:
        tx.sign_ups.add("newsletter", OLD, ("readers",), Profile(), now=clock(), ids=lambda: "one")

    proof = written(find(store, OLD), store, clock)

    told = "The form newsletter was filled in with this address, and that was not confirmed.\n"
    assert told in proof


def test_what_they_take_along_has_the_same_and_is_json(store, endings, clock, ids):
    person = tell(store, endings, clock, ids)

    found = export_person(person, store=store)

    assert found["profile"]["email"] == NEW
    assert [one["what"] for one in found["record"]] == ["active", "moved", "ended"]
    assert found["record"][0]["page"] == PAGE
    [text] = found["texts"].values()
    assert text["text"].startswith("I agree to get The Atelier Letter")
    assert [one["about"] for one in found["mails"]] == ["confirm", "new address", "moved"]
    assert {one["email"] for one in found["addresses"]} == {NEW}
    assert found["sign_ups"][0]["profile"]["name"] == "Ada Lovelace"


def test_of_somebody_erased_there_is_nothing_to_prove(store, endings, clock, ids):
    person = tell(store, endings, clock, ids)
    erase_person(person, source="they", store=store, clock=clock, endings=endings)

    with pytest.raises(NotFound):
        written(person, store, clock)

    with store.read() as tx:
        assert [one.source for one in tx.record.words(person.id)] == [
            "form newsletter",
            "moved to another address",
            "unsubscribe link",
        ]


def test_who_is_in_no_audience_and_suppressed_is_told_as_that(store, endings, clock, ids):
    tools = {"store": store, "clock": clock, "endings": endings}
    with store.begin() as tx:
        tx.subscribers.put(row("bob@example.org"), now=clock(), ids=ids)
    before = written(find(store, "bob@example.org"), store, clock)
    suppress_address("bob@example.org", reason="550 *full*", **tools)

    proof = written(find(store, "bob@example.org"), store, clock)

    in_none = words_in("en")("proof.in_none")
    assert (in_none in before, in_none in proof) == (True, True)
    assert r"550 \*full\*" in proof.partition("## ")[2].partition("## ")[0]
