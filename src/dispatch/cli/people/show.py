"""`dispatch subscribers show`: all that is known of one person."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from dispatch.cli.arguments import checked_address
from dispatch.cli.output.console import JsonFlag, say, show, show_json
from dispatch.cli.output.verbosity import verbosity

if TYPE_CHECKING:
    from datetime import datetime

    from dispatch.app import App
    from dispatch.model.people.record import Word
    from dispatch.model.people.subscriber import Subscriber
    from dispatch.store.transactions import Transaction

LAST = 10
"""Deliveries that are shown."""

WORDS = {
    "active": "joined",
    "ended": "left",
    "pending": "asked to be confirmed",
    "paused": "asked for a pause",
    "resumed": "pause over",
    "chose": "chose",
    "moved": "changed address",
    "lifted": "suppression lifted",
    "revoked": "earlier links void",
}
VOIDING = ("moved", "revoked")
"""What makes void the links to their choices that were sent before."""


LATER = ("form", "page", "text", "confirmed")
"""Columns that are shown where one of the words says something there."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("show", epilog="Example: dispatch subscribers show ada@example.org")(show_person)


def show_person(
    context: typer.Context,
    email: Annotated[str, typer.Argument(help="The address.")],
    as_json: JsonFlag = False,
) -> None:
    """Show all that is known of one person: consent, choices, and what they were sent last.

    And what came later of that, and all that providers told: 'dispatch events list --recipient'.
    """
    from dispatch.app import open_app

    email = checked_address(email)
    with open_app(context.obj) as opened, opened.store.read() as tx:
        person = tx.subscribers.find(email)
        found = _beside(email, tx, opened) if person is None else _known(person, tx)
    if as_json:
        show_json(found)
    else:
        verbosity().tell_whole()
        _tell(found)


def _known(person: "Subscriber", tx: "Transaction") -> dict[str, Any]:
    from dispatch.model.people.subscriber import email_key
    from dispatch.pipeline.events.soft_bounces import soft_bounces_of

    soft = soft_bounces_of(person, tx=tx)
    suppression, choice = tx.suppressions.of(person.email), tx.consents.choice(person.id)
    words = tx.record.words(person.id)
    texts = tx.record.wordings({one.wording for one in words if one.wording})
    agreed = {one.audience: one.given for one in words if one.state == "active"}
    grounds = {one.audience: one for one in words}  # the last one of each
    void = [one.recorded for one in words if one.state in VOIDING]
    asked = tx.suppressions.asked().get(email_key(person.email))
    return {
        "email": person.email,
        "name": person.name,
        "locale": person.locale,
        "timezone": person.timezone,
        "topics": list(person.topics),
        "cadence": person.cadence,
        "cadence_is_their_choice": choice.own,
        "cadence_since": choice.since,
        "fields": person.fields,
        "suppressed": suppression.reason if suppression else None,
        "suppressed_since": suppression.since if suppression else None,
        "suppression_asked_to_be_lifted": asked,
        "soft_bounces": {"bounced": soft.bounced, "mails": soft.mails, "limit": soft.limit},
        "links_void_before": max(void, default=None),
        "subscriptions": [
            {
                "audience": one.audience,
                "state": one.state.value,
                "since": one.since,
                "until": one.until,
                "consented_at": agreed.get(one.audience),
                "source": grounds[one.audience].source if one.audience in grounds else "",
            }
            for one in tx.consents.standing(person.id).values()
        ],
        "words": [_word(one) for one in words],
        "texts": {one.id: one.text for one in texts.values()},
        "deliveries": _received(person, tx),
    }


def _received(person: "Subscriber", tx: "Transaction") -> list[dict[str, Any]]:
    found = tx.received.last(person.id, limit=LAST)
    later = tx.later.of(one.key for one in found)
    return [
        {
            "edition": one.edition_id[:8],
            "campaign": one.campaign,
            "channel": one.channel,
            "state": one.state.value,
            "since": one.changed,
            "reason": one.reason,
            "later": then.state.value if then else None,
            "later_at": then.at if then else None,
            "later_reason": then.reason if then else "",
        }
        for one in found
        for then in (later.get(one.key),)
    ]


