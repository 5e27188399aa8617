"""A file is looked at before anything is kept: what becomes of each row, and why."""

import random

import pytest

from dispatch import ids
from dispatch.model.people.refusal import Merge, Refusal
from dispatch.model.people.subscriber import SubscriptionState
from dispatch.model.people.suppression import target_of
from dispatch.pipeline.people.erase_person import erase_person
from dispatch.pipeline.people.import_file import import_file
from dispatch.pipeline.people.subscribe import end_all_subscriptions
from dispatch.pipeline.people.suppress import suppress_address, suppress_domain
from pipeline_samples import ENDINGS, MARKERS

FILE = """\
email,name,status,city
same@x.org,Same,active,Bern
other@x.org,Another,active,Bern
new@x.org,New,active,
nobody,,active,
NEW@x.org,Again,active,
left@x.org,,active,
never@x.org,,active,
at@spam.org,,active,
erased@x.org,,active,
waits@x.org,,pending,
rests@x.org,,paused,
out@x.org,,unsubscribed,
gone@x.org,,active,
gone@x.org,,bounced,
"""


@pytest.fixture
def bring(store, clock, tmp_path):
    """Imports a text as `readers.csv`, or looks at it."""

    def bring(text, **options):
        path = tmp_path / "readers.csv"
        path.write_text(text)
        tools = {"store": store, "clock": clock, "ids": ids.new, "markers": MARKERS}
        return import_file(path, **tools, compare=True, **options)

    return bring


@pytest.fixture
def known(store, clock, bring):
    """The people of FILE who are here already."""
    tools = {"store": store, "clock": clock, "endings": ENDINGS}
    emails = "left@x.org,,\nnever@x.org,,\nerased@x.org,,\n"
    bring(f"email,name,city\nsame@x.org,Same,Bern\nother@x.org,Other,Bern\n{emails}")
    end_all_subscriptions("left@x.org", source="by phone", **tools)
    suppress_address("never@x.org", reason="complaint", **tools)
    suppress_domain(target_of("@spam.org"), reason="a trap", store=store, clock=clock)
    with store.read() as tx:
        erased = tx.subscribers.find("erased@x.org")
    erase_person(erased, source="asked", **tools)


def everything(store) -> list[object]:
    with store.read() as tx:
        return [one for _, one in tx.roster.listed()]


def test_each_row_is_new_changed_unchanged_or_refused_for_a_reason(store, bring, known):
    before = everything(store)
    lines: list[tuple[int, str]] = []

    looked = bring(FILE, keep=False, refused=lines.extend)
    after = everything(store)
    brought = bring(FILE)

    outcome = looked.outcome
    assert (outcome.new, outcome.changed, outcome.unchanged) == (1, 1, 1)
    assert outcome.rows == len(FILE.splitlines()) - 1
    assert [(one.why, [line for line, _ in one.first]) for one in outcome.refused] == [
        (Refusal.WRONG_ADDRESS, [5]),
        (Refusal.TWICE, [6]),
        (Refusal.NOT_MAILED, [13, 14, 15]),
        (Refusal.PENDING, [11]),
        (Refusal.PAUSED, [12]),
        (Refusal.LEFT, [7]),
        (Refusal.SUPPRESSED, [8, 9]),
        (Refusal.ERASED, [10]),
    ]
    assert lines[0] == (5, "wrong address: email: 'nobody' is not an e-mail address")
    assert [line for line, _ in lines] == [5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]
    assert after == before
    assert brought.outcome == outcome
    assert "erased@x.org" not in {one.subscriber.email for one in everything(store)}


def test_who_pauses_here_is_neither_new_nor_refused_and_goes_on_to_pause(store, bring, clock):
    bring("email\nada@x.org\n")
    with store.begin() as tx:
        ada = tx.subscribers.find("ada@x.org")
        tx.preferences.pause(ada.id, ["readers"], clock(), source="by themselves", now=clock())

    report = bring("email,name\nada@x.org,Ada\n")

    assert (report.outcome.new, report.outcome.changed) == (0, 1)
    assert everything(store)[0].state is SubscriptionState.PAUSED


KNOWN = "email,name,locale,topics,city,shoe\nada@x.org,Ada,,art,Bern,41\n"
SAYS = "email,name,locale,topics,city,hat\nada@x.org,Byron,fr,,Lyon,7\n"


@pytest.mark.parametrize(
    ("how", "told"),
    [
        (Merge.REPLACE, ("Byron", "fr", (), {"city": "Lyon", "hat": "7"})),
        (Merge.OVERWRITE, ("Byron", "fr", ("art",), {"city": "Lyon", "shoe": "41", "hat": "7"})),
        (Merge.FILL, ("Ada", "fr", ("art",), {"city": "Bern", "shoe": "41", "hat": "7"})),
        (Merge.KEEP, ("Ada", "", ("art",), {"city": "Bern", "shoe": "41"})),
    ],
)
def test_a_file_does_to_what_is_known_as_it_is_told(store, bring, how, told):
    bring(KNOWN)

    looked = bring(SAYS, merge=how, keep=False)
    bring(f"{SAYS}new@x.org,New,de,ai,Oslo,8\n", merge=how)
    again = bring(SAYS, merge=how)

    ada, new = (one.subscriber for one in everything(store))
    assert looked.outcome.changed == (how is not Merge.KEEP)
    assert (ada.name, ada.locale, ada.topics, ada.fields) == told
    assert (new.name, new.fields) == ("New", {"city": "Oslo", "hat": "8"})
    assert (again.outcome.changed, again.outcome.unchanged) == (0, 1)


def test_what_somebody_chose_themselves_stays_however_a_file_is_merged(store, bring, clock):
    bring("email,name,cadence,city\nada@x.org,,,\n")
    with store.begin() as tx:
        ada = tx.subscribers.find("ada@x.org")
        tx.preferences.choose(ada.id, name="Ada", locale="")
        tx.subscribers.choose_cadence(ada.id, "weekly", own=True, now=clock())

    for how in Merge:
        bring("email,name,locale,cadence,city\nada@x.org,A,fr,daily,Bern\n", merge=how)

    [ada] = (one.subscriber for one in everything(store))
    assert (ada.name, ada.locale, ada.cadence, ada.fields) == (
        "Ada",
        "",
        "weekly",
        {"city": "Bern"},
    )


def test_files_made_up_by_chance_do_what_the_look_at_them_said(store, bring):
    chance = random.Random(7)
    for how in (Merge.REPLACE, Merge.OVERWRITE, Merge.FILL):
        rows = [
            f"{chance.choice(['a', 'b', 'c', 'd', 'A'])}@x.org,{chance.choice(['', 'N', 'Zoë'])},"
            f"{chance.choice(['', 'ai|art', 'art|ai'])},{chance.choice(['', 'Bern', 'É'])},"
            f"{chance.choice(['active', 'active', 'pending', 'bounced'])}"
            for _ in range(8)
        ]
        text = "email,name,topics,city,status\n" + "\n".join(rows)
        before = {one.subscriber.email: one.subscriber for one in everything(store)}

        looked = bring(text, merge=how, keep=False).outcome
        bring(text, merge=how)

        after = {one.subscriber.email: one.subscriber for one in everything(store)}
        assert looked.rows == len(rows)
        assert looked.new == len(after) - len(before)
        assert looked.changed == sum(after[one] != before[one] for one in before)
