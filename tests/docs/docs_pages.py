"""The pages of the documentation as values: their text, their blocks, their links."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *ROOT.glob("changelog.d/*.md")])

_BLOCK = re.compile(
    r"(?:<!-- not run: (?P<reason>.+?) -->\n+)?^```(?P<info>.*)\n(?P<body>(?:.*\n)*?)```$",
    re.MULTILINE,
)
_LINK = re.compile(r"(?<!\\)\]\((?P<text>[^)\s]+)\)|(?:src|href)=\"(?P<html>[^\"]+)\"")
_CODE = re.compile(r"`[^`\n]*`")


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block; `info` stands behind the fence, such as `yaml file=schedules.yaml`."""

    info: str
    body: str
    line: int
    not_run: str


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks_of(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    return [
        Block(
            found["info"].strip(),
            found["body"],
            text.count("\n", 0, found.start("info")) + 1,
            found["reason"] or "",
        )
        for found in _BLOCK.finditer(text)
    ]


def prose_of(page: Path) -> str:
    """The text without its blocks and without code."""
    return _CODE.sub("", _BLOCK.sub("", page.read_text(encoding="utf-8")))


def links_of(page: Path) -> list[str]:
    """The links to other files and places of this project."""
    found = [match["text"] or match["html"] for match in _LINK.finditer(prose_of(page))]
    return [link for link in found if not re.match(r"[a-z]+:", link)]


def anchors_of(page: Path) -> set[str]:
    """The places of a page that a link may name, spelt as GitHub does."""
    headings = re.findall(r"(?m)^#+ (.+)$", page.read_text(encoding="utf-8"))
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.strip().replace(" ", "-") for heading in plain}
