"""Looking changes nothing: links are followed by scanners, and tabs are restored."""

import hashlib
import sqlite3

import pytest

from dispatch.model.team.role import Role
from team_addresses import SHOWN, filled, values
from team_stage import join, signed_in


@pytest.fixture(scope="module")
def house(tmp_path_factory, furnished):
    with furnished.again(tmp_path_factory.mktemp("looking") / "letters") as (app, clock, ids):
        join(app, "jean", Role.OWNER)
        with app.store.begin() as tx:
            tx.ticks.note("one", "1.0", now=clock())
        yield app, ids


def kept(app) -> dict[str, str]:
    """All that a workspace holds: its database line by line, and its files."""
    with sqlite3.connect(app.folder / "dispatch.db") as database:
        found = {f"row {number}": line for number, line in enumerate(database.iterdump())}
    files = (path for path in sorted(app.folder.rglob("*")) if path.is_file())
    ours = (path for path in files if not path.name.startswith("dispatch.db"))
    return found | {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in ours}


def test_each_page_can_be_looked_at_twice_and_nothing_is_changed(house):
    app, ids = house
    known = values(app, ids)
    addresses = [filled(path, known) for path in SHOWN]
    before = kept(app)

    with signed_in(app, "jean") as jean:
        answers = {at: [jean.get(at).status_code for _ in range(2)] for at in addresses}

    assert kept(app) == before
    odd = {at: codes for at, codes in answers.items() if not {*codes} <= {200, 303, 404, 409, 410}}
    assert odd == {}
    assert all(one == two for one, two in answers.values())
