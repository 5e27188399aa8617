"""Texts of the workspace that pages write: whole, checked, and so that one can go back."""

import errno
import os
import threading
from dataclasses import replace

import pytest

from app_stage import change, opened, workspace_in
from dispatch.config.splice.change import Append, Put, Remove
from dispatch.errors import BadInput, Conflict, NotFound, NotWritable, StoreUnavailable
from dispatch.pipeline.workspace import write_file
from dispatch.store.team.file_versions import MOST

HOLD = ("campaigns", "weekly", "posts", "hold")


@pytest.fixture
def folder(tmp_path, migrated_sqlite):
    return workspace_in(tmp_path / "letters", migrated_sqlite)


@pytest.fixture
def app(folder, clock):
    with opened(folder, clock) as app:
        yield app


def text(folder):
    return (folder / "schedules.yaml").read_bytes().decode()


def audited(app):
    with app.store.read() as tx:
        return [(one.by, one.act, one.kind, one.subject) for one in tx.audit.page()]


def test_a_change_is_written_and_counts_at_once(app, folder):
    before = text(folder)

    written = app.texts.change_plan(
        [Put(HOLD, "30m")], by="ada", act="campaign.edit", kind="campaign", subject="weekly"
    )

    assert text(folder) == before.replace("at_most: 12}", "at_most: 12, hold: 30m}")
    assert written.changed
    assert written.after == app.texts.plan
    assert app.campaign("weekly").posts.hold.total_seconds() == 1800
    assert audited(app) == [("ada", "campaign.edit", "campaign", "weekly")]
    assert [one.by for one in app.texts.versions()] == ["ada", ""]


def test_what_changes_nothing_is_not_written(app, folder):
    written = app.texts.change_plan([Put(("locale",), "en")], by="ada")

    assert not written.changed
    assert not app.texts.versions()
    assert not audited(app)


def test_one_can_look_first_and_go_back_after(app, folder):
    first = app.texts.plan
    draft = app.texts.look([Put(HOLD, "30m")], seen=first.fingerprint)
    assert [line for line in draft.diff(0) if line[0] in "+-"] == [
        "-    posts: {at_least: 1, at_most: 12}",
        "+    posts: {at_least: 1, at_most: 12, hold: 30m}",
    ]
    assert app.texts.plan == first
    app.texts.change_plan([Put(HOLD, "30m")], by="ada")

    oldest = app.texts.version(app.texts.versions()[-1].id)
    app.texts.write("schedules.yaml", oldest.content, by="jean", act="plan.back", kind="plan")

    assert app.texts.plan == first
    assert not app.campaign("weekly").posts.hold
    assert [one.by for one in app.texts.versions()] == ["jean", "ada", ""]


def test_a_file_that_changed_meanwhile_stays(app, folder):
    seen = app.texts.plan.fingerprint
    change(folder, "locale: en", "locale: en  # Marie's")
    by_hand = text(folder)

    with pytest.raises(Conflict, match="has changed meanwhile"):
        app.texts.change_plan([Put(HOLD, "30m")], by="ada", seen=seen)

    assert text(folder) == by_hand
    app.texts.change_plan([Put(HOLD, "30m")], by="ada")  # whatever else it says
    assert "# Marie's" in text(folder)


@pytest.mark.parametrize(
    ("changes", "key", "problem"),
    [
        ([Put(HOLD, "half an hour")], ".".join(HOLD), "not a length of time"),
        ([Put(("timezon",), "UTC")], "timezon", "unknown key"),
        ([Put(("campaigns", "weekly", "email", "template"), "x")], None, "no folder templates/x"),
        ([Put(("campaigns", "weekly", "email", "segment"), "x ==")], None, "segment"),
        ([Put(("channels", "m"), {"provider": "nope"})], "channels.m.provider", "nope"),
        ([Put(("campaigns", "weekly", "title"), "a\x0bb")], None, "no text"),
        ([Put(("timezone", "x"), "UTC")], "timezone", "cannot change"),
        ([Remove(("feeds", "atelier"))], None, "atelier"),
    ],
)
def test_what_would_not_be_in_order_is_not_written(app, folder, changes, key, problem):
    before = text(folder)

    with pytest.raises(BadInput, match=problem) as caught:
        app.texts.change_plan(changes, by="ada")

    assert text(folder) == before
    assert not app.texts.versions()
    assert key in (None, caught.value.problems[0].key)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("locale: en", "locale: en\nlocale: fr", "written twice"),
        ("locale: en", "locale:\ten\n\tx: y", "tab"),
        ("email: {audience: readers, template: weekly}", "email: {<<: *x}", "begins with"),
        ("timezone: Europe/Paris", "timezone: &z {a: b}\nx: {<<: *z}", "<<"),
        ("late: 2h", "late: two hours", "not a length of time"),
    ],
)
def test_a_file_that_is_not_in_order_says_so_itself(app, folder, old, new, problem):
    change(folder, old, new)

    with pytest.raises(BadInput, match=problem):
        app.texts.change_plan([Put(HOLD, "30m")], by="ada")


