"""A database put back from a copy: what may have gone out since waits for a person."""

import shutil
import stat
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from delivery_stage import PEOPLE, DeliveryStage
from dispatch import ids
from dispatch.config.process.endings_file import EndingsFile
from dispatch.config.process.known_database import KnownDatabase
from dispatch.errors import BadInput, StoreUnavailable, UnfitDatabase, UnknownDatabase
from dispatch.model.delivery.state import DeliveryState, On
from dispatch.model.editions.edition import EditionState
from dispatch.model.intake.feed import Backfill
from dispatch.model.intake.post import Decision
from dispatch.pipeline.delivery.resolve import resolve_unknown
from dispatch.pipeline.intake.decide_posts import decide_posts
from dispatch.pipeline.intake.keep import keep_entries
from dispatch.pipeline.people.endings import Endings
from dispatch.pipeline.people.subscribe import end_all_subscriptions
from dispatch.pipeline.workspace.doubt import Doubts
from dispatch.pipeline.workspace.guard import Guard
from dispatch.pipeline.workspace.restore import adopt, restore
from dispatch.store.backups.copies import back_up
from dispatch.store.transactions import Store
from pipeline_samples import CAMPAIGN, MARKERS, REVIEWED, compose, entry, keep

ADA = "ada@example.org"


class Workspace:
    """A workspace with its database, of which copies are made and put back."""

    def __init__(self, url, clock, folder):
        self.url = url
        self.clock = clock
        self.folder = folder
        self.known = KnownDatabase(folder)
        self.file = EndingsFile(folder / ".dispatch-endings")
        self.stage = DeliveryStage(Store(url), clock, guard=Guard(self.known))

    @property
    def store(self) -> Store:
        return self.stage.store

    def back_up(self, name="copy"):
        file = self.folder / name
        back_up(self.url, file, now=self.clock())
        return file

    def restore(self, file, *, replace=True, campaigns=(CAMPAIGN,), endings=()):
        return restore(
            file,
            self.url,
            campaigns,
            endings=[self.file, *endings],
            replace=replace,
            known=self.known,
            markers=MARKERS,
            clock=self.clock,
            ids=ids.new,
        )

    def adopt(self, *, campaigns=(CAMPAIGN,)):
        return adopt(
            self.store,
            campaigns,
            endings=[self.file],
            known=self.known,
            markers=MARKERS,
            clock=self.clock,
        )

    def leave(self, email):
        endings = Endings(self.file, MARKERS, self.clock)
        end_all_subscriptions(
            email, source="link", store=self.store, clock=self.clock, endings=endings
        )

    @property
    def posts(self):
        with self.store.read() as tx:
            return {post.title: post for post in tx.posts.latest()}


@pytest.fixture
def workspace(database_url, clock, tmp_path):
    folder = tmp_path / "workspace"
    folder.mkdir()
    workspace = Workspace(database_url, clock, folder)
    yield workspace
    workspace.store.close()


def test_what_was_open_is_unknown_and_its_edition_is_paused(workspace, clock):
    stage = workspace.stage
    stage.address()
    copies = []
    stage.during_call(2, lambda: copies.append(workspace.back_up()))
    stage.deliver()
    clock.advance(timedelta(hours=1))

    taken = workspace.restore(copies[0])

    assert len(stage.provider.taken) == 4
    assert stage.counts == {DeliveryState.ACCEPTED: 1, DeliveryState.UNKNOWN: 3}
    assert stage.edition.state is EditionState.PAUSED
    assert "put back from a copy of 2026-" in stage.edition.reason
    assert stage.deliveries(DeliveryState.UNKNOWN)[0].reason == On.RESTORED.value
    assert stage.is_all_put_away
    assert (taken.doubts.deliveries, len(taken.doubts.paused)) == (3, 1)


def test_nothing_of_it_goes_out_again_before_a_person_has_decided(workspace):
    stage = workspace.stage
    stage.address()
    copies = []
    stage.during_call(2, lambda: copies.append(workspace.back_up()))
    stage.deliver()
    workspace.restore(copies[0])

    stage.deliver()
    stage.go_on()
    stage.deliver()

    assert len(stage.provider.taken) == 4


def test_a_person_can_have_them_sent_again_and_the_edition_comes_to_its_end(workspace, clock):
    stage = workspace.stage
    stage.address()
    copies = []
    stage.during_call(1, lambda: copies.append(workspace.back_up()))
    stage.deliver()
    workspace.restore(copies[0])

    resolve_unknown(On.RESENT, by="ada", store=workspace.store, clock=clock)
    stage.go_on()
    report = stage.deliver()

    assert report.edition.state is EditionState.FINISHED
    assert report.counts == {DeliveryState.ACCEPTED: 4}


