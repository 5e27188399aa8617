"""What templates see, from the values they are given."""

import typing
from collections.abc import Iterable, Iterator
from dataclasses import fields

from generator.markdown import one_paragraph, table

from dispatch.render.templates import context, segment
from dispatch.render.templates import files as templates
from dispatch.render.templates.filters import FILTERS
from dispatch.render.templates.variables import COMMON_NAMES, kind_in_words


def template_variables() -> Iterator[str]:
    """The page, part by part."""
    yield "# Template variables"
    yield (
        "Templates are Jinja2, in a sandbox. An unknown name is an error that `dispatch check` "
        "tells with file and line. Files that end in `.mjml` escape what they print by themselves. "
        "How to begin: [write a template](../how-to/write-a-template.md)."
    )
    yield "## Which file knows what"
    files = {
        f"`{templates.SUBJECT}`, `{templates.PREHEADER}`": context.IN_SUBJECT,
        f"`{templates.DIGEST_MJML}`, `{templates.DIGEST_TEXT}`": context.IN_DIGEST,
        f"`{templates.SNIPPET}`, `snippet.<name>.txt`": context.IN_SNIPPET,
        f"`{templates.MAIL_MJML}`, `{templates.MAIL_TEXT}`": context.IN_READER_MAIL,
    }
    yield table(
        ("name", "meaning", *files),
        (
            (f"`{name}`", meaning, *("yes" if name in known else "" for known in files.values()))
            for name, meaning in _known_names(files.values())
        ),
    )
    yield (
        f"A `{templates.SUBJECT}` beside `{templates.MAIL_MJML}` knows what that one does, but for "
        "`subject`: [the mails to readers](../how-to/double-opt-in.md)."
    )
    for view in (
        context.EditionView,
        context.FeedView,
        context.PostView,
        context.PieceView,
        context.SubscriberView,
        context.LinksView,
        context.BrandView,
        context.LogoView,
        context.LimitsView,
    ):
        yield from _view(view)
    yield "## Filters"
    yield "Beside Jinja2's own, except `random`:"
    yield table(
        ("filter", "meaning"),
        ((f"`{name}`", one_paragraph(function.__doc__)) for name, function in FILTERS.items()),
    )
    yield "## Segments"
    yield (
        "`segment:` in `schedules.yaml` is an expression about one subscriber, such as "
        "`locale == 'fr' and 'ia' in topics`. It knows "
        + ", ".join(f"`{name}`" for name in sorted(segment.NAMES))
        + ". What each of them is: "
        "[write to some of them](../how-to/segments.md#what-a-rule-can-ask)."
    )


def _known_names(files: Iterable[frozenset[str]]) -> list[tuple[str, str]]:
    known = frozenset[str]().union(*files)
    if unexplained := known ^ COMMON_NAMES.keys():
        raise SystemExit(f"docs/generate.py: COMMON_NAMES and the code differ in {unexplained}")
    return [(name, meaning) for name, meaning in COMMON_NAMES.items() if name in known]


def _view(view: type) -> Iterator[str]:
    name = view.__name__.removesuffix("View").lower()
    yield f"## `{name}`"
    text = one_paragraph(view.__doc__).partition(": ")[2]
    yield text[:1].upper() + text[1:] if not text.startswith("`") else text
    hints = typing.get_type_hints(view)
    rows = [(f"`{name}.{one.name}`", kind_in_words(hints[one.name])) for one in fields(view)]
    yield table(("name", "value"), rows)
