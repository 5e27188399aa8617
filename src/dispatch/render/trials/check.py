"""What is wrong with a template, found by trying it on awkward posts and people."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from html.parser import HTMLParser
from itertools import product
from types import MappingProxyType
from typing import Protocol

from dispatch.errors import DispatchError, TemplateFailed
from dispatch.model.campaigns.campaign import Each, SocialPlan
from dispatch.model.editions.picture import Picture
from dispatch.model.text.limits import TextLimits
from dispatch.model.text.plain_text import quoted
from dispatch.model.text.suggestions import did_you_mean
from dispatch.render.digests.digest import DigestRenderer
from dispatch.render.digests.mjml import find_source
from dispatch.render.digests.pictures import file_name, relative_addresses
from dispatch.render.snippet import render_snippets
from dispatch.render.templates import files as templates
from dispatch.render.templates.context import IN_DIGEST, IN_SNIPPET, IN_SUBJECT
from dispatch.render.templates.environment import TemplateFiles
from dispatch.render.templates.files import place, shows_parts
from dispatch.render.templates.pictures import LOGO
from dispatch.render.templates.symbolic_values import SymbolicValues
from dispatch.render.templates.words import Language, read_words
from dispatch.render.texts import Digest
from dispatch.render.trials.remark import Remark
from dispatch.render.trials.samples import (
    AWKWARD_READERS,
    CHOOSE,
    PIECES,
    POSTS,
    UNSUBSCRIBE,
    trial_content,
    trial_readers,
)

MOST_HTML = 102 * 1024
"""In bytes; Gmail cuts a message off here, the unsubscribe link with it."""

MANY_LINKS = 60
"""In a digest of a dozen posts. Filters look at every one: SpamAssassin asks about 20 sites of a
mail at most (uridnsbl_max_domains), and picks them by chance where there are more. Five for each
post lead to it, its licence, author and topic; readers follow few of so many."""

LONG = 100
"""Posts of the longest digest that is tried."""

TRIAL_TEXT = 500
"""What the trial's channel takes, in code points."""

# Only these tags tell; reading all of a digest takes as long as rendering it.
_LINK_OR_IMAGE = re.compile(
    r"""<!--.*?-->|<(?:a|img)\b(?:[^>"']++|"[^"]*"|'[^']*')*+>""", re.DOTALL | re.IGNORECASE
)
_REMOTE_STYLE = re.compile(r"@import|<link\b[^>]*stylesheet", re.IGNORECASE)
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_HALF_A_TAG = re.compile(r"\{\{|\}\}|\{%|%\}")
_SNIPPET_FILE = re.compile(r"snippet\.(?:([\w-]+)\.)?txt")


class CheckTemplate(Protocol):
    """`check_template`, here or in a child process."""

    def __call__(
        self,
        name: str,
        sources: Mapping[str, str],
        *,
        needs_email: bool,
        needs_social: bool,
        each: Iterable[Each],
        may_be_empty: bool,
        pictures: Mapping[str, Picture],
        most_posts: int,
    ) -> list[str]: ...


def check_template(
    name: str,
    sources: Mapping[str, str],
    *,
    needs_email: bool,
    needs_social: bool,
    each: Iterable[Each] = (Each.POST,),
    may_be_empty: bool = False,
    pictures: Mapping[str, Picture] = MappingProxyType({}),
    most_posts: int = POSTS,
) -> list[str]:
    """The problems of a template, one line for each, in every language it has words for.

    Those that are no more than a Remark say so. `pictures` go with its digest. `each` is what its
    snippets are made for; `may_be_empty` says that an edition without posts goes out, too, and
    `most_posts` how many one may have. What cannot be read at all hides what comes after.
    """
    fewest = 0 if may_be_empty else 1
    problems = _first_problems(name, sources, needs_email=needs_email, needs_social=needs_social)
    try:
        words = read_words(name, sources.get(templates.WORDS))
    except TemplateFailed as error:
        problems.append(str(error))
        words = {}
    problems += missing_words(name, words)
    if not problems:
        for locale in words or ("en",):
            if needs_email:
                problems += _digest_problems(name, sources, locale, fewest, pictures)
                problems += _cut_off(name, sources, locale, most_posts, pictures)
            if needs_social:
                problems += _snippet_problems(name, sources, locale, each, fewest)
    return list(dict.fromkeys(problems))


