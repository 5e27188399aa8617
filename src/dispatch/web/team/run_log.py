"""The run that made an edition: what it looked at, and for each post why it is in or out."""

from starlette.responses import Response

from dispatch.web.team.live import edition_of
from dispatch.web.team.reasons import told
from dispatch.web.team.visit import Visit


def show(visit: Visit) -> Response:
    """The run log of one edition. A welcome has none: it says once more what another one said."""
    edition = edition_of(visit)
    with visit.app.store.read() as tx:
        run = tx.runs.that_made(edition.id)
    return visit.page(
        "run.html",
        here="editions",
        edition=edition,
        content=edition.content,
        run=run,
        posts=[(post, told(visit.times, post.why)) for post in run.posts or ()] if run else [],
        never=[(told(visit.times, why), number) for why, number in run.never_used.items()]
        if run
        else [],
    )
