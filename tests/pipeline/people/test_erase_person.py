"""Somebody is erased: nothing of them is left, and the numbers of what was sent are."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from delivery_stage import DeliveryStage
from dispatch import ids
from dispatch.errors import Conflict, NotFound, OutcomeUnknown, TryLater
from dispatch.model.delivery.message import Refused
from dispatch.model.delivery.state import BACK_OFF, DeliveryState
from dispatch.model.people.ending import What
from dispatch.model.people.reader_mail import Topic
from dispatch.model.people.reason import Reason
from dispatch.model.people.record import Said, Trace
from dispatch.model.people.sign_up import Profile
from dispatch.model.people.subscriber import Consent
from dispatch.model.people.suppression import target_of
from dispatch.pipeline.delivery.resolve import retry_failed
from dispatch.pipeline.people.add_subscriber import add_subscriber
from dispatch.pipeline.people.erase_person import erase_address, erase_person
from dispatch.pipeline.people.export_person import export_person
from dispatch.pipeline.people.import_file import import_file
from dispatch.pipeline.people.return_to_audience import return_to_audience
from dispatch.pipeline.people.suppress import ask_to_lift, suppress_address
from dispatch.pipeline.people.take_in_endings import TakenIn, take_in_endings
from dispatch.store.database.schema import (
    address_changes,
    consents,
    deliveries,
    reader_mails,
    sign_ups,
    subscribers,
    subscriptions,
)
from dispatch.store.people.erasures import Names
from dispatch.store.transactions import Store
from people_stage import ask_to_move
from pipeline_samples import MARKERS, bring_in, row, subscribe

ADA, BOB = "ada@example.org", "bob@example.org"
ACCEPTED, FAILED, PENDING, REFUSED, SUPPRESSED, UNKNOWN = (
    DeliveryState.ACCEPTED,
    DeliveryState.FAILED,
    DeliveryState.PENDING,
    DeliveryState.REFUSED,
    DeliveryState.SUPPRESSED,
    DeliveryState.UNKNOWN,
)


@pytest.fixture
def stage(store, clock):
    return DeliveryStage(store, clock)


@pytest.fixture
def erase(store, clock, endings):
    def erase(email: str, source: str = "asked by mail"):
        person = found(store, email)
        return erase_person(person, source=source, store=store, clock=clock, endings=endings)

    return erase


def found(store: Store, email: str):
    with store.read() as tx:
        return tx.subscribers.find(email)


def rows(store: Store, query: sa.Select) -> list[tuple]:
    with store._engine.connect() as connection:
        return [tuple(one) for one in connection.execute(query)]


def counts(stage: DeliveryStage) -> dict[DeliveryState, int]:
    return {state: number for state, number in stage.counts.items() if number}


def test_name_and_address_go_and_a_line_without_them_stays(store, clock, erase):
    bring_in("readers", [row(ADA, name="Ada", fields={"town": "Paris"})], store=store, clock=clock)

    erased = erase(ADA)

    assert (erased.number, erased.fields, erased.subscriptions) == ("E-2026-0001", 3, 1)
    assert found(store, ADA) is None
    [(email, name, fields, at)] = rows(
        store,
        sa.select(
            subscribers.c.email, subscribers.c.name, subscribers.c.fields, subscribers.c.erased_at
        ),
    )
    assert (email, name, fields, at) == ("", "", {}, clock())
    assert rows(store, sa.select(subscriptions.c.state)) == [("ended",)]
    assert [state for (state,) in rows(store, sa.select(consents.c.state))] == ["active", "ended"]
    with store.read() as tx:
        assert [one.source for one in tx.erasures.listed()] == ["asked by mail"]


def test_numbers_follow_one_another_and_begin_anew_with_the_year(store, clock, erase):
    subscribe(store, clock, ADA, BOB, "eve@example.org")
    numbers = [erase(ADA).number, erase(BOB).number]
    clock.advance(timedelta(days=366))

    numbers.append(erase("eve@example.org").number)

    assert [one[6:] for one in numbers] == ["-0001", "-0002", "-0001"]


def test_erased_people_are_in_no_list_and_no_count(store, clock, erase):
    subscribe(store, clock, ADA, BOB)
    person = found(store, ADA)

    erase(ADA)

    with store.read() as tx:
        assert [one.subscriber.email for _, one in tx.roster.listed()] == [BOB]
        assert tx.roster.count() == tx.subscribers.count_active("readers") == 1
        assert tx.subscribers.get([person.id]) == {}
        assert tx.subscribers.by_public_id(person.public_id) is None
        assert list(tx.subscribers.emails()) == [BOB]
        assert [one.email_key for one in tx.subscribers.consents_everywhere()] == [BOB]
        assert tx.consents.near("era@nowhere.example") == []
    with pytest.raises(NotFound):
        export_person(person, store=store)


def test_the_numbers_of_what_was_sent_stay_and_nobody_is_named_there(stage, store, erase):
    stage.provider.on(BOB, Refused(f"550 <{BOB}>: no such user"))
    stage.provider.on("eve@example.org", Refused("550 mailbox of EVE is gone"))
    stage.address()
    stage.deliver()
    before = counts(stage)

    numbers = [erase(one).deliveries for one in (ADA, BOB, "eve@example.org")]

    assert numbers == [1, 1, 1]
    assert counts(stage) == before == {ACCEPTED: 2, REFUSED: 2}
    told = [(one.recipient, one.reason) for one in stage.deliveries(REFUSED)]
    assert told == [("", ""), ("", "")]
    assert sorted(one.recipient for one in stage.deliveries(ACCEPTED)) == ["", "zoe@example.org"]


def test_who_is_erased_while_an_edition_goes_out_gets_nothing_of_it(stage, erase):
    stage.address()
    stage.during_call(1, lambda: erase("zoe@example.org"))

    stage.deliver()

    assert [one.to.email for one in stage.provider.taken] == [ADA, BOB, "eve@example.org"]
    assert counts(stage) == {ACCEPTED: 3, SUPPRESSED: 1}
    assert stage.is_all_put_away


@pytest.mark.parametrize(
    ("outcome", "counted"),
    [
        (None, {ACCEPTED: 4}),
        (Refused(f"550 <{ADA}>: no such user"), {ACCEPTED: 3, REFUSED: 1}),
        (TryLater(f"451 <{ADA}>: try later"), {ACCEPTED: 3, SUPPRESSED: 1}),
        (OutcomeUnknown(f"{ADA}: line went dead"), {ACCEPTED: 3, UNKNOWN: 1}),
    ],
)
def test_what_the_server_says_of_a_mail_on_its_way_names_nobody_any_more(
    stage, erase, outcome, counted
):
    stage.address()
    if outcome is not None:
        stage.provider.on(ADA, outcome)
    send = stage.provider.send
    stage.provider.send = lambda batch: (found(stage.store, ADA) and erase(ADA), send(batch))[1]

    stage.deliver_until_the_end(*BACK_OFF[:2])

    assert counts(stage) == counted
    named = [one for state in counted for one in stage.deliveries(state)]
    assert all("ada" not in f"{one.recipient} {one.reason}" for one in named)


def test_what_had_failed_is_not_sent_again_to_nobody(stage, store, clock, erase):
    stage.address()
    stage.provider.on(BOB, *[TryLater("451 mailbox full")] * (len(BACK_OFF) + 1))
    stage.deliver_until_the_end(*BACK_OFF)
    erase(BOB)

    retry_failed(by="marie", store=store, clock=clock)
    stage.deliver()

    assert counts(stage) == {ACCEPTED: 3, SUPPRESSED: 1}
    assert BOB not in [one.to.email for one in stage.provider.taken]


def everywhere(store: Store, clock, endings, mark: str) -> str:
    """Put a mark wherever somebody may be named, and give their address."""
    email = f"{mark}@{mark}.example"
    profile = {"name": mark, "locale": "fr", "timezone": mark, "topics": (mark,), "cadence": mark}
    person = row(email, fields={mark: mark}, **profile)
    bring_in("readers", [person], store=store, clock=clock)
    found_ = found(store, email)
    with store.begin() as tx:
        trace = Trace(f"old-{email}", mark, mark)
        consent = Consent(clock(), "form", form="f", page="p", trace=trace)
        tx.record.add(found_.id, "", Said.MOVED, consent, now=clock())
        tx.reader_mails.add(
            Topic.MOVED, f"old-{email}", subject_id=found_.public_id, via="mail", now=clock()
        )
        for table, values in (
            (address_changes, {"subscriber_id": found_.id}),
            (sign_ups, {"audiences": [], "profile": {"name": mark}, "page": mark, "network": mark}),
        ):
            named = {
                "email": email,
                "email_key": email.lower(),
                "public_id": mark,
                "asked_at": clock(),
            }
            tx._connection.execute(table.insert().values(**named, **values))
    tools = {"store": store, "clock": clock}
    suppress_address(email, reason=f"{mark} wrote", source=mark, endings=endings, **tools)
    ask_to_lift(email, **tools)
    return email


def test_not_a_byte_of_them_is_in_the_file_of_the_database(tmp_path, sqlite_url, clock, endings):
    mark = "Xyzzy7q9"
    store = Store(sqlite_url)
    stage = DeliveryStage(store, clock)
    email = everywhere(store, clock, endings, mark)
    stage.address(people=(ADA,))
    with store.begin() as tx:
        said = {"recipient": email, "reason": f"<{email}> gone", "provider_id": mark}
        person = tx.subscribers.find(email).id
        tx._connection.execute(
            deliveries.update().where(deliveries.c.subscriber_id == person).values(**said)
        )
        tx.subscribers.choose_cadence(person, f"{mark}ly", own=True, now=clock())
    files = [tmp_path / "dispatch.db", tmp_path / "dispatch.db-wal", endings.file.path]
    assert mark.lower() in told(files)

    person = found(store, email)
    erase_person(person, source="the reader", store=store, clock=clock, endings=endings)

    assert mark.lower() not in told(files)
    assert person.public_id not in told(files)
    store.close()
    assert mark.lower() not in told(files)


@pytest.mark.parametrize(
    "answer",
    [
        "550 <Zoe+News@Example.ORG>: no such user",
        "550 see https://mx.example/why?to=zoe%2Bnews%40example.org",
        "550 rfc822;zoe+2Bnews+40example.org unknown",
        "550 zoe=2Bnews=40example.org unknown",
        "550 mailbox zoe+news is full",
        "550 Zoe Zoetrope has left us",
    ],
)
def test_what_a_server_said_of_them_goes_however_it_wrote_the_address(answer):
    names = Names(frozenset({"zoe+news@example.org"}), frozenset({"zoe+news", "zoetrope"}), "")

    assert names.are_in(answer)
    assert not names.are_in("550 5.1.1 no such user")


def test_an_address_that_was_never_confirmed_goes_and_so_does_a_remark_that_names_them(
    store, clock, erase
):
    subscribe(store, clock, ADA, BOB)
    ask_to_move(store, clock, ADA, "never@example.org")
    remarks = ["too much", f"write to {ADA.upper()}", f"ask {BOB}"]
    with store.begin() as tx:
        for one in remarks:
            tx.reasons.add("readers", "e", Reason.OTHER, one, day=clock())

    erase(ADA)

    assert rows(store, sa.select(reader_mails.c.address)) == []
    with store.read() as tx:
        assert tx.reasons.remarks("e") == [f"ask {BOB}", "too much"]
        assert tx.reasons.count("e") == {Reason.OTHER.value: 3}


def test_who_never_confirmed_is_forgotten_by_their_address_too(store, clock, endings):
    tools = {"store": store, "clock": clock, "endings": endings}
    subscribe(store, clock, BOB)
    ask_to_move(store, clock, BOB, "Zoe@Example.org")
    with store.begin() as tx:
        form = {"now": clock(), "ids": ids.new, "page": "p", "network": "192.0.2.0/24"}
        tx.sign_ups.add("news", "zoe@example.org", ("readers",), Profile(name="Zoe"), **form)
    suppress_address("zoe@example.org", reason="zoe@example.org is full", **tools)

    erased = erase_address("ZOE@example.org", source="asked by mail", **tools)

    assert (erased.number, erased.fields) == ("E-2026-0001", 4)  # row, mail, change, suppression
    for column in (sign_ups.c.email, reader_mails.c.address, address_changes.c.email):
        assert rows(store, sa.select(column)) == []
    assert found(store, BOB)
    assert bring_in("readers", [row("zoe@example.org")], store=store, clock=clock) == 0
    with store.read() as tx:
        assert tx.suppressions.of("zoe@example.org") is None
        assert tx.endings.known(endings.markers.suppressed("zoe@example.org"))
    with pytest.raises(NotFound, match="no such subscriber"):
        erase_address("zoe@example.org", source="again", **tools)


def told(files: list[Path]) -> str:
    data = b"".join(one.read_bytes() for one in files if one.exists())
    return data.decode("latin-1").lower()


def test_no_file_brings_them_in_again_and_the_import_says_so(store, clock, erase, tmp_path):
    subscribe(store, clock, ADA, BOB)
    erase(ADA)

    again = [bring_in("readers", [row("ADA@example.org"), row(BOB)], store=store, clock=clock)]
    again.append(bring_in("press", [row(ADA)], store=store, clock=clock))

    assert again == [0, 0]
    assert found(store, ADA) is None
    assert len(rows(store, sa.select(subscribers.c.id))) == 2


def test_a_former_address_of_theirs_brings_them_in_no_more(store, clock, endings, erase):
    subscribe(store, clock, "new@example.org", "other@example.org")
    with store.begin() as tx:
        person = tx.subscribers.find("new@example.org")
        for email in (ADA, "other@example.org"):
            consent = Consent(clock(), "their own page", trace=Trace(email=email))
            tx.record.add(person.id, "", Said.MOVED, consent, now=clock())

    erase("new@example.org")
    clock.advance(timedelta(days=1))
    new = bring_in("press", [row(ADA), row("other@example.org")], store=store, clock=clock)

    assert new == 1  # that address is somebody else's by now
    assert found(store, ADA) is None


def test_the_team_cannot_add_them_and_they_come_back_on_their_own_word(
    store, clock, endings, erase
):
    subscribe(store, clock, ADA)
    former = found(store, ADA)
    erase(ADA)
    tools = {"store": store, "clock": clock, "ids": ids.new}

    with pytest.raises(Conflict, match="was erased - nothing was changed"):
        add_subscriber(row(ADA), "readers", markers=MARKERS, **tools)
    clock.advance(timedelta(days=1))
    into = return_to_audience(
        ADA, "readers", source="form", audiences={"readers"}, endings=endings, **tools
    )

    assert into == "readers"
    now = found(store, ADA)
    assert (now.id, now.public_id) != (former.id, former.public_id)
    with store.read() as tx:
        assert not endings.is_erased(ADA, tx=tx)
        assert [one.state for one in tx.record.words(now.id)] == ["active"]
    assert [one.what for one in endings.file.read().endings][:2] == [
        What.ERASED,
        What.RETURNED,
    ]


def test_a_database_that_is_older_erases_them_and_a_new_one_keeps_them_out(
    store, clock, erase, file, tmp_path
):
    subscribe(store, clock, ADA, BOB)
    erase(ADA)
    older, new = Store(f"sqlite:///{tmp_path}/older.db"), Store(f"sqlite:///{tmp_path}/new.db")
    subscribe(older, clock, ADA, BOB)
    tools = {"markers": MARKERS, "clock": clock}

    taken = take_in_endings(file, store=older, **tools)
    take_in_endings(file, store=new, **tools)
    subscribe(new, clock, ADA, BOB)

    assert taken == TakenIn(endings=1, erased=1)
    for one in (older, new):
        assert found(one, ADA) is None
        assert found(one, BOB)
        one.close()


def test_who_came_back_after_that_is_left_alone(store, clock, erase, file, tmp_path):
    subscribe(store, clock, ADA)
    erase(ADA)
    clock.advance(timedelta(days=1))
    back = replace(row(ADA), consent=Consent(clock(), "form"))
    other = Store(f"sqlite:///{tmp_path}/other.db")
    bring_in("readers", [back], store=other, clock=clock)

    taken = take_in_endings(file, store=other, markers=MARKERS, clock=clock)

    assert (taken.erased, bool(found(other, ADA))) == (0, True)
    other.close()


def test_a_suppression_holds_by_its_mark_where_they_come_back(store, clock, endings, erase):
    subscribe(store, clock, ADA)
    suppress_address(ADA, reason="complaint", store=store, clock=clock, endings=endings)

    erase(ADA)

    with store.read() as tx:
        assert tx.suppressions.of(ADA) is None
        assert tx.endings.known(MARKERS.suppressed(ADA))
        assert tx.suppressions.history(target_of(ADA)) == []


def test_the_report_of_an_import_names_the_rows_of_who_was_erased(store, clock, erase, tmp_path):
    subscribe(store, clock, ADA)
    erase(ADA)
    path = tmp_path / "readers.csv"
    path.write_text(f"email\n{BOB}\n{ADA}\n")
    tools = {"store": store, "clock": clock, "ids": ids.new, "markers": MARKERS}

    report = import_file(path, compare=True, **tools)

    assert report.new == 1
    [said] = report.disagreements
    assert str(said).endswith("1 rows are of people who were erased, and stay out: line 3")
