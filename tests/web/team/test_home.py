import re
from datetime import timedelta

import pytest

from dispatch.model.team.role import Role
from dispatch.pipeline.team.count_readers import count_readers
from dispatch.store.delivery.channels import Stop
from team_stage import join, signed_in


@pytest.fixture(scope="module")
def house(tmp_path_factory, furnished):
    with furnished.again(tmp_path_factory.mktemp("home") / "letters") as (app, clock, _):
        join(app, "jean", Role.OWNER, name="Jean Kervella")
        join(app, "josette", Role.OWNER, name="Josette Aubert", locale="fr")
        join(app, "victor", Role.VIEWER)
        with app.store.begin() as tx:
            tx.ticks.note("one", "1.0", now=clock())
        count_readers(None, store=app.store, clock=clock, zone=app.zone)
        yield app


def text_of(app, handle: str, path: str = "/team") -> str:
    """What a page says, without its tags."""
    with signed_in(app, handle) as browser:
        answer = browser.get(path)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_home_says_what_waits_what_comes_next_and_how_all_is(house):
    text = text_of(house, "jean")

    assert "Good morning, Jean Tuesday 8 December, 09:00 in Paris." in text
    assert "3 things" in text
    assert "Le Bulletin, Tue 24 Nov is in review 5 readers." in text
    assert "The Atelier Letter, Tue 8 Dec is paused" in text
    assert "The next edition leaves Fri 11 Dec, 17:30." in text
    assert "Tue 24 Nov 16 100 % Finished" in text
    assert "1 machine Runs" in text
    assert "Nothing runs" not in text


def test_home_says_it_in_french(house):
    text = text_of(house, "josette")

    assert "Bonjour, Josette Mardi 8 décembre, 9 h 00, heure de Paris." in text
    assert "Le Bulletin, mar. 24 nov. est à relire" in text


def test_who_may_only_look_is_offered_no_decision(house):
    text = text_of(house, "victor")

    assert "is in review" in text
    assert "Review Le Bulletin" not in text


def test_each_thing_that_waits_is_named_with_what_happens_if_nobody_acts(house):
    with house.store.begin() as tx:
        tx.channels.put_stop(Stop("outbox", None, "login refused", 1))
        [memory] = tx.feeds.memories([house.workspace.feeds["atelier"]])
        broken = type(memory)(
            memory.name, memory.url, polled_at=memory.polled_at, failures=3, problem="gives a 500"
        )
        tx.feeds.remember(broken)
        post = tx.posts.latest(limit=1)[0]
        tx.posts.hold([post.id], reason="looks like another", now=house.clock())

    text = text_of(house, "jean")

    assert (
        "Channel outbox is stopped login refused . 19 messages wait. Nothing goes out over it"
        in text
    )
    assert "Feed atelier cannot be read gives a 500 . Editions go out without" in text
    assert "1 post is held It looks like a post from before." in text
    assert "5 things" in text


def test_as_long_as_no_campaign_has_run_home_leads_to_the_first_letter(app):
    join(app, "ada", Role.OWNER)

    text = text_of(app, "ada")

    assert "Your first letter" in text
    assert "Nothing runs:" in text
    assert "2 Add a feed" in text
    assert "5 Plan the first campaign" in text  # that of the samples is none


def test_a_service_that_has_stopped_is_said_on_all_pages(app, clock):
    join(app, "ada", Role.OWNER)
    with app.store.begin() as tx:
        tx.ticks.note("one", "1.0", now=clock())
    fine = text_of(app, "ada", "/team/calendar")
    clock.advance(timedelta(minutes=4))

    stopped = text_of(app, "ada", "/team/calendar")

    assert "Nothing runs" not in fine
    assert "Nothing runs: no “dispatch up” for 4 min" in stopped
