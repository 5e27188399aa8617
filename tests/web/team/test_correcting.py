"""What stands on networks, as the team sees and corrects it."""

import re
from html import unescape

import pytest

from app_stage import change, opened, workspace_in
from dispatch.errors import ProviderUnavailable
from dispatch.model.delivery.message import Accepted, Refused
from dispatch.model.delivery.published import PublishedState
from dispatch.model.team.role import Role
from dispatch.pipeline.delivery.publishing import TOLD_ALREADY
from dispatch.providers.mastodon import Mastodon
from dispatch.store.database.schema import deliveries
from dispatch.testing.clock import FakeClock
from published_stage import TOOTS, stand_on_network
from team_house import begun
from team_stage import join, signed_in

STATES = tuple(PublishedState)


@pytest.fixture(scope="module")
def house(tmp_path_factory, migrated_sqlite):
    folder = workspace_in(tmp_path_factory.mktemp("networks") / "letters", migrated_sqlite)
    change(folder, "each: post}", "each: post, via: toots}")
    change(folder, "\ncampaigns:\n", f"\n{TOOTS}")
    with opened(folder, FakeClock(), environ={"TOKEN": "secret"}) as app:
        join(app, "eve", Role.EDITOR, name="Eve Moreau")
        join(app, "vera", Role.VIEWER)
        join(app, "jean", Role.OWNER, locale="fr")
        list(app.people.import_files())
        list(app.intake.poll(list(app.workspace.feeds)))
        edition = begun(app, "weekly")
        yield app, edition, dict(zip(STATES, stand_on_network(app, edition, *STATES), strict=True))


@pytest.fixture
def network(monkeypatch):
    """What the network answers to edits and deletions, and what it was told."""
    answers, told = {}, []

    def edit(_self, _published, message):
        told.append(message.text)
        answer = answers.get("edit", Accepted("1"))
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(Mastodon, "edit", edit, raising=False)
    monkeypatch.setattr(Mastodon, "delete", lambda *_: told.append("deleted"), raising=False)
    return answers, told


def words_of(answer) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def row(app, key):
    with app.store.read() as tx:
        return tx.published.of_delivery(key)


def test_each_post_is_shown_with_its_link_and_state(house, network):
    app, edition, _ = house
    with signed_in(app, "vera") as vera, signed_in(app, "jean") as jean:
        page = vera.get(f"/team/editions/{edition}")
        french = words_of(jean.get(f"/team/editions/{edition}"))

    said = words_of(page)
    assert 'href="https://social.example/@atelier/2"' in page.text
    assert all(word in said for word in ("Published", "Edited", "Deleted", "Failed", "Unknown"))
    assert "/correct" not in page.text
    assert "Sur les réseaux" in french
    assert "Publié" in french


def test_a_post_is_corrected_and_the_page_says_who_did(house, network):
    app, edition, keys = house
    key = keys[PublishedState.PUBLISHED]
    with signed_in(app, "eve") as eve:
        text = {"post": str(key), f"text-{key}": "In other words", "how": "edit"}
        done = eve.post(f"/team/editions/{edition}/correct", data=text)
        again = eve.post(f"/team/editions/{edition}/correct", data=text)
        page = words_of(eve.get(done.headers["location"].partition("#")[0]))

    assert done.headers["location"] == f"/team/editions/{edition}?said=post_edited#networks"
    assert "said=post_same" in again.headers["location"]
    assert row(app, key).state is PublishedState.EDITED
    assert network[1] == ["In other words"]
    assert "It is edited there." in page
    assert "Eve Moreau corrected one snippet" in page


@pytest.mark.parametrize(
    ("answer", "text", "said"),
    [
        (Refused("too old"), "Older", "The network did not edit it: too old"),
        (ProviderUnavailable("toots: away"), "Away", "It stays as it was: toots: away"),
        (Accepted("1"), "é" * 543, "43 characters too many for this network."),
        (Accepted("1"), " ", "snippet toots: is empty"),
    ],
)
def test_what_goes_wrong_stands_at_the_post_with_what_was_typed(house, network, answer, text, said):
    app, edition, keys = house
    key = keys[PublishedState.EDITED]
    network[0]["edit"] = answer
    with signed_in(app, "eve") as eve:
        data = {"post": str(key), f"text-{key}": text, "how": "edit"}
        page = eve.post(f"/team/editions/{edition}/correct", data=data)

    assert page.status_code == 422
    assert said in words_of(page)
    assert text.strip() in page.text
    assert "<details" in page.text
    assert re.search(r"<details class=\"more\" open>", page.text)


@pytest.mark.parametrize(
    "data",
    [{}, {"post": "x", "how": "edit"}, {"post": "1", "how": "shout"}],
)
def test_what_no_page_of_ours_asks_is_refused(house, network, data):
    app, edition, _ = house
    with signed_in(app, "eve") as eve, signed_in(app, "vera") as vera:
        assert eve.post(f"/team/editions/{edition}/correct", data=data).status_code == 422
        assert vera.post(f"/team/editions/{edition}/correct", data=data).status_code == 403


def test_a_post_of_another_edition_is_none_of_this_one(house, network):
    app, edition, _ = house
    with signed_in(app, "eve") as eve:
        data = {"post": "1", "how": "edit"}
        assert eve.post(f"/team/editions/{edition}/correct", data=data).status_code == 404


def test_what_the_account_was_told_already_goes_out_where_an_editor_says_so(house, network):
    app, edition, keys = house
    key = keys[PublishedState.FAILED]
    said = {"state": "refused", "reason": f"{TOLD_ALREADY} by edition 4f2a on 2026-11-02"}
    with app.store.begin() as tx:
        tx.deliveries._connection.execute(
            deliveries.update().where(deliveries.c.id == key).values(said)
        )
        tx.batches.forget_counts([key])
    path = f"/team/editions/{edition}"
    with signed_in(app, "vera") as vera, signed_in(app, "eve") as eve:
        seen, offered = vera.get(path), eve.get(path)
        denied = vera.post(f"{path}/tell-again", data={"d": key})
        none = eve.post(f"{path}/tell-again")
        done = eve.post(f"{path}/tell-again", data={"d": key})
        again = eve.post(f"{path}/tell-again", data={"d": key})

    assert "was told this already by another edition" in words_of(seen)
    assert ("/tell-again" in seen.text, "/tell-again" in offered.text) == (False, True)
    assert (denied.status_code, none.status_code) == (403, 422)
    assert done.headers["location"] == f"{path}?said=deliveries_wait_again&n=1"
    assert again.headers["location"] == f"{path}?said=nothing_to_retry"
    assert row(app, key).state is PublishedState.RESERVED
