"""OPML, the lists of feeds that feed readers exchange (https://opml.org/spec2.opml), in and out."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from dispatch.config.files.problems import FileProblem, InvalidValueError, Problems
from dispatch.config.values import simple as words
from dispatch.errors import BadInput
from dispatch.model.text.plain_text import one_line, printable, shorten
from dispatch.regular_files import open_regular, why_unread

MAX_BYTES = 5_000_000
MAX_FEEDS = 2_000
LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed of a list; `line` is where a file has it, `site` its home page if it is known."""

    url: str
    title: str = ""
    site: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class OpmlFile:
    """The feeds of a file in its order, folders left out; `problems` are outlines of no use."""

    outlines: tuple[Outline, ...]
    problems: tuple[FileProblem, ...]


def write_opml(outlines: Iterable[Outline], *, title: str) -> str:
    """The text of an OPML 2.0 file with these feeds."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        "  <head>",
        f"    <title>{_escaped(title)}</title>",
        "  </head>",
        "  <body>",
    ]
    for outline in outlines:
        fields = {
            "type": "rss",  # for Atom too: it says what the outline is, not the format
            "text": outline.title or outline.url,
            "title": outline.title,
            "xmlUrl": outline.url,
            "htmlUrl": outline.site,
        }
        written = (f"{name}={_quoted(value)}" for name, value in fields.items() if value)
        lines.append(f"    <outline {' '.join(written)}/>")
    return "\n".join([*lines, "  </body>", "</opml>", ""])


def read_opml(path: Path) -> OpmlFile:
    """Read a list of feeds; raises BadInput if it is none, or cannot be read."""
    if re.match("https?:/", str(path)):
        problem = "is an address, and no file of this machine"
        raise BadInput([_problem(path, None, problem, "save the list as a file first")])
    try:
        with open_regular(path) as file:
            body = file.read(MAX_BYTES + 1)
    except OSError as error:
        problem, advice = why_unread(error, advice="check the path")
        raise BadInput([_problem(path, None, problem, advice)]) from error
    return parse_opml(body, path.name)


def parse_opml(body: bytes, name: str) -> OpmlFile:
    """The same of a file's bytes; `name` is what messages call it."""
    path = Path(name)
    if len(body) > MAX_BYTES:
        problem = f"is larger than {MAX_BYTES / 1e6:g} MB"
        raise BadInput([_problem(path, None, problem, "is it the right file?")])
    reading = _Reading(path)
    try:
        reading.parser.Parse(body, True)
    except expat.ExpatError as error:
        problem, advice = "is not valid XML from here on", "export it again from your feed reader"
        raise BadInput([_problem(path, error.lineno, problem, advice)]) from None
    except (LookupError, ValueError) as error:  # an encoding nobody knows, or one that is none
        problem = "has an encoding that is not known"
        raise BadInput([_problem(path, 1, problem, "save it as UTF-8")]) from error
    return OpmlFile(tuple(reading.outlines), reading.problems.listed())


class _Reading:
    """Hears of one element after the other; how deep they are nested does not matter."""

    def __init__(self, path: Path) -> None:
        self.outlines: list[Outline] = []
        self.problems = Problems(path.name)
        self._path = path
        self._root = ""
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        # A few lines of entities can become gigabytes, and others name files of this machine.
        self.parser.EntityDeclHandler = self._refuse_entities
        self.parser.buffer_text = True

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        line = self.parser.CurrentLineNumber
        if not self._root:
            self._root = name
            if name.lower() != "opml":
                problem = "is not OPML"
                advice = "export a list of feeds (OPML) from your feed reader"
                if name.lower().rpartition(":")[2] in {"rss", "feed", "rdf"}:
                    advice += "; a feed's address goes below feeds: in schedules.yaml"
                raise BadInput([_problem(self._path, line, problem, advice)])
        if name.lower() == "outline":
            self._outline({key.lower(): value for key, value in attributes.items()}, line)

    def _outline(self, fields: dict[str, str], line: int) -> None:
        url = fields.get("xmlurl", "").strip()
        title = _title(fields.get("title") or fields.get("text", ""))
        if not url:
            if fields.get("type", "").lower() in {"rss", "atom"}:
                self._note(line, f"{title or 'an outline'}: has no xmlUrl", "add the feed by hand")
            return  # a folder, or a link
        try:
            checked = words.web_address(url)
        except InvalidValueError as error:
            self._note(line, f"xmlUrl: {error.problem}", error.advice)
            return
        if len(self.outlines) >= MAX_FEEDS:
            problem = f"has more than {MAX_FEEDS} feeds"
            raise BadInput([_problem(self._path, line, problem, "bring in a part of them")])
        self.outlines.append(Outline(checked, title, fields.get("htmlurl", "").strip(), line))

    def _note(self, line: int, problem: str, advice: str) -> None:
        self.problems.add(_problem(self._path, line, problem, advice))

    def _refuse_entities(self, *_declaration: object) -> None:
        line = self.parser.CurrentLineNumber
        problem = "declares entities, which no list of feeds needs"
        raise BadInput([_problem(self._path, line, problem, "remove the <!DOCTYPE ...> part")])


def _title(text: str) -> str:
    return shorten(one_line(text), LONGEST_TITLE)


def _quoted(value: str) -> str:
    return quoteattr(printable(value), {'"': "&quot;"})


def _escaped(value: str) -> str:
    return _quoted(value)[1:-1]


def _problem(path: Path, line: int | None, problem: str, advice: str) -> FileProblem:
    return FileProblem(path.name, line, "", problem, advice)
