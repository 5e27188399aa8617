"""The first workspace of somebody's own: a feed is found, and what is needed around it written."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from dispatch.app.http_clients import client_for_feeds
from dispatch.clock import Clock
from dispatch.config.files.addresses import checked_address
from dispatch.config.files.problems import FileProblem, InvalidValueError
from dispatch.config.intake.feed_names import feed_name
from dispatch.config.new_workspace import check_free, new_workspace
from dispatch.config.own_workspace import MailServer, OwnWorkspace, mail_server_of, sender_of
from dispatch.config.process.settings import load_settings
from dispatch.errors import BadInput
from dispatch.feeds.pages.discover import FoundFeed, find_feeds
from dispatch.feeds.subprocesses.parser import SubprocessParser
from dispatch.feeds.web.limits import NORMAL
from dispatch.model.delivery.message import Address
from dispatch.model.text.invisible import trimmed
from dispatch.model.text.plain_text import one_line, printable, shorten
from dispatch.words.catalogues import ENGLISH, ours

T = TypeVar("T")

LONGEST_TITLE = 100  # characters; a sender's name beside a subject has room for fewer


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody has asked for, as they typed it; empty where they did not."""

    feed: str = ""
    sender: str = ""
    reader: str = ""
    smtp: str = ""


@dataclass(frozen=True, slots=True)
class Started:
    """What the workspace was made of; `feeds` are all that were found, the one taken first."""

    workspace: OwnWorkspace
    feeds: tuple[FoundFeed, ...]


def start_workspace(
    folder: Path, wanted: Wanted, *, environ: Mapping[str, str], clock: Clock
) -> Started:
    """Make a workspace of one feed, from which one reader gets their first letter.

    Raises BadInput where an option or the folder cannot be used, and a FeedError where no feed is
    found: then nothing was written.
    """
    typed = _checked(wanted)
    check_free(folder)
    feeds = _find(folder, wanted.feed, environ=environ, clock=clock)
    found = feeds[0]
    title = typed.sender.name or _title(found)
    own = OwnWorkspace(
        feed=feed_name(found.title, found.url),
        url=found.url,
        title=title,
        sender=Address(typed.sender.email, title),
        reader=typed.reader,
        locale=_locale(found.language),
        smtp=typed.smtp,
    )
    new_workspace(folder, own.files(today=clock().date()))
    return Started(own, feeds)


@dataclass(frozen=True, slots=True)
class _Typed:
    sender: Address
    reader: str
    smtp: MailServer | None


def _checked(wanted: Wanted) -> _Typed:
    """What was typed, as values; raises BadInput with every problem."""
    problems: list[FileProblem] = []

    def read(option: str, text: str, value_of: Callable[[str], T]) -> T | None:
        try:
            return value_of(text) if text else None
        except InvalidValueError as error:
            problems.append(error.at(option, None, ""))
            return None

    reader = read("--to", wanted.reader, checked_address)
    sender = read("--from", wanted.sender, sender_of)
    smtp = read("--smtp", wanted.smtp, mail_server_of)
    problems += _missing(wanted)
    if problems or reader is None:
        raise BadInput(problems)
    return _Typed(sender or Address(reader), reader, smtp)


def _missing(wanted: Wanted) -> Iterator[FileProblem]:
    if not wanted.feed:
        what = "goes with --feed, which is missing"
        advice = "say where the posts come from, such as --feed blog.example.org"
        first = next(
            option
            for option, text in (
                ("--from", wanted.sender),
                ("--to", wanted.reader),
                ("--smtp", wanted.smtp),
            )
            if text
        )
        yield FileProblem(first, None, "", what, advice)
    elif not wanted.reader:
        advice = "say who gets the first letter, such as --to you@example.org"
        yield FileProblem("--to", None, "", "is missing", advice)


def _find(
    folder: Path, address: str, *, environ: Mapping[str, str], clock: Clock
) -> tuple[FoundFeed, ...]:
    settings = load_settings(folder, environ, make_key=False)
    silence = settings.feed_seconds
    with (
        closing(client_for_feeds(settings)()) as http,
        closing(SubprocessParser()) as parser,
    ):
        return find_feeds(
            address,
            http=http,
            folder=folder,
            clock=clock,
            limits=replace(NORMAL, silence=silence, total=2 * silence),
            parse=parser,
        )


def _title(found: FoundFeed) -> str:
    return shorten(trimmed(one_line(printable(found.title))), LONGEST_TITLE) or "News"


def _locale(language: str) -> str:
    """The language of the letter: that of the feed, where we speak it."""
    spoken = language.replace("_", "-").partition("-")[0].lower()
    return spoken if spoken in ours().locales else ENGLISH