def test_who_has_left_since_gets_nothing(workspace):
    stage = workspace.stage
    stage.address()
    copy = workspace.back_up()
    workspace.leave(ADA)

    taken = workspace.restore(copy)

    with workspace.store.read() as tx:
        active = sorted(one.email for one in tx.subscribers.active("readers"))
    assert active == sorted({*PEOPLE} - {ADA})
    assert [one.subscriptions for one in taken.endings] == [1]


def test_who_has_left_on_another_machine_gets_nothing_either(workspace, clock, tmp_path):
    workspace.stage.address()
    copy = workspace.back_up()
    other = EndingsFile(tmp_path / "other-machine")
    end_all_subscriptions(
        ADA, source="link", store=workspace.store, clock=clock,
        endings=Endings(other, MARKERS, clock),
    )  # fmt: skip

    workspace.restore(copy, endings=[other])

    with workspace.store.read() as tx:
        assert ADA not in [one.email for one in tx.subscribers.active("readers")]


def test_an_approved_edition_that_may_have_gone_out_is_looked_at_again(workspace, clock):
    keep(workspace.store, entry("one"), now=clock())
    edition = compose(workspace.store, clock).edition
    workspace.stage.edition_id = edition.id
    copy = workspace.back_up()

    taken = workspace.restore(copy)

    again = workspace.stage.edition
    assert edition.state is EditionState.APPROVED
    assert (again.state, again.review.deadline) == (EditionState.IN_REVIEW, None)
    assert again.approved_fingerprint == ""
    assert "look whether this has gone out already" in again.note
    assert [one.id for one in taken.doubts.reviews] == [edition.id]


def test_one_in_review_loses_its_deadline(workspace, clock):
    campaign = replace(
        REVIEWED, approval=replace(REVIEWED.approval, deadline=timedelta(hours=4))
    )  # fmt: skip
    keep(workspace.store, entry("one"), now=clock())
    edition = compose(workspace.store, clock, campaign).edition
    workspace.stage.edition_id = edition.id
    copy = workspace.back_up()

    workspace.restore(copy)

    assert edition.review.deadline is not None
    assert workspace.stage.edition.review.deadline is None


def test_posts_that_no_edition_had_are_held(workspace, clock):
    keep(workspace.store, entry("one"), entry("two"), now=clock())
    copy = workspace.back_up()

    taken = workspace.restore(copy)

    composed = compose(workspace.store, clock)
    assert taken.doubts.posts == 2
    assert composed.edition is None
    assert "2 held - see 'dispatch posts held'" in composed.draft.skipped
    assert workspace.posts["Title one"].hold.reason.startswith("may have gone out before")


def test_a_person_who_releases_them_has_them_in_the_next_edition(workspace, clock):
    keep(workspace.store, entry("one"), now=clock())
    workspace.restore(workspace.back_up())
    post = workspace.posts["Title one"]

    decide_posts([post.id], Decision.RELEASED, by="ada", store=workspace.store, clock=clock)

    assert compose(workspace.store, clock).edition is not None


def test_posts_that_an_edition_had_and_those_that_were_dropped_stay_as_they_are(workspace, clock):
    keep(workspace.store, entry("one"), now=clock())
    compose(workspace.store, clock)
    keep(workspace.store, entry("two"), now=clock())
    workspace.restore(workspace.back_up())
    two = workspace.posts["Title two"]
    decide_posts([two.id], Decision.DROPPED, by="ada", store=workspace.store, clock=clock)

    taken = workspace.restore(workspace.back_up("second"))

    assert taken.doubts.posts == 0
    assert workspace.posts["Title one"].hold is None
    assert workspace.posts["Title two"].hold.decision is Decision.DROPPED


@pytest.mark.parametrize(
    ("published", "held"), [(None, True), (timedelta(days=-3), True), (timedelta(hours=1), False)]
)
def test_what_a_feed_brings_at_its_next_poll_is_held_unless_it_is_newer(
    workspace, clock, published, held
):
    keep(workspace.store, entry("one"), now=clock())
    workspace.restore(workspace.back_up())
    until = clock()
    clock.advance(timedelta(hours=2))
    date = until + published if published else None

    with workspace.store.begin() as tx:
        doubtful = tx.identity.get().doubtful_since
        kept = keep_entries(
            "blog", [entry("new", published=date)], backfill=None, tx=tx, now=clock(),
            doubtful_until=doubtful,
        )  # fmt: skip

    assert doubtful == until
    assert (kept.held, kept.new) == ((1, 0) if held else (0, 1))


def test_the_archive_of_a_feed_that_is_met_again_is_held_as_far_as_it_is_wanted(workspace, clock):
    with workspace.store.begin() as tx:
        kept = keep_entries(
            "blog", [entry("one"), entry("two")], backfill=Backfill(newest=1), tx=tx, now=clock(),
            doubtful_until=clock(),
        )  # fmt: skip

    assert (kept.held, kept.backlog, kept.new) == (1, 1, 0)