def test_a_change_may_mend_what_is_not_in_order(app, folder):
    change(folder, "late: 2h", "late: two hours")

    app.texts.change_plan([Put(("campaigns", "bulletin", "schedule", "late"), "3h")], by="ada")

    assert "late: 3h" in text(folder)


def test_what_was_wrong_before_keeps_nobody_from_something_else(app, folder):
    change(folder, "locale == 'fr'", "locale ==")

    app.texts.change_plan([Put(HOLD, "30m")], by="ada")

    assert "hold: 30m" in text(folder)


def test_marks_links_and_permissions_stay(app, folder):
    file, elsewhere = folder / "schedules.yaml", folder.parent / "elsewhere.yaml"
    elsewhere.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n").rstrip())
    elsewhere.chmod(0o640)
    file.unlink()
    file.symlink_to(elsewhere)

    app.texts.change_plan(
        [
            Append(("campaigns", "weekly", "feeds"), "atelier2"),
            Put(("feeds", "atelier2"), {"url": "https://x.example/feed"}),
        ],
        by="ada",
    )

    assert file.is_symlink()
    assert elsewhere.stat().st_mode & 0o777 == 0o640
    after = elsewhere.read_bytes()
    assert after.startswith(b"\xef\xbb\xbf#")
    assert after.count(b"\n") == after.count(b"\r\n")
    assert not after.endswith(b"\n")


def test_a_file_that_may_only_be_read_is_not_written(app, folder):
    file, before = folder / "schedules.yaml", text(folder)
    file.chmod(0o444)

    assert "may only be read" in app.texts.why_not()
    with pytest.raises(NotWritable, match="may only be read"):
        app.texts.change_plan([Put(HOLD, "30m")], by="ada")

    assert text(folder) == before
    assert app.texts.look([Put(HOLD, "30m")]).changed  # to be copied


def test_nothing_is_written_where_the_settings_say_so(folder, clock):
    with opened(folder, clock) as app:
        app.tools = replace(
            app.tools, settings=app.settings.model_copy(update={"edit_files": False})
        )
        with pytest.raises(NotWritable, match="DISPATCH_EDIT_FILES"):
            app.texts.write("templates/weekly/subject.txt", "x", by="ada")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EBUSY, errno.EACCES])
def test_a_disk_that_takes_nothing_changes_nothing(app, folder, monkeypatch, number):
    before = text(folder)

    def full(*_args):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotWritable, match=r"^schedules.yaml: .* by hand$"):
        app.texts.change_plan([Put(HOLD, "30m")], by="ada")

    assert text(folder) == before
    assert not app.texts.versions()
    assert not list(folder.glob(".schedules*"))


def test_what_the_database_does_not_keep_is_taken_back(app, folder, monkeypatch):
    before, put = text(folder), write_file._put

    def then_away(path, written):
        put(path, written)
        if written != before:
            raise StoreUnavailable("the database does not answer")

    monkeypatch.setattr(write_file, "_put", then_away)
    with pytest.raises(StoreUnavailable):
        app.texts.change_plan([Put(HOLD, "30m")], by="ada")

    assert text(folder) == before


def test_of_two_who_write_at_once_nobody_loses_anything(app, folder, clock):
    with opened(folder, clock) as other:
        days = [f"2026-12-{day:02}" for day in range(1, 9)]

        def skip(who, day):
            who.texts.change_plan(
                [Append(("campaigns", "weekly", "schedule", "except"), day)], by="ada"
            )

        threads = [
            threading.Thread(target=skip, args=(who, day))
            for who, day in zip([app, other] * 4, days, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert all(day in text(folder) for day in days)


def test_other_texts_are_written_in_the_same_way(app, folder):
    name = "templates/spring/subject.txt"

    app.texts.write(name, "Spring\n", by="ada", seen="", subject="spring")

    assert (folder / name).read_text() == "Spring\n"
    with pytest.raises(Conflict):
        app.texts.write(name, "Summer\n", by="ada", seen="")
    with pytest.raises(BadInput, match="no text"):
        app.texts.write(name, "a\0b", by="ada")
    for outside in ("../x", "/etc/x", "templates/../../x", "a\\b", "", "a\0b", "."):
        with pytest.raises(NotFound):
            app.texts.write(outside, "x", by="ada")
    (folder / name).write_bytes(b"\xff\xfe")
    with pytest.raises(BadInput, match="UTF-8"):
        app.texts.read(name)


def test_only_the_newest_versions_are_kept(app):
    for number in range(MOST + 5):
        app.texts.write("templates/weekly/subject.txt", f"{number}\n", by="ada")

    versions = app.texts.versions("templates/weekly/subject.txt")

    assert len(versions) == MOST
    assert app.texts.version(versions[0].id, versions[0].file).content == f"{MOST + 4}\n"
    with pytest.raises(NotFound):
        app.texts.version(versions[0].id)
