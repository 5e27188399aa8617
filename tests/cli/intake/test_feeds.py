"""`dispatch feeds`: what would be taken, how the feeds are, and what a person reads of it."""

from datetime import datetime, timedelta
from pathlib import Path

SAMPLE = """<rss version="2.0"><channel><title>Quiet</title>
<item><title>five</title><guid>5</guid><pubDate>Tue, 10 Mar 2020 09:00:00 GMT</pubDate></item>
<item><title>four</title><guid>4</guid><pubDate>Mon, 09 Mar 2020 09:00:00 GMT</pubDate></item>
<item><title>three</title><guid>3</guid><pubDate>Sun, 08 Mar 2020 09:00:00 GMT</pubDate></item>
<item><title>two</title><guid>2</guid><pubDate>Sat, 07 Mar 2020 09:00:00 GMT</pubDate></item>
<item><title>one</title><guid>1</guid><pubDate>Thu, 05 Mar 2020 09:00:00 GMT</pubDate></item>
</channel></rss>"""

QUIET = '  quiet: {url: "file:quiet.xml", backfill: 2}\n'


def add_quiet(workspace: Path) -> None:
    (workspace / "quiet.xml").write_text(SAMPLE, encoding="utf-8")
    path = workspace / "schedules.yaml"
    text = path.read_text(encoding="utf-8")
    assert "\nfeeds:\n" in text
    path.write_text(text.replace("\nfeeds:\n", f"\nfeeds:\n{QUIET}"), encoding="utf-8")


def test_a_dry_run_tells_how_many_posts_the_first_poll_would_take_and_keeps_nothing(
    dispatch, workspace
):
    add_quiet(workspace)

    [would] = dispatch("feeds", "poll", "quiet", "--dry-run", "--json").json
    before = dispatch("feeds", "show", "quiet", "--json").json
    [did] = dispatch("feeds", "poll", "quiet", "--json").json

    assert (would["new"], would["older"]) == (2, 3)
    assert (before["posts"], before["last_poll"], before["latest"]) == (0, None, [])
    assert "--dry-run" in before["next_poll_why"]
    assert would == did


def test_a_feed_that_has_fallen_silent_is_flagged_in_a_sentence(dispatch, workspace):
    add_quiet(workspace)
    polled = dispatch("feeds", "poll", "quiet")

    shown = dispatch("feeds", "show", "quiet")
    [listed] = [row for row in dispatch("feeds", "list", "--json").json if row["feed"] == "quiet"]

    assert "silent for" in polled.out
    assert "silent for" in shown.out
    assert "about every day" in shown.out
    assert listed["problem"] == listed["silent"]
    assert listed["next_poll_why"].startswith("the feed has had nothing new for")


def test_a_feed_that_fails_says_why_and_when_it_is_tried_again(dispatch, workspace):
    add_quiet(workspace)
    (workspace / "quiet.xml").write_text("<html><body>Hello", encoding="utf-8")
    for _ in range(3):
        assert dispatch("feeds", "poll", "quiet").code == 1

    found = dispatch("feeds", "show", "quiet", "--json").json

    assert "this is a web page, not a feed" in found["problem"]
    assert (found["failures"], found["next_poll_why"]) == (3, "it failed 3 times in a row")


def test_a_feed_that_goes_over_a_limit_says_so_and_when_it_is_asked_next(dispatch, workspace):
    add_quiet(workspace)
    (workspace / "quiet.xml").write_bytes(SAMPLE.encode() + b" " * 10_000_000)
    dispatch("feeds", "poll", "quiet")

    shown = dispatch("feeds", "show", "quiet")
    [listed] = [row for row in dispatch("feeds", "list", "--json").json if row["feed"] == "quiet"]

    assert "it went over a limit" in shown.out
    assert "larger than 10 MB" in listed["problem"]
    pause = datetime.fromisoformat(listed["next_poll"]) - datetime.fromisoformat(
        listed["last_poll"]
    )
    assert timedelta(hours=2) <= pause <= timedelta(hours=2.4)


def test_a_feeds_password_is_not_shown(dispatch, workspace):
    add_quiet(workspace)
    dispatch.edit("file:quiet.xml", "https://ada:hunter22@127.0.0.1:1/feed?token=hunter23")
    dispatch("feeds", "poll", "quiet")

    said = [dispatch("feeds", "show", "quiet"), dispatch("feeds", "list", "--json")]

    assert not any("hunter2" in one.out + one.err for one in said)


def test_a_feed_that_is_not_there_is_named(dispatch):
    ended = dispatch("feeds", "show", "notebok")

    assert ended.code != 0
    assert "did you mean 'notebook'" in ended.err