def test_slots_that_have_passed_meanwhile_are_not_run(workspace, clock):
    with workspace.store.begin() as tx:
        tx.runs.note_schedule("weekly", "every tuesday", now=clock())
    copy = workspace.back_up()
    clock.advance(timedelta(days=8))

    workspace.restore(copy)

    with workspace.store.read() as tx:
        assert tx.runs.answered_until(["weekly"], now=clock()) == {"weekly": clock()}


def test_a_copy_after_which_nothing_went_out_is_put_back_as_it_is_where_we_are_alone(
    workspace, clock, database_url
):
    stage = workspace.stage
    stage.address()
    stage.deliver()
    keep(workspace.store, entry("two"), now=clock())
    copy = workspace.back_up()

    taken = workspace.restore(copy)

    alone = database_url.startswith("sqlite")
    assert taken.doubts.posts == (0 if alone else 1)


def test_it_is_another_database_from_then_on_and_this_workspace_knows_it(workspace, clock):
    workspace.stage.address()
    workspace.stage.deliver()
    copy = workspace.back_up()
    with workspace.store.read() as tx:
        before = tx.identity.get()

    workspace.restore(copy)

    with workspace.store.read() as tx:
        after = tx.identity.get()
    assert after.id != before.id
    assert workspace.known.read().id == after.id


def test_a_process_that_works_over_the_old_one_hands_over_nothing_more(
    workspace, monkeypatch, tmp_path
):
    monkeypatch.setattr("dispatch.store.delivery.batches.BATCH_SIZE", 2)
    stage = workspace.stage
    stage.address()
    copy = workspace.back_up()
    stage.during_call(1, lambda: workspace.restore(copy))

    with suppress(UnknownDatabase, StoreUnavailable):
        stage.deliver()
    stage.deliver()

    assert len(stage.provider.taken) <= 2


def test_copies_are_made_of_a_database_that_holds_all_there_is(workspace, clock):
    stage = workspace.stage
    stage.address()
    stage.deliver()
    before = contents(workspace.store)

    copy = workspace.back_up()
    workspace.restore(copy)

    assert contents(workspace.store) == before
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert [path.name for path in copy.parent.iterdir() if "copy" in path.name] == ["copy"]


def test_new_rows_get_new_numbers_after(workspace, clock):
    keep(workspace.store, entry("one"), now=clock())
    workspace.restore(workspace.back_up())

    keep(workspace.store, entry("two"), now=clock())

    assert len({post.id for post in workspace.posts.values()}) == 2


def test_a_copy_never_replaces_a_file(workspace):
    copy = workspace.back_up()

    with pytest.raises(BadInput, match="is there already - give the copy another name"):
        workspace.back_up()

    assert copy.exists()


def test_a_database_that_holds_something_is_not_replaced_unasked(workspace):
    workspace.stage.address()
    copy = workspace.back_up()

    with pytest.raises(BadInput, match=r"holds 1 editions and 4 subscribers - .* add --replace"):
        workspace.restore(copy, replace=False)

    assert workspace.stage.edition.state is EditionState.SENDING


@pytest.mark.parametrize("spoil", [b"", b"email,name\n", b"PK\x03\x04 no", b"SQLite format 3\0no"])
def test_what_is_no_copy_is_refused_and_nothing_is_changed(workspace, spoil):
    workspace.stage.address()
    file = workspace.folder / "spoilt"
    file.write_bytes(spoil)

    with pytest.raises(BadInput, match=r"is no copy|is damaged|is a copy of a database on"):
        workspace.restore(file)

    assert workspace.stage.edition.state is EditionState.SENDING


