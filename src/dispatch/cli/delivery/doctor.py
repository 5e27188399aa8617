"""`dispatch doctor`: what would go wrong with the mails of a channel, before any is sent."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from dispatch.cli import completion
from dispatch.cli.arguments import By
from dispatch.cli.output.console import JsonFlag, say, show_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.store.events.examinations import Examination
    from dispatch.web.team.checks import Checked
    from dispatch.web.team.times import Times
    from dispatch.words.catalogues import Words


def register(app: typer.Typer) -> None:
    """Add the command to `dispatch`."""
    app.command(epilog="Example: dispatch doctor mail")(doctor)


def doctor(
    context: typer.Context,
    names: Annotated[
        list[str],
        typer.Argument(help="Channels.", metavar="CHANNEL", autocompletion=completion.channels),
    ],
    as_json: JsonFlag = False,
    by: By = "",
) -> None:
    """Examine a channel: what would keep its mails from arriving.

    Account, quota, SPF, DKIM, DMARC, the way out, what comes back, and the rules of Gmail and
    Yahoo. It signs in, asks the DNS, and sends nothing. What it finds is kept for the channel's
    page. Exits with 1 where something would keep mails from arriving. What does not answer is to be
    looked at, and counts neither for nor against you.
    """
    from dispatch.app import open_app
    from dispatch.web.team.times import Times
    from dispatch.words.catalogues import team_words_in

    with open_app(context.obj) as opened:
        for name in names:
            opened.channels.plan(name)
        lookups = opened.channels.lookups()
        examined = [
            opened.channels.examine(name, by=by, lookups=lookups) for name in dict.fromkeys(names)
        ]
        words = team_words_in()
        times = Times(words, opened.zone, opened.clock())
    if as_json:
        show_json([_row(one, words, times) for one in examined])
    else:
        _tell(examined, words, times)
    if any(one.stops for one in examined):
        raise typer.Exit(1)


def _row(examined: "Examination", words: "Words", times: "Times") -> dict[str, Any]:
    from dispatch.pipeline.doctor.checklist import check_rules
    from dispatch.web.team.checks import doctors_sentences

    said = doctors_sentences(examined.findings, words, times)
    return {
        "channel": examined.channel,
        "at": examined.at,
        "fine": not examined.stops,
        "findings": [
            {
                "kind": one.kind.value,
                "name": one.name,
                "says": sentence.text,
                "do": sentence.do,
                "values": dict(one.values),
            }
            for one, sentence in zip(examined.findings, said, strict=True)
        ],
        "rules": [
            {
                "name": one.name.removeprefix("rule_"),
                "kind": one.kind.value,
                "known": one.known,
                "says": words(f"doctor.{one.name}"),
            }
            for one in check_rules(examined.findings)
        ],
    }


def _tell(examined: "Sequence[Examination]", words: "Words", times: "Times") -> None:
    from dispatch.model.editions.finding import Kind
    from dispatch.pipeline.doctor.checklist import check_rules
    from dispatch.web.team.checks import doctors_sentences, rules_told

    for number, one in enumerate(examined):
        say(f"{'' if not number else chr(10)}Channel {one.channel}")
        for said in doctors_sentences(one.findings, words, times):
            say(f"  {_kind(said, words)} {said.text}")
            if said.do:
                say(f"    {said.do}")
        if rules := check_rules(one.findings):
            say(f"  {words('doctor.rules')}")
            for rule in rules_told(rules, words):
                say(f"    {_kind(rule, words)} {rule.text}")
        stops, looks, fine = (len(one.of(kind)) for kind in Kind)
        counts = words("doctor.counts", stops=stops, looks=looks, fine=fine)
        say(f"channel {one.channel}: {counts}")


def _kind(said: "Checked", words: "Words") -> str:
    stops = said.kind.value == "stop"
    return words("doctor.stops") if stops else words(f"checks.kind_{said.kind}")