def _word(one: "Word") -> dict[str, Any]:
    return {
        "at": one.at,
        "audience": one.audience,
        "what": WORDS.get(one.state, one.state),
        "source": one.source,
        "given": one.given,
        "recorded": one.recorded,
        "form": one.form,
        "page": one.page,
        "text": one.wording,
        "confirmed": one.confirmed,
        "email": one.trace.email,
        "network": one.trace.network,
    }


def _beside(email: str, tx: "Transaction", opened: "App") -> dict[str, Any]:
    """What is known of an address that is nobody's here; raises NotFound where nothing is."""
    from dispatch.errors import NotFound
    from dispatch.model.text.suggestions import asked, closest

    opened.people.check_not_erased(email, tx)
    suppression = tx.suppressions.of(email)
    left = opened.people.left_before(email, tx)
    never = suppression or opened.people.is_suppressed_before(email, tx)
    if not (left or never):
        near = closest(email, tx.consents.near(email))
        advice = asked(near) if near else "see 'dispatch subscribers list TEXT'"
        raise NotFound(f"{email}: nobody with this address is or was here - {advice}")
    since: datetime | None = suppression.since if suppression else None
    why = suppression.reason if suppression else "before this database was used"
    return {
        "email": email,
        "suppressed": why if never else None,
        "suppressed_since": since,
        "subscriptions": [
            {
                "audience": audience,
                "state": "ended",
                "since": at,
                "consented_at": None,
                "source": "left before this database was used",
            }
            for audience, at in left.items()
        ],
    }


def _tell(found: dict[str, Any]) -> None:
    say(" ".join(filter(None, [found["email"], found.get("name", "")])))
    for key in ("locale", "timezone"):
        if found.get(key):
            say(f"{key}: {found[key]}")
    if found.get("topics"):
        say(f"topics: {', '.join(found['topics'])}")
    if "cadence" in found:
        _tell_cadence(found)
    for name, value in found.get("fields", {}).items():
        say(f"{name}: {value}")
    _tell_suppression(found)
    rows = found["subscriptions"]
    until = ("until",) if any(one.get("until") for one in rows) else ()
    columns: tuple[str, ...] = ("audience", "state", "since", *until, "consented_at", "source")
    show("Subscriptions", columns, rows, as_json=False, empty="none")
    _tell_words(found)
    if "deliveries" in found:
        columns = ("since", "edition", "campaign", "channel", "state", "reason")
        if any(one["later"] for one in found["deliveries"]):
            columns = (*columns, "later", "later_at", "later_reason")
        rows = found["deliveries"]
        show("Last deliveries", columns, rows, as_json=False, empty="none yet")


def _tell_suppression(found: dict[str, Any]) -> None:
    if found["suppressed"] is not None:
        since = found["suppressed_since"]
        when = f" since {since:%Y-%m-%d %H:%M} UTC" if since else ""
        say(f"suppressed{when}: {found['suppressed']} - nothing is ever sent there")
    if (soft := found.get("soft_bounces")) and soft["bounced"] and found["suppressed"] is None:
        mails = f"{soft['bounced']} of the last {soft['mails']} mails bounced softly"
        say(f"{mails} - after {soft['limit']} the address is suppressed")
    if asked := found.get("suppression_asked_to_be_lifted"):
        say(f"asks since {asked:%Y-%m-%d %H:%M} UTC to be mailed again: lift it, or leave it")
    if void := found.get("links_void_before"):
        say(f"links to their choices hold that were sent after {void:%Y-%m-%d %H:%M} UTC")


def _tell_words(found: dict[str, Any]) -> None:
    words = found.get("words", ())
    told = [column for column in LATER if any(one[column] for one in words)]
    if told or len(words) > len(found["subscriptions"]):
        show("On record", ("at", "audience", "what", "source", *told), words, as_json=False)
    for name, text in found.get("texts", {}).items():
        say(f"text {name}: {text}")


def _tell_cadence(found: dict[str, Any]) -> None:
    if not found["cadence"]:
        return
    since = found["cadence_since"]
    whose = "their own choice" if found["cadence_is_their_choice"] else "as they came in"
    when = f", since {since:%Y-%m-%d %H:%M} UTC" if since else ""
    say(f"cadence: {found['cadence']} ({whose}{when})")