def _first_problems(
    name: str, sources: Mapping[str, str], *, needs_email: bool, needs_social: bool
) -> list[str]:
    """What is seen without rendering: files that are missing, misspelt, or name the unknown."""
    wanted: dict[str, frozenset[str]] = {}
    if needs_email:
        wanted |= {templates.SUBJECT: IN_SUBJECT}
        wanted |= {templates.DIGEST_MJML: IN_DIGEST, templates.DIGEST_TEXT: IN_DIGEST}
        wanted |= {templates.PREHEADER: IN_SUBJECT} if templates.PREHEADER in sources else {}
    if needs_social:
        wanted |= {templates.SNIPPET: IN_SNIPPET}
        wanted |= {file: IN_SNIPPET for file in sources if _SNIPPET_FILE.fullmatch(file)}
    # Of one kind, so that what a trial renders next is compiled already.
    digest = TemplateFiles(name, sources, SymbolicValues(trial_content(name, sources, locale="en")))
    snippets = TemplateFiles(name, sources)
    problems = [
        one
        for file, known in wanted.items()
        for one in (snippets if known is IN_SNIPPET else digest).problems(file, known)
    ]
    return problems + [one for file in wanted for one in half_tags(name, file, sources)]


def half_tags(name: str, file: str, sources: Mapping[str, str]) -> Iterator[str]:
    """Braces that readers would see: Jinja takes `{ name }}` for text."""
    if not file.endswith(".txt"):  # in MJML, styles may well end with two braces
        return
    for number, line in enumerate(_TAG.sub(_blank, sources.get(file, "")).splitlines(), start=1):
        if _HALF_A_TAG.search(line):
            yield f"{place(name, file, number)}: half a tag - write {{{{ name }}}} or {{% if %}}"


def _blank(tag: re.Match[str]) -> str:
    return "\n" * tag[0].count("\n")


def missing_words(name: str, words: Mapping[str, Language]) -> Iterator[str]:
    """Words that one language of a template has and another one has not."""
    keys = dict.fromkeys(key for language in words.values() for key in language)
    for tag, language in words.items():
        for key in keys:
            if key not in language:
                other = next(other for other in words if key in words[other])
                where = place(name, templates.WORDS)
                yield f"{where}: {tag}.{key}: missing - {other} has it, add it to {tag}"


def _digest_problems(
    name: str,
    sources: Mapping[str, str],
    locale: str,
    fewest: int,
    pictures: Mapping[str, Picture],
) -> Iterator[str]:
    tries = [(posts, PIECES if posts == POSTS else ()) for posts in sorted({fewest, 1, POSTS})]
    if not fewest and shows_parts(sources):
        tries.append((0, PIECES))  # such as a letter
    for posts, pieces in tries:
        content = trial_content(name, sources, locale=locale, posts=posts, pieces=pieces)
        content = replace(content, pictures=pictures)
        try:
            renderer = DigestRenderer(content)
            # What a name may do it does to one post as to twelve.
            for reader in trial_readers(locale)[: None if posts == 1 else AWKWARD_READERS]:
                digest = renderer.render(
                    reader,
                    unsubscribe_url=UNSUBSCRIBE,
                    preferences_url=CHOOSE,
                    cadence_url=CHOOSE if posts > 1 else "",
                )
                yield from _faults(name, digest)
                yield from missing_pictures(name, sources, digest.html, pictures)
        except DispatchError as error:
            yield str(error)


