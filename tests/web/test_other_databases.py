"""Links of mails that another database knows: nobody else's subscription is ended by them."""

import base64
import hashlib

import pytest
import sqlalchemy as sa

from app_stage import KEY
from dispatch.config.process.endings_file import EndingsFile
from dispatch.store.database.schema import identity

READER = "reader@readers.example"


def old_token(number: int, audience: str = "readers", purpose: bytes = b"unsubscribe") -> str:
    """A token as it was made before there were public ids."""
    middle = base64.urlsafe_b64encode(audience.encode()).decode().rstrip("=")
    signed = f"{number}.{middle}"
    key = hashlib.sha256(KEY.encode()).digest()
    signature = hashlib.blake2b(signed.encode(), key=key, digest_size=18, person=purpose).digest()
    return f"{signed}.{base64.urlsafe_b64encode(signature).decode()}"


@pytest.fixture
def with_old_links(app):
    """A database that is older than public ids: links that were made from it hold."""

    def upto(number: int) -> None:
        with app.store._engine.begin() as connection:
            connection.execute(identity.update().values(old_links=number))

    return upto


@pytest.fixture
def number(app):
    with app.store.read() as tx:
        return tx.subscribers.find(READER).id


def active(app) -> int:
    with app.store.read() as tx:
        return tx.subscribers.audiences()["readers"]


def test_an_old_link_works_while_its_database_lives(browser, app, with_old_links, number):
    with_old_links(number)

    asked = browser.get(f"/unsubscribe/{old_token(number)}")
    done = browser.post(f"/unsubscribe/{old_token(number)}")

    assert READER in asked.text
    assert (asked.status_code, done.status_code) == (200, 200)
    assert active(app) == 7


def test_in_a_database_that_was_made_since_an_old_link_is_nobodys(browser, app, number):
    asked = browser.get(f"/unsubscribe/{old_token(number)}")
    done = browser.post(f"/unsubscribe/{old_token(number)}")

    assert READER not in asked.text + done.text
    assert done.status_code == 404
    assert "answer the letter and ask to be taken off" in done.text
    assert active(app) == 8


@pytest.mark.parametrize("number", [0, 10**9, 2**63, 2**64])
def test_an_old_link_to_a_number_that_nobody_has_is_nobodys(browser, app, with_old_links, number):
    with_old_links(2**62)

    done = browser.post(f"/unsubscribe/{old_token(number)}")

    assert done.status_code == 404
    assert active(app) == 8


def test_an_old_choice_of_another_database_changes_nothing(browser, app, number):
    answer = browser.post(
        f"/cadence/{old_token(number, purpose=b'cadence')}", data={"cadence": "weekly"}
    )

    assert READER not in answer.text
    with app.store.read() as tx:
        assert tx.subscribers.find(READER).cadence != "weekly" or answer.status_code != 200


def test_a_link_that_another_database_knows_is_written_down_and_ends_nobody_here(browser, app):
    path = f"/unsubscribe/{app.tools.links.unsubscribe_token('a' * 32, 'readers')}"

    asked, done = browser.get(path), browser.post(path)
    again = browser.post(path)

    assert [one.status_code for one in (asked, done, again)] == [200, 200, 200]
    assert "Your wish is noted." in done.text
    assert active(app) == 8
    said = EndingsFile(app.settings.state_folder / ".dispatch-endings").read()
    assert [one.mark for one in said.endings] == app.tools.markers.left_by_link("a" * 32, "readers")


def test_who_leaves_here_is_written_down_without_their_address(browser, app):
    with app.store.read() as tx:
        reader = tx.subscribers.find(READER)

    browser.post(f"/unsubscribe/{app.tools.links.unsubscribe_token(reader.public_id, 'readers')}")

    text = (app.settings.state_folder / ".dispatch-endings").read_text()
    assert app.tools.markers.newest.left(READER, "readers") in text
    assert "reader" not in text


def test_every_reader_has_a_public_id_of_their_own(app):
    with app.store._engine.connect() as connection:
        ids = connection.execute(sa.text("SELECT public_id FROM subscribers")).scalars().all()

    assert len(set(ids)) == len(ids) == 8
    assert {len(one) for one in ids} == {32}
