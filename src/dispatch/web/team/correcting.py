"""Forms that correct what stands on networks, post by post."""

from collections.abc import Mapping

from starlette.responses import Response

from dispatch.errors import BadInput, Conflict, NotFound
from dispatch.model.delivery.correction import DONE, Came, Corrected, Repost
from dispatch.model.editions.edition import Edition, EditionState, OwnSnippet
from dispatch.pipeline.archive.amend import Corrections, amend_edition
from dispatch.web.team import live, report
from dispatch.web.team.numbers import number_in
from dispatch.web.team.published import published_of
from dispatch.web.team.visit import Visit

HOW = {"edit": Repost.NEVER, "repost": Repost.INSTEAD, "not-there": Repost.ANYWAY}
"""What the buttons say."""


def correct(visit: Visit) -> Response:
    """Have one post say something else, or be deleted and posted again."""
    edition = live.edition_of(visit)
    key, how = number_in(visit.form("post")), HOW.get(visit.form("how"))
    if key is None or how is None:
        raise BadInput([visit.words("errors.bad_form")])
    field = f"text-{key}"
    typed = visit.form.raw(field).replace("\r\n", "\n").strip()
    with visit.app.store.read() as tx:
        row = tx.published.of_delivery(key)
        found = tx.delivery_pages.with_keys(edition, [key])
    if row is None or not found:
        raise NotFound(visit.words("networks.gone"))
    try:
        if typed != row.post.text.strip():
            _keep(visit, edition, OwnSnippet(row.channel, found[0].part, typed))
        told = list(visit.app.delivery.correct(edition.id, by=visit.by, repost=how, only={key}))
    except (BadInput, Conflict) as error:
        return _again(visit, edition, {field: str(error)}, {key: typed})
    bad = [one for one in told if one.came not in DONE]
    if bad:
        return _again(visit, edition, {field: sentence_of(visit, bad[0])}, {key: typed})
    came = told[0].came if told else Came.SAME
    return visit.to(f"/editions/{edition.id}#networks", f"post_{came.value}")


def sentence_of(visit: Visit, told: Corrected) -> str:
    """What came of a post, where that is not what was asked for."""
    if told.problem:
        return visit.words(f"networks.came_{told.came.value}_because", problem=told.problem)
    return visit.words(f"networks.came_{told.came.value}")


def _keep(visit: Visit, edition: Edition, own: OwnSnippet) -> None:
    app = visit.app
    plan = next(one for one in edition.content.social if one.via == own.channel)
    if over := app.channels.takes(own.channel).for_plan(plan).too_many(own.text):
        raise BadInput([visit.words("networks.too_long", count=over)])
    amend_edition(
        edition.id,
        Corrections(snippets=(own,)),
        by=visit.by,
        campaigns=app.workspace.campaigns,
        store=app.store,
        clock=app.clock,
        renderer=app.tools.trials,
        takes_of=app.channels.takes,
    )


def _again(
    visit: Visit, edition: Edition, errors: Mapping[str, str], typed: Mapping[int, str]
) -> Response:
    """The page once more, with what went wrong at its post."""
    is_going = edition.state in {EditionState.SENDING, EditionState.PAUSED}
    show = live.show if is_going else report.show
    return show(visit, edition, errors=errors, **published_of(visit, edition, typed))