def _faults(name: str, digest: Digest) -> Iterator[str]:
    mjml, text = place(name, templates.DIGEST_MJML), place(name, templates.DIGEST_TEXT)
    page = _read_page(digest.html)
    if UNSUBSCRIBE not in page.links:
        yield f"{mjml}: no way out - link to {{{{ links.unsubscribe }}}}"
    if UNSUBSCRIBE not in digest.text:
        yield f"{text}: no way out - print {{{{ links.unsubscribe }}}}"
    if page.silent_images:
        yield f'{mjml}: an image without alt - say what it shows, or alt="" for an ornament'
    if _REMOTE_STYLE.search(digest.html):
        yield f"{mjml}: fetches a font or style - use the reader's own fonts, leave mj-font out"
    if page.count > MANY_LINKS:
        advice = f"filters and readers do better with {MANY_LINKS} at most"
        yield Remark(f"{mjml}: {page.count} links in a digest of {POSTS} posts - {advice}")
    size = len(digest.html.encode())
    if size > MOST_HTML:
        advice = f"stay below {MOST_HTML // 1024} KB, or mail programs cut the end off"
        yield f"{mjml}: {size // 1024} KB for {POSTS} posts - {advice}"


def links_in(html: str) -> set[str]:
    """Where the links of a document lead."""
    return _read_page(html).links


def _read_page(html: str) -> "_Page":
    page = _Page()
    page.feed("".join(_LINK_OR_IMAGE.findall(html)))
    return page


def _cut_off(
    name: str,
    sources: Mapping[str, str],
    locale: str,
    most_posts: int,
    pictures: Mapping[str, Picture],
) -> Iterator[str]:
    """Whether mail programs would cut the end off a digest with as many posts as one may have."""
    number = min(most_posts, LONG)
    if number <= POSTS:
        return
    content = trial_content(name, sources, locale=locale, posts=number)
    reader = trial_readers(locale)[0]
    try:
        renderer = DigestRenderer(replace(content, pictures=pictures))
        digest = renderer.render(
            reader, unsubscribe_url=UNSUBSCRIBE, preferences_url=CHOOSE, cadence_url=CHOOSE
        )
    except DispatchError:
        return  # what fewer posts say, too
    size = len(digest.html.encode())
    if size > MOST_HTML:
        where, most = place(name, templates.DIGEST_MJML), MOST_HTML // 1024
        problem = f"{size // 1024} KB for {number} posts, which a campaign may have"
        advice = f"above {most} KB mail programs cut the end off: lower its at_most, or print less"
        yield Remark(f"{where}: {problem} - {advice}")


def missing_pictures(
    name: str, sources: Mapping[str, str], html: str, pictures: Mapping[str, Picture]
) -> Iterator[str]:
    """Pictures that a digest names and no mail can hold: there is no such file."""
    for address in relative_addresses(html):
        where = find_source(address, name, sources)
        known = [one for one in pictures if one != LOGO]
        advice = did_you_mean(file_name(address), known)
        if not known:
            advice = f"put it into templates/{name}/, or write its address with https://"
        yield f"{where}: {quoted(address)} is no picture of the template - {advice}"


def _snippet_problems(
    name: str, sources: Mapping[str, str], locale: str, each: Iterable[Each], fewest: int
) -> Iterator[str]:
    contents = [trial_content(name, sources, locale=locale, posts=n) for n in {fewest, POSTS}]
    if not fewest and shows_parts(sources):
        contents.append(trial_content(name, sources, locale=locale, posts=0, pieces=PIECES))
    found = (_SNIPPET_FILE.fullmatch(file) for file in sources)
    providers = [match[1] or "" for match in found if match]
    plans = [SocialPlan("account", name, kind) for kind in each]
    tries = product(plans, providers, (None, TRIAL_TEXT), contents)
    for plan, provider, most, content in tries:
        try:
            render_snippets(content, plan, provider=provider, limits=TextLimits(most))
        except DispatchError as error:
            yield str(error)


class _Page(HTMLParser):
    """Collects the links of a page, and counts images that say nothing to the blind."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: set[str] = set()
        self.count = 0
        self.silent_images = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "a" and values.get("href"):
            self.links.add(str(values["href"]))
            self.count += 1
        if tag == "img" and "alt" not in values:
            self.silent_images += 1
