"""What happens at each tick, with hands on the clock."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, timedelta
from threading import Barrier, Thread

import httpx

from app_stage import change, opened
from dispatch.app import App
from dispatch.model.campaigns.schedule import slot_at, slots
from dispatch.pipeline.people.pause import pause_until
from dispatch.pipeline.reviews.decide import approve_edition
from dispatch.scheduling.feeds import poll_due
from dispatch.scheduling.tick import read_files_again, tick
from pipeline_samples import why_nothing

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def editions(app, campaign: str | None = None) -> list[tuple[str, str]]:
    """Slot and state of each edition, newest first."""
    with app.store.read() as tx:
        return [(one.slot_key, one.state.value) for one in tx.editions.latest(campaign)]


def skipped(app, campaign: str) -> list[str]:
    """Why the campaign's runs came to nothing, newest first."""
    with app.store.read() as tx:
        return list(filter(None, map(why_nothing, tx.runs.latest(campaign))))


def copies(folder) -> Counter[str]:
    """How many mails each reader has in the outbox."""
    return Counter(path.name.split("_")[0] for path in folder.glob("outbox/mail/new/*.eml"))


def next_slot(app, campaign: str):
    return next(slots(app.campaign(campaign).schedule, after=app.clock()))


def test_a_slot_runs_once_when_its_time_has_come(app, clock, folder):
    tick(app)
    before = editions(app)
    clock.advance(MINUTE)
    for _ in range(3):
        tick(app)

    assert before == []
    assert editions(app) == [("2026-11-24T09:00[Europe/Paris]", "finished")]
    assert sum(copies(folder).values()) == 8
    assert len(list(folder.glob("outbox/social/*.json"))) == 8


def test_who_paused_gets_what_goes_out_on_the_day_that_they_chose(app, clock, folder):
    tick(app)
    list(app.people.import_files())
    with app.store.read() as tx:
        reader = tx.subscribers.find("reader@readers.example")
    day = (clock() + 7 * DAY).date()
    pause_until(reader.id, day, UTC, store=app.store, clock=clock)

    clock.advance(MINUTE)
    tick(app)
    assert copies(folder)["reader@readers.example"] == 0
    clock.advance(7 * DAY)
    tick(app)

    with app.store.read() as tx:
        assert tx.subscribers.standing(reader.id) == {"readers": "active"}


def test_next_weeks_slot_is_skipped_when_there_is_nothing_new(app, clock, said):
    tick(app)
    clock.advance(MINUTE)
    tick(app)
    clock.advance(7 * DAY)
    tick(app)

    assert len(editions(app)) == 1
    assert skipped(app, "weekly") == ["there is no new post"]
    assert {"slot.skipped", "edition.composed"} <= {line["event"] for line in said}


