"""The service tells reviewers beside its ticks."""

from datetime import timedelta

from app_stage import change
from dispatch.scheduling.mails import send_review_mails
from dispatch.scheduling.tick import tick

TELL = "    approval: {needed: true, deadline: 4h, tell: [marie@example.org, jean@example.org]}"


def told(said) -> list[tuple[str, str]]:
    """Whom the log names as told, and of what."""
    return [
        (one["address"], one["about"]) for one in said if one["event"] == "review_mail.accepted"
    ]


def test_reviewers_hear_of_an_edition_its_deadline_and_what_that_decided(app, clock, folder, said):
    change(folder, "    social: [{template: weekly, each: post}]", TELL)
    tick(app)
    for pause in (timedelta(minutes=1), timedelta(hours=3), timedelta(hours=1)):
        clock.advance(pause)
        tick(app)
        send_review_mails(app)
        send_review_mails(app)

    both = ("marie@example.org", "jean@example.org")
    things = ("waits for approval", "deadline is near", "deadline has passed")
    assert told(said) == [(address, about) for about in things for address in both]
    assert len(list(folder.glob("outbox/mail/new/*.eml"))) == 6


def test_trouble_is_logged_and_the_tick_goes_on(app, clock, folder, said):
    down = TELL.replace("tell:", "tell_via: desk, tell:")
    change(folder, "    social: [{template: weekly, each: post}]", down)
    options = "{host: 127.0.0.1, port: 1, security: none}"
    with (folder / "schedules.yaml").open("a", encoding="utf-8") as file:
        file.write(f"\nchannels:\n  desk: {{provider: smtp, options: {options}}}\n")
    tick(app)
    clock.advance(timedelta(minutes=1))
    tick(app)

    send_review_mails(app)

    [first, second] = [one["problem"] for one in said if one["event"] == "review_mail.failed"]
    assert first.startswith("marie@example.org: not told: smtp: 127.0.0.1:1: no connection")
    assert second.startswith("jean@example.org: not told: smtp: 127.0.0.1:1: no connection")
    with app.store.read() as tx:
        assert tx.channels.stop("desk") is None


def test_nobody_is_told_when_the_service_stops(app, clock, folder, said):
    change(folder, "    social: [{template: weekly, each: post}]", TELL)
    tick(app)
    clock.advance(timedelta(minutes=1))
    tick(app)
    app.stopping.set()

    send_review_mails(app)

    assert told(said) == []
