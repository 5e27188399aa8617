"""What people do wrong, and the whole of what they are told: thing, problem, advice.

Each row is one mistake in a workspace that was in order: how it is made, and the message. `{line}`
is the line on which the words stand that were put there. Of a message that ends with `...` the
beginning is compared.
"""

import sqlite3
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog

from app_stage import copied_workspace, place, workspace_in
from cli.dispatch_command import DispatchCommand
from dispatch.app import open as opening
from dispatch.render.subprocesses.renderer import SubprocessRenderer

FILE = "schedules.yaml"
SUBJECT = "templates/weekly/subject.txt"
READERS = "subscribers/readers.csv"
WEEKLY = "campaigns.weekly"

Change = Callable[[Path], None]


def swap(old: str, new: str, file: str = FILE) -> Change:
    def change(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def put(content: str | bytes, file: str) -> Change:
    written = content if isinstance(content, bytes) else content.encode()
    return lambda folder: bool((folder / file).write_bytes(written)) and None


def gone(file: str) -> Change:
    return lambda folder: (folder / file).unlink()


def renamed(file: str, to: str) -> Change:
    return lambda folder: (folder / file).rename(folder / to) and None


def mail(words: str) -> Change:
    """A channel `mail`, over which the weekly digest goes."""

    def change(folder: Path) -> None:
        swap("\ncampaigns:\n", f"\nchannels:\n  mail: {{{words}}}\n\ncampaigns:\n")(folder)
        swap("template: weekly}", "template: weekly, via: mail}")(folder)

    return change


@dataclass(frozen=True, slots=True)
class Mistake:
    """`at` are the words on the line that the message names; it names none where that is empty."""

    name: str
    change: Change | None
    told: str
    at: str = ""
    words: str = "check"
    file: str = FILE
    code: int = 2
    environ: tuple[str, str] | None = None


OPTIONS = "channels.mail.options"
SMTP = "provider: smtp, options: {host: mail.example"

# fmt: off
MISTAKES = [
    # Keys and YAML.
    Mistake('a key misspelt', swap('timezone:', 'timezon:'), "timezon: unknown key - did you mean 'timezone'?", 'timezon:'),
    Mistake('a key misspelt, deep', swap('at_least: 1', 'at_leest: 1'), f"{WEEKLY}.posts.at_leest: unknown key - did you mean 'at_least'?", 'at_leest'),
    Mistake('a key in the wrong group', swap('    title: The Atelier', '    audience: readers\n    title: The Atelier'), f'{WEEKLY}.audience: unknown key - move it to {WEEKLY}.email', '    audience: readers'),
    Mistake('a word for a number', swap('at_least: 1', 'at_least: many'), f'{WEEKLY}.posts.at_least: must be a whole number - write it in digits', 'many'),
    Mistake('one name for a list', swap('feeds: [atelier, notebook]', 'feeds: atelier'), f'{WEEKLY}.feeds: must be a list - write it in brackets, such as [one, two]', 'feeds: atelier'),
    Mistake('a tab', swap('    title: The Atelier', '\ttitle: The Atelier'), 'a tab stands where only spaces may - indent with spaces', '\ttitle'),
    Mistake('a colon in a title', swap('title: The Atelier', 'title: News: The Atelier'), "a colon stands where none may - indent keys of one group alike, and put a text with ': ' in it in quotes", 'News:'),
    Mistake('no space after a colon', swap('title: The Atelier', 'title:The Atelier'), "a space is missing after 'title:' - write it as 'title: ...'", 'title:The'),
    Mistake('a bracket left open', swap('feeds: [atelier, notebook]', 'feeds: [atelier, notebook'), 'a bracket is not closed or a comma is missing - see what this line opens', '[atelier, notebook'),
    Mistake('a key twice', swap('locale: en', 'locale: en\nlocale: fr'), 'locale: is written twice - keep it here or in line {before}', 'locale: fr'),
    Mistake('a campaign twice', swap('  bulletin:', '  weekly:'), 'campaigns.weekly: is written twice - keep it here or in line 32', file=f'{FILE}:44'),
    Mistake('an empty file', put('', FILE), "is empty - begin with the keys 'feeds:' and 'campaigns:'"),
    Mistake('a file in Latin-1', put(b'timezone: UTC\ntitle: Caf\xe9\n', FILE), 'is not UTF-8 text - save the file with the encoding UTF-8', file=f'{FILE}:2'),
    Mistake('a file named .yml', renamed(FILE, 'schedules.yml'), 'there is no such file, but schedules.yml - rename that to schedules.yaml'),
    Mistake('no workspace here', gone(FILE), "there is no such file in {folder} - go to the folder of your workspace, or make a new one with 'dispatch init'", words='run weekly'),
    # Times and places.
    Mistake('an unknown time zone', swap('Europe/Paris', 'Europe/Pari'), "timezone: unknown time zone 'Europe/Pari' - did you mean 'Europe/Paris'?", 'timezone:'),
    Mistake('a difference for a zone', swap('Europe/Paris', 'UTC+1'), "timezone: unknown time zone 'UTC+1' - write the city that is meant, such as 'Europe/Paris' or 'Africa/Lagos' (UTC+1 outside summer time)", 'timezone:'),
    Mistake('cron behind every:', swap('every: tuesday', 'every: "0 9 * * 2"'), WEEKLY + '.schedule.every: is a cron line - write it as cron: "0 9 * * tue", without every: and at:', '0 9 *'),
    Mistake('a French weekday', swap('every: tuesday', 'every: mardi'), f"{WEEKLY}.schedule.every: unknown day 'mardi' - write it in English: tuesday", 'mardi'),
    Mistake('German weekdays', swap('every: tuesday', 'every: [Montag, dienstags]'), f"{WEEKLY}.schedule.every: unknown day 'Montag' - write it in English: monday", 'Montag'),
    Mistake('a weekday misspelt', swap('every: tuesday', 'every: tusday'), f"{WEEKLY}.schedule.every: unknown day 'tusday' - did you mean 'tuesday'?", 'tusday'),
    Mistake('a time as a number', swap('at: "09:00"', 'at: 9'), WEEKLY + '.schedule.at: is the number 9 - write the time in quotes: at: "09:00"', 'at: 9'),
    Mistake('a time in English', swap('at: "09:00"', 'at: 9am'), WEEKLY + '.schedule.at: \'9am\' is not a time of day - write hours and minutes in quotes: at: "09:00"', '9am'),
    Mistake('a length of time without a unit', swap('late: 2h', 'late: 2'), "campaigns.bulletin.schedule.late: '2' is not a length of time - write a number and m, h or d, such as 30m, 6h or 2d", 'late: 2'),
    Mistake('an unknown country', swap('every: tuesday', "every: tuesday, except: ['holidays:XX']"), f"{WEEKLY}.schedule.except: unknown country 'XX' - write the two letters of the country (ISO 3166), such as holidays:FR", 'XX'),
    # Who writes, and where readers find us.
    Mistake('an address without https', swap('https://letter', 'letter'), "public_url: 'letter.atelier.example' is not a web address - write it with https://, such as https://example.org", 'public_url:'),
    Mistake('the address of this machine', swap('https://letter.atelier.example', 'http://localhost:8025'), "public_url: 'http://localhost:8025' leads nowhere from a reader's machine - write the address of the readers' pages on the web, before mail goes out", 'public_url:', code=0),
    Mistake('a sender without an address', swap(', email: letter@atelier.example}', '}'), "sender.email: missing key - add 'email: news@example.org'", 'sender:'),
    Mistake('a sender as mail programs write it', swap('{name: The Atelier Letter, email: letter@atelier.example}', 'Letter <letter@atelier.example>'), 'sender: must be a group of keys - its keys are: name, email', 'sender:'),
    Mistake('a sender whose address is none', swap('letter@atelier.example', 'letter'), "sender.email: 'letter' is not an e-mail address - an address looks like name@example.org", 'sender:'),
    # Channels.
    Mistake('an unknown channel', swap('template: weekly}', 'template: weekly, via: mail}'), f"{WEEKLY}.email.via: unknown channel 'mail' - known are: outbox", 'via: mail'),
    Mistake('an unknown provider', mail('provider: smpt'), "channels.mail.provider: provider 'smpt': unknown - did you mean 'smtp'?", 'smpt'),
    Mistake('an option that is missing', mail('provider: smtp'), f"{OPTIONS}.host: is missing - add it: the server's name", '  mail: {provider: smtp}'),
    Mistake('an option of another type', mail(SMTP + ', port: smtp}'), f'{OPTIONS}.port: must be a whole number - it should be: 587 (starttls), 465 (tls) or 25 (none) if absent', 'port: smtp'),
    Mistake('a secret that is not set', mail(SMTP + ', username: me, password: env:NO_SUCH_WORD}'), f'{OPTIONS}.password: the environment variable NO_SUCH_WORD is not set - set it before you start dispatch', 'NO_SUCH'),
    Mistake('a secret in the file', mail(SMTP + ', username: me, password: hunter22}'), f'{OPTIONS}.password: a secret is written out here - keep it elsewhere and name the place: env:NAME or file:PATH; if it was shared, renew it', 'hunter22'),
    Mistake("a secret's file that is not there", mail(SMTP + ', username: me, password: file:/nowhere/x}'), f'{OPTIONS}.password: there is no file /nowhere/x - check the path after file:', '/nowhere'),
    Mistake('a channel that nothing uses', swap('\ncampaigns:\n', '\nchannels:\n  mail: {provider: outbox}\n\ncampaigns:\n'), "channels.mail: no campaign uses this channel - name it with 'via: mail', or remove it", '  mail: {provider: outbox}', code=0),
    # Templates.
    Mistake('an unknown template', swap('template: weekly}', 'template: weakly}'), f"{WEEKLY}.email.template: there is no folder templates/weakly - did you mean 'weekly'?", 'weakly'),
    Mistake('a file of a template missing', gone('templates/weekly/digest.txt'), f'{WEEKLY}.email.template: templates/weekly has no digest.txt - add that file', 'audience: readers, template: weekly'),
    Mistake('an if left open', put('{% if edition.posts %}\nnew\n', SUBJECT), "'if' is never closed - add {% endif %}", file=f'{SUBJECT}:2'),
    Mistake('a brace missing', put('{{ edition.title }\n', SUBJECT), "unexpected '}' - check the braces and tags near it", file=f'{SUBJECT}:1'),
    Mistake('an unknown field', put('{{ edition.titel }}\n', SUBJECT), "unknown name 'titel' - did you mean 'title'?", file=f'{SUBJECT}:1'),
    Mistake('an unknown filter', put('{{ edition.title | uper }}\n', SUBJECT), "unknown filter 'uper' - did you mean 'upper'?", file=f'{SUBJECT}:1'),
    # People.
    Mistake('no column with addresses', put('Name,Contact\nAda,ada@example.org\n', READERS), "has no column 'email' - name the columns in the first line, one of them 'email'; they are 'Name', 'Contact' now", file=READERS),
    Mistake('no names of columns', put('ada@example.org,Ada\n', READERS), 'has no line with the names of its columns - add one before the first person, such as email,name', file=READERS),
    Mistake('two separators', put('email;name\nada@example.org,Ada\n', READERS), "has ',' between its cells, and the line of names has not - use one of the two in all lines", file=f'{READERS}:2'),
    Mistake('an empty file of people', put('', READERS), 'is empty - begin with a line of column names, such as email,name', file=READERS),
    Mistake('a spreadsheet', put(b'PK\x03\x04\x00\x00', READERS), 'is not a text file - save the sheet as CSV (UTF-8)', file=READERS),
    Mistake('a spreadsheet beside', put(b'PK\x03\x04\x00\x00', 'subscribers/more.xlsx'), 'is not read, as it is no CSV file - save the table as CSV (UTF-8)', file='subscribers/more.xlsx', code=0),
    Mistake('an address that is none', put('email,name\nada at example,Ada\n', READERS), "email: 'ada at example' is not an e-mail address - an address looks like name@example.org", file=f'{READERS}:2'),
    Mistake('an audience without people', swap('audience: readers, template: weekly', 'audience: reader, template: weekly'), f"{WEEKLY}.email.audience: there is nobody in audience 'reader' - did you mean 'readers'? (subscribers/reader.csv would bring people in)", 'audience: reader,'),
    Mistake('no people at all', gone(READERS), f"{WEEKLY}.email.audience: there is nobody in audience 'readers' - bring people in with subscribers/readers.csv", 'template: weekly}\n'),
    Mistake('one = in a segment', swap("locale == 'fr'", "locale = 'fr'"), "campaigns.bulletin.email.segment: segment 'locale = 'fr'': a single = compares nothing - write == instead, as in locale == 'fr'", 'locale ='),
    Mistake('an unknown name in a segment', swap("locale == 'fr'", "local == 'fr'"), "campaigns.bulletin.email.segment: segment 'local == 'fr'': unknown name 'local' - did you mean 'locale'? (a column of yours is fields.local)", 'local =='),
    # Feeds and campaigns.
    Mistake('a feed without https', swap('"file:samples/atelier.rss.xml"', 'blog.example/feed'), "feeds.atelier.url: 'blog.example/feed' is not a web address - write it with https://, such as https://example.org", 'blog.example'),
    Mistake('a feed as a bare address', swap('{url: "file:samples/atelier.rss.xml", backfill: 5}', 'https://blog.example/feed'), 'feeds.atelier: must be a group of keys - its keys are: url...', 'blog.example'),
    Mistake("a feed's file that is not there", swap('atelier.rss.xml', 'atelie.rss.xml'), "feeds.atelier.url: there is no file 'file:samples/atelie.rss.xml' - check the path", 'atelie.rss'),
    Mistake('an unknown feed', swap('[atelier, notebook]', '[atelier, notbook]'), f"{WEEKLY}.feeds[1]: unknown feed 'notbook' - did you mean 'notebook'?", 'notbook'),
    Mistake('approval by somebody unknown', swap('{needed: true}', '{needed: true, reviewers: [editors]}'), 'campaigns.bulletin.approval.reviewers: unknown key - known are: by, deadline...', 'reviewers:'),
    Mistake('neither mail nor snippets', swap('    email: {audience: readers, template: bulletin, segment: "locale == \'fr\'"}\n', ''), 'campaigns.bulletin: has neither email nor social - add at least one of them', '  bulletin:'),
    # What is typed.
    Mistake('an unknown campaign', None, "campaign weekl: not in schedules.yaml - did you mean 'weekly'?", words='run weekl', file=''),
    Mistake('an unknown edition', None, "edition 4f2a: not known - see 'dispatch editions list'", words='editions approve 4f2a', file=''),
    Mistake('a test to no address', None, "'me' is not an e-mail address - an address looks like name@example.org", words='test-send weekly me', file=''),
    Mistake('an unknown state', None, "--state acepted: no such state - did you mean 'accepted'?", words='deliveries list --state acepted', file=''),
    Mistake('a day before another', None, '--to: 2026-08-01 is before 2026-09-01 - give the earlier day to --from', words='simulate weekly --from 2026-09-01 --to 2026-08-01', file=''),
    Mistake('init where something is', None, '{folder}: has schedules.yaml already - choose another folder', words='init {folder}', file=''),
    Mistake('a folder for a file', None, 'subscribers: cannot be read, as it is a folder - name one of its files', words='subscribers import {folder}/subscribers', file=''),
    Mistake('a file where the web is meant', None, '{folder}/samples/atelier.rss.xml: is a file, and feeds are looked for on the web - ...', words='feeds find {folder}/samples/atelier.rss.xml', file=''),
    Mistake('a feed for a list of feeds', None, "atelier.rss.xml:4: is not OPML - export a list of feeds (OPML) from your feed reader; a feed's address goes below feeds: in schedules.yaml", words='feeds import {folder}/samples/atelier.rss.xml', file=''),
    Mistake('a folder that is not there', None, 'schedules.yaml: there is no folder /nowhere - check the path after -w', words='-w /nowhere check', file=''),
    Mistake('a setting misspelt', None, "environment: DISPATCH_WORKRES: unknown setting - did you mean 'DISPATCH_WORKERS'?", file='', environ=('DISPATCH_WORKRES', '3')),
    Mistake('a setting of another type', None, 'environment: DISPATCH_PORT: must be a whole number - write it in digits', file='', environ=('DISPATCH_PORT', 'http')),
    Mistake('another kind of database', None, 'environment: DISPATCH_DATABASE_URL: this kind of database is not known - write sqlite:///dispatch.db or postgresql://user:password@host/name', file='', environ=('DISPATCH_DATABASE_URL', 'mysql://x/y')),
    Mistake('no place for an export', None, '/proc/nowhere.csv: No such file or directory - check the path, who may write there, and the free space', words='runs export --output /proc/nowhere.csv', file='', code=1),
]
# fmt: on


@pytest.fixture(scope="module")
def in_order(tmp_path_factory, migrated_sqlite):
    return workspace_in(tmp_path_factory.mktemp("order") / "letters", migrated_sqlite)


class OneRenderer(SubprocessRenderer):
    """Kept for all rows: its process takes long to start, and most templates stay as they are."""

    def __init__(self):
        super().__init__()
        self.checked = {}

    def check_template(self, name, sources, **how):
        key = (name, repr(sources), repr(how))
        if key not in self.checked:
            self.checked[key] = list(super().check_template(name, sources, **how))
        return self.checked[key]

    def close(self):
        pass


@pytest.fixture(scope="module")
def renderer():
    renderer = OneRenderer()
    yield renderer
    SubprocessRenderer.close(renderer)


@pytest.fixture
def mistaken(in_order, renderer, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(opening, "SubprocessRenderer", lambda: renderer)
    folder = copied_workspace(in_order, tmp_path / "letters")
    yield DispatchCommand(folder, capsys, monkeypatch)
    structlog.reset_defaults()


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda one: one.name)
def test_a_mistake_is_told_with_what_to_do(mistaken, mistake, monkeypatch):
    folder = mistaken.folder
    if mistake.change:
        mistake.change(folder)
    if mistake.environ:
        monkeypatch.setenv(*mistake.environ)

    ended = mistaken(*(word.format(folder=folder) for word in mistake.words.split()))

    assert ended.err.splitlines()[0].startswith(_expected(mistake, folder))
    if not mistake.told.endswith("..."):
        assert ended.err.splitlines()[0] == _expected(mistake, folder)
    assert ended.code == mistake.code
    assert "hunter22" not in ended.err + ended.out


def _expected(mistake: Mistake, folder: Path) -> str:
    told = mistake.told.removesuffix("...").replace("{folder}", str(folder))
    if not mistake.file:
        return told
    if not mistake.at:
        return f"{mistake.file}: {told}"
    where = place(folder, mistake.at.strip("\n"))
    before = int(where.rpartition(":")[2]) - 1
    return f"{where}: {told.replace('{before}', str(before))}"


def test_addresses_that_are_no_feeds_are_told_one_by_one(dispatch, server):
    opml = server.gives(b'<?xml version="1.0"?><opml version="2.0"><body/></opml>', "/list.opml")
    page = server.gives(b"<!doctype html><html><title>Blog</title></html>", "/blog")
    gone = page.replace("/blog", "/nothing")
    private = "http://10.0.0.1/feed"
    feeds = {"list": opml, "page": page, "gone": gone, "private": private}
    lines = "".join(f"  {name}: {{url: '{url}'}}\n" for name, url in feeds.items())
    dispatch.edit("feeds:\n", f"feeds:\n{lines}")

    ended = dispatch("feeds", "poll", *feeds, "--json")

    told = {row["feed"]: row["problem"] for row in ended.json}
    assert ended.code == 1
    assert told["list"] == (
        f"{opml}: this is a list of feeds (OPML), not a feed - save it as a file, and add its feeds"
        " with 'dispatch feeds import FILE'"
    )
    assert told["page"] == (
        f"{page}: this is a web page, not a feed - try 'dispatch feeds find {page}'"
    )
    assert told["gone"].startswith(f"{gone}: ")
    assert "404" in told["gone"]
    assert told["private"] == (
        f"{private}: leads to 10.0.0.1, which is not on the public Internet - if you know that "
        "network, have it added to DISPATCH_PRIVATE_NETWORKS"
    )


EXTRAS = [
    (
        "holidays",
        swap("every: tuesday", "every: tuesday, except: ['holidays:FR']"),
        (
            "campaigns.weekly.schedule.except: 'holidays:FR' needs the extra 'holidays', which is not"
            " installed - run pip install 'dispatch-digest[holidays]', or"
        ),
    ),
    (
        "trafilatura",
        swap("backfill: 5", "fulltext: true, backfill: 5"),
        (
            "feeds.atelier.fulltext: needs trafilatura, which is not installed - install dispatch with"
            " its extra 'fulltext', or remove the line"
        ),
    ),
    (
        "psycopg",
        None,
        "database: no driver for postgresql - install dispatch with its extra 'postgres'",
    ),
]


@pytest.mark.parametrize(("library", "change", "told"), EXTRAS, ids=[one for one, *_ in EXTRAS])
def test_an_extra_that_is_not_installed_is_named(mistaken, monkeypatch, library, change, told):
    monkeypatch.setitem(sys.modules, library, None)
    if change:
        change(mistaken.folder)
    else:
        monkeypatch.setenv("DISPATCH_DATABASE_URL", "postgresql://marie@127.0.0.1/x")
    (mistaken.folder / "k").write_text("key")

    ended = mistaken("check")

    assert ended.code == (2 if change else 1)
    assert told in ended.err.splitlines()[0]


def test_a_database_of_a_newer_version_is_left_as_it_is(mistaken):
    with sqlite3.connect(mistaken.folder / "dispatch.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()

    ended = mistaken("check")

    assert ended.code == 2
    assert ended.err == (
        f"database sqlite:///{mistaken.folder}/dispatch.db: it was written by a newer dispatch (its"
        " tables are of version 9999, this one knows 0010) - upgrade dispatch, or restore the "
        "backup from before\n"
    )