def test_two_services_on_one_database_make_one_edition(folder, clock):
    with opened(folder, clock) as one, opened(folder, clock) as two:
        clock.advance(MINUTE)
        start = Barrier(2)

        def service(app):
            start.wait()
            tick(app)
            tick(app)

        threads = [Thread(target=service, args=(app,)) for app in (one, two)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert editions(one) == [("2026-11-24T09:00[Europe/Paris]", "finished")]
    assert sum(copies(folder).values()) == 8


def test_a_feed_that_is_down_does_not_stop_the_others(folder, clock, said):
    change(folder, '"file:samples/atelier.rss.xml"', '"https://atelier.example/feed.xml"')

    with opened(folder, clock, lambda _: httpx.Response(500)) as app:
        tick(app)
        clock.advance(MINUTE)
        tick(app)

        assert [state for _, state in editions(app)] == ["finished"]
    problem, *_ = [line for line in said if line["event"] == "feed.failed"]
    assert problem["problem"].startswith("https://atelier.example/feed.xml: the server has a fault")


def test_a_page_that_goes_over_a_limit_is_told_and_its_post_is_kept(folder, clock, said):
    blog, post = "https://blog.example/feed.xml", "https://blog.example/1"
    feed = f'"{blog}", fulltext: true'
    change(folder, '"file:samples/atelier.rss.xml"', feed)
    pages = {
        blog: f'<rss version="2.0"><channel><item><link>{post}</link></item></channel></rss>',
        post: "<html>" + " " * 2_000_000,
    }

    def answer(request):
        text = pages.get(str(request.url), "")
        kind = {"Content-Type": "text/html"}
        # As from a network: a body that has not been read yet.
        return httpx.Response(200 if text else 404, headers=kind, content=iter([text.encode()]))

    with opened(folder, clock, answer) as app:
        poll_due(app)
        with app.store.read() as tx:
            [known] = tx.feeds.memories([app.workspace.feeds["atelier"]])
            kept = tx.posts.counts()["atelier"]

    [told] = [line for line in said if line["event"] == "feed.page_over_limit"]
    assert told["problem"].startswith(f"{post}: larger than 2 MB")
    assert known.problem == f"the page {told['problem']}"
    assert kept == 1


def test_a_feed_that_is_down_is_asked_again_after_a_while_only(folder, clock):
    asked = []
    change(folder, '"file:samples/atelier.rss.xml"', '"https://atelier.example/feed.xml"')

    def answer(request):
        asked.append(clock())
        return httpx.Response(500)

    with opened(folder, clock, answer) as app:
        for _ in range(60):
            poll_due(app)
            tick(app)
            clock.advance(2 * MINUTE)

    assert 2 <= len(asked) <= 3


def test_a_file_that_is_broken_while_running_is_told_once_and_the_old_plan_goes_on(
    app, clock, folder, said
):
    change(folder, "at_most: 12", "at_mst: 12")
    for _ in range(3):
        tick(app)
    clock.advance(MINUTE)
    tick(app)

    [problem] = [line for line in said if line["event"] == "step.failed"]
    assert "campaigns.weekly.posts.at_mst: unknown key" in problem["problem"]
    assert [state for _, state in editions(app)] == ["finished"]


def test_a_change_of_the_file_holds_from_the_next_tick_on(app, clock, folder):
    tick(app)
    change(folder, "    social: [{template: weekly, each: post}]", "    approval: {needed: true}")
    clock.advance(MINUTE)
    tick(app)

    assert [state for _, state in editions(app)] == ["in review"]
    assert copies(folder) == {}


def test_a_broken_template_stops_one_campaign_and_not_the_other(app, clock, folder, said):
    change(folder, 'every: friday, at: "17:30", late: 2h', 'every: tuesday, at: "09:00"')
    tick(app)
    subject = folder / "templates/weekly/subject.txt"
    right = subject.read_text(encoding="utf-8")
    subject.write_text("{{ nonsense }}", encoding="utf-8")
    clock.advance(MINUTE)
    tick(app)
    subject.write_text(right, encoding="utf-8")
    clock.advance(HOUR)
    broken = editions(app)
    tick(app)

    assert broken == [("2026-11-24T09:00[Europe/Paris]", "in review")]
    assert any("templates/weekly/subject.txt:1" in line.get("problem", "") for line in said)
    assert [state for _, state in editions(app, "weekly")] == ["finished"]


def test_a_service_that_starts_too_late_records_what_it_passed_over(folder, clock):
    with opened(folder, clock) as app:
        tick(app)
    clock.advance(7 * HOUR)

    with opened(folder, clock) as app:
        tick(app)
        tick(app)

        assert editions(app) == []
        assert skipped(app, "weekly") == ["could not run within 6 h of its time (late:)"]


def test_after_three_weeks_away_there_is_one_edition(folder, clock):
    with opened(folder, clock) as app:
        tick(app)
    clock.advance(21 * DAY + 5 * MINUTE)

    with opened(folder, clock) as app:
        tick(app)

        assert [slot for slot, _ in editions(app, "weekly")] == ["2026-12-15T09:00[Europe/Paris]"]
        assert len(skipped(app, "weekly")) == 3
    assert set(copies(folder).values()) == {1}


def test_an_edition_waits_for_approval_and_then_goes_out(app, clock, folder, said):
    tick(app)
    clock.advance(3 * DAY + 9 * HOUR)  # Friday, 17:59 in Paris
    tick(app)
    tick(app)
    [(_, waiting)] = editions(app, "bulletin")
    before = copies(folder)
    with app.store.read() as tx:
        [edition] = tx.editions.latest("bulletin")
    approve_edition(edition.id, by="marie", store=app.store, clock=clock)
    tick(app)

    assert waiting == "in review"
    assert copies(folder) - before == {"amina": 1, "camille": 1}
    assert [state for _, state in editions(app, "bulletin")] == ["finished"]


def test_an_edition_that_cannot_go_out_does_not_hold_up_the_others(app, clock, folder, said):
    change(
        folder,
        "template: bulletin, segment",
        "via: mail, template: bulletin, segment",
    )
    with (folder / "schedules.yaml").open("a", encoding="utf-8") as file:
        file.write("\nchannels:\n  mail: {provider: smtp, options: {host: mail.example}}\n")
    app.reload_if_changed()
    list(app.people.import_files())
    list(app.intake.poll(app.workspace.feeds))
    made = app.editions.compose(app.campaign("bulletin"), slot_at(clock(), "Europe/Paris"))
    approve_edition(made.edition.id, by="marie", store=app.store, clock=clock)
    change(folder, "via: mail, ", "")
    change(
        folder,
        "  mail: {provider: smtp, options: {host: mail.example}}\n",
        "  other: {provider: outbox}\n",
    )
    clock.advance(MINUTE)
    tick(app)

    assert [state for _, state in editions(app, "weekly")] == ["finished"]
    assert any(
        line.get("problem", "").startswith("channel mail: not in schedules.yaml") for line in said
    )


def test_a_run_that_is_stopped_while_it_polls_is_made_after_the_next_start(app, clock, folder):
    parse = app.tools.parse

    def stop(body, url, content_type=""):
        app.stopping.set()
        return parse(body, url=url, content_type=content_type)

    clock.advance(MINUTE)
    tick(App(replace(app.tools, parse=stop)))
    stopped = editions(app)
    app.stopping.clear()
    tick(app)

    assert stopped == []
    assert editions(app) == [("2026-11-24T09:00[Europe/Paris]", "finished")]


def test_nothing_more_is_begun_when_the_service_stops(app, clock, folder):
    clock.advance(MINUTE)
    app.stopping.set()
    tick(app)

    assert editions(app) == []


def test_an_edition_that_nobody_approves_in_time_is_skipped_or_sent(folder, clock, said):
    rule = "    approval: {needed: true, deadline: 4h, otherwise: %s}"
    change(folder, "    social: [{template: weekly, each: post}]", rule % "send")
    change(folder, "    approval: {needed: true}", rule % "skip")

    with opened(folder, clock) as app:
        tick(app)
        clock.advance(MINUTE)
        tick(app)
        waiting = [state for _, state in editions(app, "weekly")]
        clock.advance(4 * HOUR)
        tick(app)
        sent = [state for _, state in editions(app, "weekly")]
        clock.now = next_slot(app, "bulletin").moment
        tick(app)
        clock.advance(4 * HOUR)
        tick(app)

        assert (waiting, sent) == (["in review"], ["finished"])
        assert [state for _, state in editions(app, "bulletin")] == ["rejected"]
        [reason] = skipped(app, "bulletin")
        assert reason == "was not approved by 2026-11-27 21:30 (Europe/Paris)"
    decided = [line["campaign"] for line in said if line["event"] == "edition.deadline_passed"]
    assert decided == ["weekly", "bulletin"]


def test_who_only_serves_pages_goes_by_the_file_as_it_is_and_does_nothing_else(app, folder, said):
    with (folder / "schedules.yaml").open("a", encoding="utf-8") as file:
        file.write("\nchannels:\n  mail: {provider: smtp, options: {host: mail.example}}\n")
    read_files_again(app)
    change(folder, "smtp", "pigeon")
    read_files_again(app)
    change(folder, "channels:", "chanels:")
    read_files_again(app)

    assert app.workspace.channels["mail"].provider == "pigeon"
    assert [one["event"] for one in said] == ["step.failed"]
    assert editions(app) == []
