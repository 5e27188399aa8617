"""The frame of the team's pages: rail, banner, what was done; what templates can say."""

import gzip
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache, partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from dispatch.errors import StoreUnavailable
from dispatch.model.team.role import Right
from dispatch.pipeline.access.outlook import wait_for_somebody
from dispatch.store.team.rail import RailCounts
from dispatch.web.team.campaign_titles import path_of, title_of
from dispatch.web.team.charts import bars, meter, spark, stack
from dispatch.web.team.icons import icon
from dispatch.web.team.numbers import number_in
from dispatch.web.team.queries import with_query
from dispatch.web.team.states import Badges
from dispatch.web.team.times import capital
from dispatch.words.catalogues import Words, for_team, team_words_in

if TYPE_CHECKING:
    from dispatch.web.team.visit import Visit

WORTH_PACKING = 4_096
"""Bytes of a page below which it fits into a few packets anyway."""

PACKED_AT = 5
"""Of nine levels: more takes longer, and gives next to nothing."""

SILENT = timedelta(seconds=60)
"""After so long without a tick of any node the banner says that nothing runs."""

POLICY = (
    "default-src 'self'; img-src 'self' https: data:; style-src 'self'; script-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; object-src 'none'"
)

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
"""Of every page of the team. The referrer stays here, as where a page was posted from tells it."""

FRAMED = HEADERS | {
    "Content-Security-Policy": POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'"),
    "X-Frame-Options": "SAMEORIGIN",
}
"""Of a page of ours that stands in a frame of another one."""

BARE = FRAMED | {
    "Content-Security-Policy": (
        "sandbox; default-src 'none'; img-src 'self' https: data:; style-src 'unsafe-inline'; "
        "frame-ancestors 'self'"
    )
}
"""Of a bare preview in a frame: it is somebody's template, and runs nothing."""


def page(
    visit: "Visit",
    template: str,
    /,
    *,
    status_code: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: object,
) -> HTMLResponse:
    """A page made from `pages/team/<template>`.

    Each has: `visit`, `words`, `person` (or None), `may(Right name)`, `base` (the path of /team),
    `site` (the path of readers' pages), `static`, `when(moment)`, `times`, `badge(state)`,
    `icon(name)`, `titled(campaign)`, `with_query(path, ...)`, the charts, `errors` (field to
    sentence), and `rail` with its banner.
    """
    state = visit.request.app.state
    statics = state.statics
    person = visit.session.person if visit.session else None
    html = (
        templates()
        .get_template(f"team/{template}")
        .render(
            {"errors": {}, "here": "", "wide": False, "said": _said(visit)} | values,
            ended_badly=visit.asked("said") in ENDED_BADLY,
            visit=visit,
            words=visit.words,
            person=person,
            may=lambda right: visit.may(Right[right]),
            base=visit.base,
            site=state.base,
            static=f"{state.base}/static/{statics.fingerprint}",
            name=visit.app.workspace.publisher.sender.name or "dispatch",
            public_url=visit.app.workspace.publisher.public_url,
            times=visit.times,
            when=visit.times.when,
            number=visit.times.number,
            with_query=with_query,
            badge=Badges(visit.words),
            titled=partial(title_of, visit),
            campaign_path=path_of,
            **(_rail(visit) if person else {"languages": _languages(visit)}),
        )
    )
    answer = HTMLResponse(html, status_code=status_code, headers=HEADERS | dict(headers or {}))
    return packed(visit, answer)


def packed(visit: "Visit", answer: HTMLResponse) -> HTMLResponse:
    """The same, of which a tenth is sent: a list of a large workspace is long, and lines are slow.

    Nobody can guess a secret by the size of what comes (BREACH): other sites' requests come without
    the session, and no page has both a secret and words of whoever asks.
    """
    takes_it = "gzip" in visit.request.headers.get("accept-encoding", "").lower()
    if not takes_it or len(answer.body) < WORTH_PACKING:
        return answer
    answer.body = gzip.compress(answer.body, compresslevel=PACKED_AT, mtime=0)
    answer.headers["Content-Encoding"] = "gzip"
    answer.headers["Content-Length"] = str(len(answer.body))
    answer.headers["Vary"] = "Accept-Encoding"
    return answer


def _rail(visit: "Visit") -> dict[str, object]:
    """Its numbers, and the banner; a page without them is better than none."""
    try:
        with visit.app.store.read() as tx:
            plan = visit.app.workspace
            counts = tx.rail.counts(feeds=plan.feeds, channels=plan.channels)
            waiting = wait_for_somebody(plan, tx, now=visit.now)
            last = tx.ticks.last()
    except StoreUnavailable:
        return {"rail": RailCounts(), "banner": ""}
    rail = replace(counts, channels=len(waiting))
    return {"rail": rail, "banner": _silence(visit, last) or _trouble(visit)}


def _silence(visit: "Visit", last: datetime | None) -> str:
    if last is None:
        return tagged(visit.words, "frame.never_ran")
    silent = visit.now - last
    if silent <= SILENT:
        return ""
    return tagged(visit.words, "frame.stopped", span=visit.times.span(silent))


def _trouble(visit: "Visit") -> str:
    """What somebody wrote into schedules.yaml by hand, and holds for nothing."""
    trouble = visit.app.tools.files.trouble
    if trouble is None:
        return ""
    return tagged(visit.words, "frame.unusable", problem=str(trouble.problems[0]))


def _languages(visit: "Visit") -> list[tuple[str, str, str]]:
    """The same page in each other language, for who has no account that says theirs."""
    if visit.request.method != "GET":
        return []
    asked = [(key, value) for key, value in visit.request.query_params.items() if key != "lang"]
    return [
        ("?" + urlencode([*asked, ("lang", other.tag)]), other.tag, other.name)
        for other in map(team_words_in, for_team().locales)
        if other.tag != visit.words.tag
    ]


ENDED_BADLY = {
    "channel_not_fine",
    "channel_examined_stops",
    "edition_saved_voided",
    "feed_not_read",
    "no_account",
    "service_failed",
}
"""Sentences about what was done, and did not end well."""


def _said(visit: "Visit") -> str:
    """What was done just before, if the address names a sentence of ours that says so."""
    name, number = visit.asked("said"), visit.asked("n")
    if not name:
        return ""
    try:
        return visit.words(f"said.{name}", count=number_in(number))
    except LookupError:
        return ""


@cache
def templates() -> Environment:
    """The templates of the team's pages."""
    environment = Environment(
        loader=PackageLoader("dispatch.web", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "icon": icon,
        "stack": stack,
        "spark": spark,
        "bars": bars,
        "meter": meter,
        "html": _html,
        "capital": capital,
    }
    return environment


@pass_context
def _html(context: Context, name: str, /, **values: Any) -> Markup:
    return tagged(context["words"], name, **values)


def tagged(words: Words, name: str, /, **values: Any) -> Markup:
    """A sentence with tags of ours in it: its values are escaped, the sentence is not."""
    count = values.pop("count", None)
    escaped = {
        key: value if isinstance(value, int | Markup) else escape(str(value))
        for key, value in values.items()
    }
    return Markup(words(name, count=count, **escaped))  # noqa: S704 - the catalogue is ours


def in_english(sentence: str) -> Markup:
    """A sentence of the engine or of a service as it is, for who reads aloud; nothing of none."""
    return Markup('<span lang="en">{}</span>').format(sentence) if sentence else Markup()
