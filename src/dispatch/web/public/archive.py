"""The archive: the front page, a campaign's past editions, and each of them as a page."""

import base64
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from dispatch.errors import NotFound
from dispatch.model.campaigns.archive import Archive
from dispatch.model.campaigns.campaign import Campaign
from dispatch.pipeline.archive.shelf import Shelf
from dispatch.pipeline.archive.told import Told
from dispatch.pipeline.archive.write_feed import ArchiveFeed, FeedEntry, atom, json_feed, rss
from dispatch.render.digests.web_page import names_of
from dispatch.store.editions.archive import PastEdition
from dispatch.version import __version__
from dispatch.web.answers import etag, not_modified, validators
from dispatch.web.look import look_of
from dispatch.web.page import leaf, words_for_all
from dispatch.web.public.edition_page import Document, day_of, edition_page
from dispatch.web.statics import FOR_A_YEAR
from dispatch.words.catalogues import Words

if TYPE_CHECKING:
    from dispatch.app import App
    from dispatch.config.workspace import Workspace
    from dispatch.pipeline.archive.kept import Kept

PER_PAGE = 20
IN_FEED = 20
ON_FRONT = 5

FEEDS: dict[str, tuple[str, Callable[..., bytes]]] = {
    "feed.xml": ("application/rss+xml", rss),
    "atom.xml": ("application/atom+xml", atom),
    "feed.json": ("application/feed+json", json_feed),
}


def front(request: Request) -> Response:
    """The publication: its newest letters, and the form by which one gets them; 404 without any."""
    app, shelf, words = _app(request), _shelf(request), words_for_all(request)
    letters = [one for one in app.workspace.campaigns.values() if one.is_in_public]
    if not letters:
        raise NotFound("front page: no campaign has a public archive - nothing to show")
    editions = sorted(
        (edition for one in letters for edition in shelf.editions(one.name)),
        key=lambda edition: edition.published,
        reverse=True,
    )
    newest = editions[: ON_FRONT + 1]
    look = look_of(request)
    changed = max((one.changed for one in editions), default=None)
    listed = [(one.name, one.title, _about(app.workspace, one)) for one in letters]
    mark = etag(__version__, words.tag, look, newest, listed, len(editions), _form(app, letters[0]))
    headers = validators(mark, changed)
    if kept := not_modified(request, headers):
        return kept
    return leaf(
        request,
        "front.html",
        words,
        public=True,
        headers=headers,
        about=_about(app.workspace, letters[0]),
        form=_form(app, letters[0]),
        url=f"{app.workspace.publisher.public_url}/",
        newest=[_row(shelf, one, words) for one in newest],
        letters=listed,
        archive=letters[0].name,
        count=len(shelf.editions(letters[0].name)),
    )


def past(request: Request) -> Response:
    """A campaign's editions that have gone out, newest first, a page at a time."""
    app, shelf, words = _app(request), _shelf(request), words_for_all(request)
    name = request.path_params["campaign"]
    if family := app.workspace.families.get(name):
        base = request.app.state.base
        return RedirectResponse(f"{base}/archive/{family.campaigns[family.default]}", 302)
    campaign = _campaign(request)
    editions = shelf.editions(name)[::-1]
    start = _start(editions, request.query_params.get("before", ""))
    shown = editions[start : start + PER_PAGE]
    last = start + len(shown)
    older = shown[-1].name if last < len(editions) and shown else ""
    newer = editions[max(start - PER_PAGE, 0) - 1].name if start > PER_PAGE else ""
    form, about = _form(app, campaign), _about(app.workspace, campaign)
    seen = (shown, start, len(editions), campaign.title, campaign.archive, form, about)
    mark = etag(__version__, words.tag, look_of(request), *seen)
    headers = validators(mark, max((one.changed for one in editions), default=None))
    headers |= _robots(campaign)
    if kept := not_modified(request, headers):
        return kept
    return leaf(
        request,
        "past.html",
        words,
        public=True,
        headers=headers,
        campaign=campaign,
        about=about,
        form=form,
        rows=[_row(shelf, one, words) for one in shown],
        first=start + 1,
        last=last,
        count=len(editions),
        older=older,
        newer=newer,
        has_newer=start > 0,
        unlisted=not campaign.is_in_public,
        url=f"{app.workspace.publisher.public_url}/archive/{name}",
    )


