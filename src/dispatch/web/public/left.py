"""The page after leaving: undo it, say why, and what else there is."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from dispatch.errors import NotFound
from dispatch.model.people.reason import LONGEST_REMARK, Reason
from dispatch.model.people.subscriber import Subscriber
from dispatch.pipeline.people.leave import Left
from dispatch.pipeline.people.show_preferences import show_preferences
from dispatch.web.chooser import choices_path, path_of
from dispatch.web.page import leaf, words_for
from dispatch.words.catalogues import Words

if TYPE_CHECKING:
    from dispatch.app import App

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EXACT = timedelta(microseconds=1)


def left_page(
    request: Request,
    reader: Subscriber,
    left: Left,
    *,
    audience: str = "",
    thanks: bool = False,
) -> Response:
    """What they do not get any more; `audience` is what they asked about, if nothing was new."""
    app: App = request.app.state.app
    words = words_for(request, reader)
    names = list(left.audiences) or [audience]
    link = app.tools.links.unsubscribe_token(reader.public_id, names[0])
    here = path_of(app.tools.links.unsubscribe_url(link))
    shown = show_preferences(reader.id, app.workspace, store=app.store, now=app.clock())
    return leaf(
        request,
        "left.html",
        words,
        reader=reader,
        gone=joined(names, app),
        undo=app.tools.links.undo_token(reader.public_id, written(left)) if left else "",
        undo_at=f"{here}/undo",
        why_at=f"{here}/why",
        reasons=_reasons(words, theirs=bool(shown and shown.theirs)),
        longest=LONGEST_REMARK,
        thanks=thanks,
        stays=[one.title for one in shown.theirs] if shown else [],
        choices=way_to_choose(app, reader),
    )


def joined(audiences: Sequence[str], app: "App") -> str:
    """What readers call them, one after the other."""
    return ", ".join(dict.fromkeys(map(app.workspace.audience_title, audiences)))


def is_kept_back(app: "App", reader: Subscriber) -> bool:
    """Whether no letter goes to their address, whatever they choose: no page promises them any."""
    with app.store.read() as tx:
        return tx.suppressions.of(reader.email) is not None


def way_to_choose(app: "App", reader: Subscriber) -> str:
    """Where they choose: their own page, or the one that sends them the way there.

    A link by which one leaves holds for ever. So it leads to the choices only where no link to
    those was ever made useless.
    """
    if reader.link_version:
        return path_of(app.tools.links.preferences_url("")).rstrip("/")
    return choices_path(app, reader)


def written(left: Left) -> str:
    """What was left, as it stands in a token."""
    audiences = [[name, _number(until) if until else 0] for name, until in left.audiences.items()]
    return json.dumps([_number(left.at), audiences], separators=(",", ":"))


def read(said: str) -> Left:
    """The same, read. Raises NotFound."""
    try:
        at, audiences = json.loads(said)
        return Left(
            _moment(at), {name: _moment(until) if until else None for name, until in audiences}
        )
    except (ValueError, TypeError, OverflowError) as error:
        raise NotFound("undo: not one of ours - choose anew") from error


def _reasons(words: Words, *, theirs: bool) -> list[tuple[str, str, str]]:
    """Value, label and hint; `theirs` says whether they still get anything."""
    less = words("left.often_hint") if theirs else ""
    return [
        (Reason.OFTEN.name.lower(), words("left.often"), less),
        (Reason.TOPIC.name.lower(), words("left.topic"), ""),
        (Reason.NEVER.name.lower(), words("left.never"), words("left.never_hint")),
        (Reason.OTHER.name.lower(), words("left.other"), ""),
    ]


def _number(moment: datetime) -> int:
    return (moment - _EPOCH) // _EXACT


def _moment(number: int) -> datetime:
    return _EPOCH + number * _EXACT
