"""Versions of files: the newest ones, each known again by its fingerprint."""

from datetime import UTC, datetime, timedelta

import pytest

from dispatch.errors import NotFound
from dispatch.store.team.file_versions import MOST

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_the_newest_versions_of_each_file_are_kept(store):
    with store.begin() as tx:
        for number in range(MOST + 3):
            at = NOON + timedelta(minutes=number)
            tx.file_versions.add("a.yaml", f"\ufeff{number}\r\n", f"f{number}", by="ada", now=at)
        tx.file_versions.add("a.yaml", "again", f"f{MOST + 2}", by="jean", now=NOON)
        tx.file_versions.add("b.yaml", "b", "f0", by="", now=NOON)

    with store.read() as tx:
        found = tx.file_versions.all("a.yaml")
        assert [one.fingerprint for one in found] == [f"f{n}" for n in range(MOST + 2, 2, -1)]
        assert {one.content for one in found} == {""}
        assert tx.file_versions.get("a.yaml", found[-1].id).content == "\ufeff3\r\n"
        assert tx.file_versions.known("a.yaml", "f0") is None
        assert tx.file_versions.known("b.yaml", "f0").content == "b"
        with pytest.raises(NotFound):
            tx.file_versions.get("b.yaml", found[0].id)
