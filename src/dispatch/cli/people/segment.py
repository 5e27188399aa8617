"""`dispatch subscribers segment`: whom a rule picks, before a campaign writes to them."""

from contextlib import closing
from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer

from dispatch.cli import completion
from dispatch.cli.output.console import JsonFlag, progress, say, show, show_json, show_json_lines
from dispatch.cli.output.lists import TableLimitOption, most_rows, tell_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dispatch.pipeline.people.readers import Reader


def register(app: typer.Typer) -> None:
    """Add the command."""
    example = """Example: dispatch subscribers segment "locale == 'fr' and joined >= '2026'" """
    app.command("segment", epilog=example.strip())(segment)


def segment(
    context: typer.Context,
    rule: Annotated[
        str,
        typer.Argument(
            help="A rule as in a campaign's segment, or the name of a saved one.",
            autocompletion=completion.segments,
        ),
    ],
    audience: Annotated[
        str | None,
        typer.Option(
            help="Of which audience; the only one by default.", autocompletion=completion.audiences
        ),
    ] = None,
    count: Annotated[bool, typer.Option("--count", help="Only say how many they are.")] = False,
    limit: TableLimitOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Show whom a segment picks of an audience, and how many they are."""
    from dispatch.app import open_app
    from dispatch.model.people.segment import asks_for_consent, rule_of
    from dispatch.pipeline.people.readers import pick
    from dispatch.pipeline.workspace.check_segments import unknown_columns

    most = 0 if count else most_rows(limit, as_json=as_json)
    with open_app(context.obj) as opened, opened.store.read() as tx:
        asked = rule_of(rule, opened.workspace.segments)
        name = opened.people.audience(audience)
        everybody = tx.subscribers.count_active(name)
        picked = pick(asked, name, tx, opened.tools.trials)
        with closing(picked), progress(quiet=as_json) as bar:
            found = bar.track(picked, description="asking about people", total=everybody)
            if as_json and not count:
                show_json_lines(_rows(islice(found, most)))
                return
            shown = list(_rows(islice(found, most)))
            number = len(shown) + sum(1 for _ in found)
        odd = list(unknown_columns(asked, name, tx))
    if as_json:
        show_json({"audience": name, "rule": asked, "readers": everybody, "picked": number})
        return
    for problem, advice, _ in odd:
        say(f"{problem} - {advice}", err=True)
    if not count:
        of_consent = ("joined", "source") if asks_for_consent(asked) else ()
        columns = ("email", "name", "locale", "topics", *of_consent)
        show("Segment", columns, shown, as_json=False, empty="nobody")
        tell_number(len(shown), number)
    say(f"{number} of {everybody} in {name}")


def _rows(found: "Iterable[Reader]") -> "Iterator[dict[str, object]]":
    for person, consent in found:
        row: dict[str, object] = {
            "email": person.email,
            "name": person.name,
            "locale": person.locale,
            "timezone": person.timezone,
            "topics": list(person.topics),
            "cadence": person.cadence,
            "fields": person.fields,
        }
        yield row | {"joined": consent.at, "source": consent.source} if consent else row
