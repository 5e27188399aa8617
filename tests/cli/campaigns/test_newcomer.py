"""What a newcomer meets between `dispatch init` and the first letter of their own."""

import re

import pytest
import structlog

from cli.dispatch_command import DispatchCommand

ENTRY = "<item><title>{0}</title><link>https://sea.example/{1}</link><description>{0}.</description></item>"
PAGE = b"""<html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml">
<link rel="alternate" type="application/rss+xml" title="Comments for it" href="/comments/feed">
</head></html>"""
TEST_MARK = {
    "plain": re.compile(r"\n+-- \n[^\n]*me@example\.org[^\n]*$"),
    "html": re.compile(r"<div lang=\"fr\"[^>]*>[^<]*me@example\.org[^<]*</div>"),
}
"""What a test mail has besides."""


def rss(*titles, name="La mer"):
    entries = "".join(ENTRY.format(title, title.replace(" ", "-")) for title in titles)
    words = f"<title>{name}</title><language>fr-FR</language>{entries}"
    return f'<rss version="2.0"><channel>{words}</channel></rss>'.encode()


@pytest.fixture
def blog(server):
    """A blog in French with seven posts, and the address of its first page."""
    server.gives(rss(*(f"Vague {number}" for number in range(1, 8))), "/feed.xml")
    server.gives(rss("Bravo", name="Comments for La mer"), "/comments/feed")
    return server.gives(PAGE, "/")


@pytest.fixture
def news(tmp_path, capsys, monkeypatch):
    """The command on a folder `news`, which is not there yet."""
    yield DispatchCommand(tmp_path / "news", capsys, monkeypatch)
    structlog.reset_defaults()


@pytest.fixture
def init(news, blog):
    def init(*words):
        typed = ("--feed", blog, "--from", "Acme News <news@example.org>", "--to", "me@example.org")
        return news("init", str(news.folder), *(words or typed))

    return init


def body(mail, kind):
    return _anybodys(mail.get_body((kind,)).get_content())


def _anybodys(text):
    """The text without what is each reader's own, and each file's: the link's token, line ends."""
    return (
        re.sub(r"/(unsubscribe|preferences)/[\w.~-]+", r"/\1/", text).replace("\r\n", "\n").strip()
    )


def test_dry_run_preview_test_mail_and_run_show_the_same_letter(news, init):
    started = init()
    dry = news("run", "weekly", "--dry-run", "--json")
    shown = news("preview", "weekly", "--as", "me@example.org")
    tested = news("test-send", "weekly", "me@example.org")
    [test_mail] = news.mails()
    kept = [news(*table, "--json").json for table in (["posts", "list"], ["subscribers", "list"])]
    run = news("run", "weekly")

    assert [one.code for one in (started, dry, shown, tested, run)] == [0] * 5
    assert kept == [[], []]
    assert started.out.endswith(
        f"{news.folder}: ready - try 'cd {news.folder} && dispatch run weekly'\n"
    )
    assert "not taken: http" in started.out
    assert "stand in" not in shown.out + shown.err + tested.err
    [mail] = [one for one in news.mails() if one["Message-ID"] != test_mail["Message-ID"]]
    folder = news.folder / "preview/weekly"
    subject = (folder / "subject.txt").read_text(encoding="utf-8").strip()
    assert {subject, dry.json["subject"], mail["Subject"]} == {"Vague 1"}
    assert test_mail["Subject"] == "[Test] Vague 1"
    for kind, file in (("plain", "digest.txt"), ("html", "digest.html")):
        previewed = _anybodys((folder / file).read_text(encoding="utf-8"))
        assert previewed == body(mail, kind) == TEST_MARK[kind].sub("", body(test_mail, kind))
        assert TEST_MARK[kind].search(body(test_mail, kind))
    assert {number for number in range(1, 8) if f"Vague {number}" in body(mail, "plain")} == {
        *range(1, 6)
    }
    assert "Bonjour" in body(mail, "plain")
    assert (mail["From"], mail["To"]) == ("Acme News <news@example.org>", "me@example.org")


