"""Every URL: method, path, handler, and who may use it."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Mount, Route

from dispatch.app import App
from dispatch.errors import LinkOver, NotFound, StoreUnavailable
from dispatch.pipeline.archive.kept import Kept
from dispatch.pipeline.archive.shelf import PAGES, Shelf
from dispatch.web.api.allowances import Allowances
from dispatch.web.api.mount import Api
from dispatch.web.flood import Flood
from dispatch.web.hooks import provider, websub
from dispatch.web.hooks.reception import Reception
from dispatch.web.public import (
    address,
    archive,
    confirm,
    own_data,
    pictures,
    preferences,
    preferences_link,
    subscribe,
    unsubscribe,
)
from dispatch.web.public.for_machines import robots, sitemap
from dispatch.web.public.health import health, ready
from dispatch.web.public.problems import link_over, not_found, refused, unavailable
from dispatch.web.public.static import static
from dispatch.web.serving.tally import Tally
from dispatch.web.statics import Statics
from dispatch.web.team import strays
from dispatch.web.team.places import team_routes
from dispatch.web.team.review.previews import PREVIEWS
from dispatch.web.team.watching import Watching
from dispatch.web.turns import Turns
from dispatch.web.unexpected import Unexpected


def new_web(app: App) -> Starlette:
    """The web application of a workspace, under the path of its public address."""
    prefix = urlsplit(app.workspace.publisher.public_url).path.rstrip("/")
    leave = prefix + "/unsubscribe/{token}"
    often = prefix + "/cadence/{token}"
    any_choices, choices = prefix + "/preferences", prefix + "/preferences/{token}"
    own, gone = f"{choices}/data.json", f"{choices}/erase"
    moved = prefix + "/address/{token}"
    hub = prefix + "/push/{token}"
    shared = prefix + "/static/{fingerprint}/{file}"
    join = prefix + "/subscribe/{form}"
    sure = prefix + "/confirm/{token}"
    web = Starlette(
        routes=[
            Route("/health", health, methods=["GET"]),  # anybody: is the service alive?
            Route("/health/ready", ready, methods=["GET"]),  # anybody: does its work go on?
            Route(shared, static, methods=["GET"]),  # anybody: style, script, icon
            Route(prefix + "/pictures/{file}", pictures.show, methods=["GET"]),  # anybody
            *_archive(prefix),
            Route(leave, unsubscribe.ask, methods=["GET"]),  # whoever has the link: a button
            Route(leave, unsubscribe.unsubscribe, methods=["POST"]),  # the same: RFC 8058
            Route(f"{leave}/undo", unsubscribe.undo, methods=["POST"]),  # who has just left
            Route(f"{leave}/why", unsubscribe.why, methods=["POST"]),  # who has just left
            Route(any_choices, preferences_link.ask, methods=["GET"]),  # anybody: an address
            Route(any_choices, preferences_link.send, methods=["POST"]),  # the link, by mail
            Route(choices, preferences.show, methods=["GET"]),  # whoever has the link
            Route(choices, preferences.change, methods=["POST"]),  # whoever has the link
            Route(own, own_data.data, methods=["GET"]),  # whoever has the link: all of it
            Route(gone, own_data.ask_to_erase, methods=["GET"]),  # whoever has the link
            Route(gone, own_data.erase, methods=["POST"]),  # who types the address, too
            Route(often, preferences.show, methods=["GET"]),  # old links: the same page
            Route(often, preferences.change, methods=["POST"]),  # old links: the same
            Route(moved, address.ask, methods=["GET"]),  # who gets mail at a new address
            Route(moved, address.confirm, methods=["POST"]),  # the same: a button
            Route(join, subscribe.ask, methods=["GET"]),  # anybody: the form
            Route(join, subscribe.subscribe, methods=["POST"]),  # anybody; limits hold
            Route(sure, confirm.ask, methods=["GET"]),  # whoever has the link: a button
            Route(sure, confirm.confirm, methods=["POST"]),  # whoever has the link
            Route(hub, websub.confirm, methods=["GET"]),  # the hub that was given it: WebSub
            Route(hub, websub.hear, methods=["POST"]),  # the same; what counts is signed
            *_hooks(prefix),
            *team_routes(prefix),  # the team, by right: web/team/places.py
        ],
        exception_handlers={
            404: strays.or_else(not_found),
            NotFound: not_found,
            LinkOver: link_over,
            HTTPException: strays.or_else(refused),
            StoreUnavailable: unavailable,
        },
        middleware=[Middleware(Unexpected)],
        lifespan=_lifespan,
    )
    api = Mount(prefix + "/api/v1", Api(web))
    # A name may have a line break in it, which Starlette's pattern takes for the end.
    api.path_regex = re.compile(api.path_regex.pattern, re.DOTALL)
    web.routes.insert(0, api)  # who has a token; anybody: the form as JSON. Most are called here
    # It would send on to the name that the client has given, which may be anybody's.
    web.router.redirect_slashes = False
    web.state.app = app
    web.state.base = prefix
    web.state.statics = Statics()
    web.state.turns = Turns(together=app.store.together)
    web.state.flood = Flood()
    web.state.allowances = Allowances()
    web.state.shelf = Shelf(store=app.store, renderer=app.tools.trials)
    web.state.documents = Kept(PAGES)
    web.state.previews = Kept(PREVIEWS)
    web.state.tally = Tally()
    web.state.watching = Watching()
    web.state.reception = Reception(app)
    return web


def _archive(prefix: str) -> list[Route]:
    """What anybody may read: editions that have gone out, where a campaign has an archive."""
    past = prefix + "/archive/{campaign}"
    front = [Route(prefix + "/", archive.front, methods=["GET"])]
    if prefix:
        front.append(Route(prefix, archive.front, methods=["GET"]))
    return [
        *front,
        Route(prefix + "/sitemap.xml", sitemap, methods=["GET"]),
        Route(prefix + "/robots.txt", robots, methods=["GET"]),
        Route(past, archive.past, methods=["GET"]),
        *(Route(f"{past}/{name}", archive.feed, methods=["GET"]) for name in archive.FEEDS),
        Route(past + "/{page}", archive.edition, methods=["GET"]),
        Route(past + "/{page}/pictures/{file}", archive.picture, methods=["GET"]),
    ]


def _hooks(prefix: str) -> list[Route]:
    """What the services of channels call; only they can say that it is them."""
    path = prefix + "/hooks/{channel}"
    routes = [Route(path, provider.hear), Route(f"{path}/", provider.hear)]
    for route in routes:
        route.methods = None  # the handler tells which it takes, and to whom
    return routes


@asynccontextmanager
async def _lifespan(web: Starlette) -> AsyncIterator[None]:
    yield
    await web.state.reception.close()
    web.state.tally.close()