def edition(request: Request) -> Response:
    """One edition, as it was approved and without anybody in it."""
    app, shelf, campaign = _app(request), _shelf(request), _campaign(request)
    found, before, after = shelf.edition(campaign.name, request.path_params["page"])
    words, look = words_for_all(request), look_of(request)
    form = _form(app, campaign)
    neighbours = (before, after, campaign.title, campaign.archive, campaign.is_in_public, form)
    public_url = app.workspace.publisher.public_url
    mark = etag(__version__, words.tag, look, found, *neighbours, public_url)
    headers = validators(mark, found.changed) | _robots(campaign)
    if kept := not_modified(request, headers):
        return kept
    at = f"{request.app.state.base}/archive/{campaign.name}"

    def document() -> Document:
        read = shelf.page(found, f"{at}/{found.name}/pictures")
        made = edition_page(
            read,
            found,
            words=words,
            look=look,
            campaign=campaign,
            archive_path=at,
            public_url=public_url,
            before=before,
            after=after,
            form=form,
            base=request.app.state.base,
        )
        if read.web is None:
            raise _NotWhole(made)
        return made

    documents: Kept[Document] = request.app.state.documents
    try:
        made = documents.get(mark, document)
    except _NotWhole as partly:  # it may be whole a minute later
        made = partly.document
        headers = {"Cache-Control": "no-cache"} | _robots(campaign)
    safety = {
        "Content-Security-Policy": made.policy,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    return HTMLResponse(made.html, headers={**headers, **safety})


class _NotWhole(Exception):
    """A page that had to do without its template: it is shown, and not kept."""

    def __init__(self, document: Document) -> None:
        self.document = document


def picture(request: Request) -> Response:
    """A picture of an edition's template; what is called by its bytes stays what it is."""
    shelf, campaign = _shelf(request), _campaign(request)
    found, _, _ = shelf.edition(campaign.name, request.path_params["page"])
    at = f"{request.app.state.base}/archive/{campaign.name}"
    web = shelf.page(found, f"{at}/{found.name}/pictures").web
    shown = names_of(web.pictures if web else ()).get(request.path_params["file"])
    if shown is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    headers = FOR_A_YEAR | {"Content-Type": shown.kind} | _robots(campaign)
    return Response(base64.b64decode(shown.data), headers=headers)


def feed(request: Request) -> Response:
    """RSS, Atom or JSON Feed of a public archive; an unlisted one has none."""
    app, shelf, campaign = _app(request), _shelf(request), _campaign(request)
    name = request.url.path.rpartition("/")[2]
    kind, write = FEEDS[name]
    if not campaign.is_in_public:
        raise NotFound(f"archive {campaign.name}: is unlisted - it has no feed")
    publisher = app.workspace.publisher
    words = words_for_all(request)
    editions = shelf.editions(campaign.name)[: -IN_FEED - 1 : -1]
    about = _about(app.workspace, campaign)
    mark = etag(__version__, kind, words.tag, editions, campaign.title, about, publisher)
    headers = validators(mark, max((one.changed for one in editions), default=None))
    headers |= {"Content-Type": f"{kind}; charset=utf-8", "X-Content-Type-Options": "nosniff"}
    if kept := not_modified(request, headers):
        return kept
    at = f"{publisher.public_url}/archive/{campaign.name}"
    entries = []
    for one in editions:
        told = shelf.told(one)
        entries.append(FeedEntry(one, told, f"{at}/{one.name}", _corrections(told, words)))
    made = ArchiveFeed(
        title=campaign.title,
        author=publisher.sender.name or campaign.title,
        about=about,
        url=at,
        language=publisher.locale.replace("_", "-"),
        entries=entries,
    )
    return Response(write(made, at=f"{at}/{name}"), headers=headers)


def _row(shelf: Shelf, edition: PastEdition, words: Words) -> dict[str, object]:
    """One edition in a list."""
    told = shelf.told(edition)
    return {
        "address": f"archive/{edition.campaign}/{edition.name}",
        "day": f"{told.slot:%Y-%m-%d}",
        "date": day_of(told.slot, words),
        "subject": told.subject,
        "summary": told.summary,
        "more": words("archive.more", count=told.more) if told.more else "",
        "language": told.language,
        "subject_language": told.subject_language,
        "image": told.image,
    }


def _corrections(told: Told, words: Words) -> str:
    return " ".join(
        words("archive.corrected", date=day_of(at, words), note=note) for at, note in told.notes
    )


def _start(editions: list[PastEdition], before: str) -> int:
    """Where the page begins that follows the edition called `before`; raises NotFound."""
    if not before:
        return 0
    names = [one.name for one in editions]
    if before not in names:
        raise NotFound(f"archive: has no {before} - begin with the newest")
    return names.index(before) + 1


def _campaign(request: Request) -> Campaign:
    """The campaign that the address names; raises NotFound where it has no archive."""
    name = request.path_params["campaign"]
    campaign = _app(request).workspace.campaigns.get(name)
    if campaign is None or campaign.archive is Archive.OFF or campaign.email is None:
        raise NotFound(f"archive {name}: there is none - see 'archive:' in schedules.yaml")
    return campaign


def _about(workspace: "Workspace", campaign: Campaign) -> str:
    audience = campaign.email.audience if campaign.email else ""
    known = workspace.audiences.get(audience)
    return known.about if known else ""


def _form(app: "App", campaign: Campaign) -> str:
    """The form by which one gets what the campaign sends, or empty."""
    found = app.workspace.form_for(campaign.email.audience) if campaign.email else None
    return found.name if found else ""


def _robots(campaign: Campaign) -> dict[str, str]:
    return {} if campaign.is_in_public else {"X-Robots-Tag": "noindex"}


def _app(request: Request) -> "App":
    app: App = request.app.state.app
    return app


def _shelf(request: Request) -> Shelf:
    shelf: Shelf = request.app.state.shelf
    return shelf
