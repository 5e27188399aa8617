"""Words of consent: only ever added, with what is personal beside them."""

import pytest
import sqlalchemy as sa

from dispatch.model.people.record import NO_TRACE, Said, Trace
from dispatch.model.people.subscriber import Consent
from dispatch.store.backups.copies import back_up, restoring
from dispatch.store.database.schema import consents, traces
from dispatch.store.transactions import Store
from dispatch.store.upgrades.inspect import inspect
from pipeline_samples import bring_in, row, subscribe

ADA = "ada@example.org"
REFUSED = "a word of consent is never changed and never deleted"


def add(store: Store, clock, **values: object) -> int:
    """A word of Ada's; her number."""
    with store.begin() as tx:
        person = tx.subscribers.find(ADA).id
        tx.record.add(person, "", Said.CHOSE, Consent(clock(), "page", **values), now=clock())
    return person


@pytest.mark.parametrize(
    "statement",
    [
        consents.update().values(source="another"),
        consents.update().where(consents.c.id == 1).values(given_at=None),
        consents.delete(),
        consents.delete().where(consents.c.id == 1),
    ],
)
def test_the_database_refuses_to_change_or_delete_a_word(store, clock, statement):
    subscribe(store, clock, ADA)

    with pytest.raises(Exception, match=REFUSED), store.begin() as tx:
        tx._connection.execute(statement)

    with store.read() as tx:
        assert [one.source for one in tx.record.words(tx.subscribers.find(ADA).id)] == ["form"]


def test_nor_is_one_replaced_and_all_are_not_emptied(store, clock):
    subscribe(store, clock, ADA)
    words = "INSERT OR REPLACE INTO consents SELECT * FROM consents"
    if store.is_shared:
        words = "TRUNCATE consents CASCADE"

    with pytest.raises(Exception, match=REFUSED), store.begin() as tx:
        tx._connection.exec_driver_sql(words)


@pytest.mark.parametrize(
    "made",
    [
        "BEFORE UPDATE ON consents WHEN 0 BEGIN SELECT RAISE(ABORT, 'no'); END",
        "BEFORE UPDATE OF page ON consents BEGIN SELECT RAISE(ABORT, 'no'); END",
        "BEFORE UPDATE ON consents BEGIN SELECT 1; END",
    ],
)
def test_a_trigger_that_was_made_anew_to_refuse_less_is_told(sqlite_url, made):
    Store(sqlite_url).close()
    engine = sa.create_engine(sqlite_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER consents_keep_UPDATE")
        connection.exec_driver_sql(f"CREATE TRIGGER consents_keep_UPDATE {made}")
    engine.dispose()

    flaws = inspect(sqlite_url).flaws

    assert flaws == ("trigger consents_keep_UPDATE on consents is switched off or changed",)


def test_a_trigger_that_is_switched_off_is_told(postgres_url):
    store = Store(postgres_url)
    fine = inspect(postgres_url).flaws
    _switch(store, "DISABLE")
    try:
        flaws = inspect(postgres_url).flaws
    finally:
        _switch(store, "ENABLE")
        store.close()

    assert fine == ()
    assert flaws == ("trigger consents_keep on consents is switched off or changed",)


def _switch(store: Store, how: str) -> None:
    with store.begin() as tx:
        tx._connection.exec_driver_sql(f"ALTER TABLE consents {how} TRIGGER consents_keep")


def test_what_is_put_back_from_a_copy_refuses_it_and_a_rehearsal_does(
    database_url, clock, tmp_path
):
    store = Store(database_url)
    subscribe(store, clock, ADA)
    store.close()
    back_up(database_url, tmp_path / "copy", now=clock())
    with restoring(database_url, tmp_path / "copy", replace=True):
        pass
    store = Store(database_url)

    for one in (store.rehearsal(), store):
        add(one, clock)
        with pytest.raises(Exception, match=REFUSED), one.begin() as tx:
            tx._connection.execute(consents.delete())
        one.close()


def test_a_word_is_told_whole_and_only_what_is_personal_is_a_trace(store, clock):
    subscribe(store, clock, ADA)
    trace = Trace(ADA, "192.0.2.0/24", "wrote on Monday")
    person = add(store, clock, form="f", page="p", wording="w", confirmed="c", trace=trace)
    add(store, clock)

    with store.read() as tx:
        _, whole, bare = tx.record.words(person)
        number = tx._connection.scalar(sa.select(sa.func.count()).select_from(traces))

    assert (whole.form, whole.page, whole.wording, whole.confirmed) == ("f", "p", "w", "c")
    assert (whole.trace, whole.ground, whole.source) == (trace, "page", "wrote on Monday")
    assert (bare.trace, bare.source) == (NO_TRACE, "page")
    assert number == 2  # Ada's ground in the file was hers alone


def test_a_text_that_people_agreed_to_is_kept_once(store, clock):
    with store.begin() as tx:
        ids = [tx.record.keep_wording(text, now=clock()) for text in ("I agree", "I agree", "")]
        texts = tx.record.wordings(set(ids))

    assert ids == [ids[0], ids[0], ""]
    assert [one.text for one in texts.values()] == ["I agree"]


def test_who_comes_in_by_a_file_has_its_line_and_shared_grounds_are_no_traces(store, clock):
    people = [row(f"r{number}@example.org") for number in range(5)]

    bring_in("readers", [*people], store=store, clock=clock, file="fair.csv")
    bring_in("press", people[:2], store=store, clock=clock, file="press.csv")

    with store.read() as tx:
        words = tx.record.words(tx.subscribers.find("r1@example.org").id)
        assert tx.roster.grounds("press", [tx.subscribers.find("r1@example.org").id])
    assert [(one.page, one.ground, one.source) for one in words] == [
        ("fair.csv line 2", "form", "form"),
        ("press.csv line 2", "", "form"),
    ]