def test_a_copy_that_was_cut_off_is_refused_and_nothing_is_changed(workspace):
    workspace.stage.address()
    copy = workspace.back_up()
    cut = workspace.folder / "cut"
    data = copy.read_bytes()
    cut.write_bytes(data[: len(data) // 2])

    with pytest.raises(BadInput, match="is damaged"):
        workspace.restore(cut)

    assert workspace.stage.edition.state is EditionState.SENDING
    assert sorted(path.name for path in workspace.folder.iterdir()) == ["copy", "cut"]


def test_a_copy_of_a_newer_dispatch_is_refused(workspace, database_url):
    copy = workspace.back_up()
    make_newer(copy)

    with pytest.raises(UnfitDatabase, match="newer dispatch"):
        workspace.restore(copy)


def test_a_file_of_endings_that_is_none_is_said_before_anything_is_done(workspace, tmp_path):
    workspace.stage.address()
    copy = workspace.back_up()
    (tmp_path / "people.csv").write_text("email\nada@example.org\n")

    with pytest.raises(BadInput, match="is no file of endings"):
        workspace.restore(copy, endings=[EndingsFile(tmp_path / "people.csv")])

    assert workspace.stage.edition.state is EditionState.SENDING


class TestAdopting:
    def test_a_new_database_may_be_sent_from_after_a_persons_word(self, workspace, clock):
        workspace.known.adopt(_other(age=7))
        workspace.stage.address()

        workspace.adopt()
        report = workspace.stage.deliver()

        assert report.edition.state is EditionState.PAUSED

    def test_an_older_copy_waits_for_decisions_like_one_that_was_restored(
        self, workspace, clock, database_url
    ):
        stage = workspace.stage
        stage.address()
        with workspace.store.read() as tx:
            here = tx.identity.get()
        workspace.known.adopt(replace(here, age=here.age + 3))

        taken = workspace.adopt()

        assert stage.counts == {DeliveryState.UNKNOWN: 4}
        assert stage.edition.state is EditionState.PAUSED
        assert taken.doubts.deliveries == 4

    def test_another_one_waits_too_as_one_in_between_may_have_sent(self, workspace, clock):
        workspace.known.adopt(_other(age=7))
        with workspace.store.begin() as tx:
            tx.identity.grow()
        workspace.stage.address()

        workspace.adopt()
        report = workspace.stage.deliver()

        assert report.counts == {DeliveryState.UNKNOWN: 4}

    def test_the_one_that_is_known_goes_on_as_it_is(self, workspace, clock):
        workspace.stage.address()
        workspace.stage.guard.check(workspace.store)

        taken = workspace.adopt()
        report = workspace.stage.deliver()

        assert taken.doubts == Doubts()
        assert report.counts == {DeliveryState.ACCEPTED: 4}

    @pytest.mark.parametrize("content", ["nonsense", "", "   \n"])
    def test_where_it_cannot_be_told_what_was_known_all_of_it_waits(self, workspace, content):
        workspace.stage.address()
        (workspace.folder / ".dispatch-database").write_text(content)

        workspace.adopt()
        report = workspace.stage.deliver()

        assert report.counts == {DeliveryState.UNKNOWN: 4}

    def test_who_had_left_is_taken_in_first(self, workspace, clock, tmp_path):
        lost = Workspace(f"sqlite:///{tmp_path}/lost.db", clock, workspace.folder)
        lost.stage.address()
        lost.leave(ADA)
        lost.store.close()
        workspace.known.adopt(_other(age=7))
        workspace.stage.address()

        workspace.adopt()

        with workspace.store.read() as tx:
            assert ADA not in [one.email for one in tx.subscribers.active("readers")]

    def test_what_cannot_be_read_is_replaced(self, workspace):
        (workspace.folder / ".dispatch-database").write_text("nonsense")

        workspace.adopt()

        assert workspace.known.read() is not None


def test_a_damaged_database_is_replaced_and_stays_beside(tmp_path, clock):
    workspace = Workspace(f"sqlite:///{tmp_path}/dispatch.db", clock, tmp_path)
    workspace.stage.address()
    copy = workspace.back_up()
    workspace.store.close()
    (tmp_path / "dispatch.db").write_bytes(b"nonsense " * 1000)

    workspace.restore(copy)

    again = Store(workspace.url)
    with again.read() as tx:
        assert len(tx.editions.latest()) == 1
    again.close()
    assert (tmp_path / "dispatch.db.damaged").read_bytes().startswith(b"nonsense")


def test_a_copy_of_one_kind_is_not_put_into_a_database_of_the_other(
    sqlite_url, postgres_url, clock, tmp_path
):
    copy = tmp_path / "copy"
    back_up(sqlite_url, copy, now=clock())
    workspace = Workspace(postgres_url, clock, tmp_path)

    with pytest.raises(BadInput, match="is a copy of a database on SQLite, and the database is on"):
        workspace.restore(copy)
    workspace.store.close()


def _other(*, age):
    from dispatch.model.workspace.database_identity import Identity

    return Identity("another", age)


def contents(store):
    """Every row of every table, without the identity and what tells of a restoring."""
    import sqlalchemy as sa

    from dispatch.store.database.schema import identity, metadata

    with store._engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(sa.select(table)).all()))
            for table in metadata.sorted_tables
            if table is not identity
        }


def make_newer(copy):
    import json
    import sqlite3
    import zipfile

    if copy.read_bytes().startswith(b"SQLite"):
        with sqlite3.connect(copy) as connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
        return
    older = copy.with_name("older")
    shutil.move(copy, older)
    with zipfile.ZipFile(older) as source, zipfile.ZipFile(copy, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "manifest.json":
                data = json.dumps({**json.loads(data), "revision": "9999"}).encode()
            target.writestr(name, data)