def test_what_stands_in_is_said(news, init, server):
    init()
    server.gives(b"", "/feed.xml", status=500)
    unread = news("preview", "weekly")
    server.gives(rss("Vague 1"), "/feed.xml")
    news("run", "weekly")
    nothing_new = news("test-send", "weekly", "me@example.org")
    news("subscribers", "end", "me@example.org", "--source", "test")
    server.gives(rss("Vague 2", "Vague 1"), "/feed.xml")
    nobody = news("preview", "weekly")

    assert "feed la-mer could not be read" in unread.out
    assert "made-up posts stand in, as none was ever kept" in unread.out
    assert "there is no new post - the last post that was kept stands in" in nothing_new.err
    assert "there is nobody in audience 'readers' - this is what they would get" in nobody.out
    assert "Subject: Vague 2" in nobody.out


def test_a_run_says_which_feed_was_not_read_and_that_nobody_reads(news, init, server):
    init()
    news("run", "weekly")
    news.edit("feeds:\n", f'feeds:\n  gone: {{url: "{server.url("/gone")}"}}\n')
    news.edit("feeds: [", "feeds: [gone, ")
    one_of_two = news("run", "weekly")
    news("subscribers", "end", "me@example.org", "--source", "test")
    news.edit("feeds: [gone, la-mer]", "feeds: [gone]")
    alone = news("run", "weekly")

    why = f"feed gone could not be read ({server.url('/gone')}: there is no such page (404)"
    assert (one_of_two.code, alone.code) == (1, 1)
    assert f"Acme News: {why}" in one_of_two.out
    assert "); there is no new post in the others - no edition was made" in one_of_two.out
    assert f"Acme News: {why}" in alone.out
    assert "); there is nobody in audience 'readers' - no edition was made" in alone.out
    for ended in (one_of_two, alone):
        assert "nothing new" not in ended.out
    assert "could not be read" in news("runs", "list", "--json").json[0]["skipped"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--from", "a@example.org"], "--from: goes with --feed, which is missing - "),
        (["--to", "me@example.org"], "--to: goes with --feed, which is missing - "),
        (["--smtp", "mail.example.org"], "--smtp: goes with --feed, which is missing - "),
        (["--feed", "FEED"], "--to: is missing - say who gets the first letter"),
        (["--feed", "FEED", "--to", "me"], "--to: 'me' is not an e-mail address - "),
        (["--feed", "FEED", "--to", "me@example.org", "--from", "<x"], "--from: the closing >"),
        (["--feed", "FEED", "--to", "me@example.org", "--smtp", "a b"], "--smtp: is not the name"),
        (["--feed", "file:x.xml", "--to", "me@example.org"], "file:x.xml: not an address"),
        (["--feed", "FEED/none", "--to", "me@example.org"], "/none: there is no such page (404)"),
    ],
)
def test_options_that_make_no_workspace_are_refused_with_advice(news, init, blog, words, said):
    typed = [word.replace("FEED", blog.rstrip("/")) for word in words]

    ended = init(*typed)

    assert ended.code in {1, 2}
    assert said in ended.err
    assert " - " in ended.err
    assert not news.folder.exists()


def test_a_folder_in_use_is_left_alone(news, init):
    init()
    before = (news.folder / "schedules.yaml").read_bytes()

    again = init()

    assert (again.code, again.err) == (
        2,
        f"{news.folder}: has schedules.yaml already - choose another folder\n",
    )
    assert (news.folder / "schedules.yaml").read_bytes() == before


def test_a_missing_secret_stops_a_run_before_it_changes_anything(news, init, blog, server):
    init("--feed", blog, "--to", "me@example.org", "--smtp", "mail.example.org")
    asked = len(server.requests)

    run = news("run", "weekly")
    untouched = len(server.requests) == asked
    shown = news("preview", "weekly")

    assert (run.code, run.out) == (2, "")
    assert "channels.mail.options.password: the environment variable SMTP_PASSWORD" in run.err
    assert untouched
    for table in (["posts", "list"], ["subscribers", "list"], ["runs", "list"]):
        assert news(*table, "--json").json == []
    assert shown.code == 0
    assert "a run would stop here: schedules.yaml:" in shown.out


def test_another_channel_steps_in_for_one_whose_secret_is_missing(news, init, blog):
    init("--feed", blog, "--to", "me@example.org", "--smtp", "mail.example.org")
    news.edit("via: mail", "via: [mail, outbox]")

    tested = news("test-send", "weekly", "boss@example.org")
    run = news("run", "weekly")

    assert (tested.code, run.code) == (0, 0)
    assert "channel outbox steps in" in tested.err
    assert "another channel of via: steps in" in run.err
    assert news.copies() == {"me@example.org": 1, "boss@example.org": 1}
