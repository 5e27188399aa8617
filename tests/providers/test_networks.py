"""Every call to a network is one that it takes, by rules written down from its own pages."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest
from pydantic import SecretStr

from dispatch.errors import ProviderError
from dispatch.http import new_client
from dispatch.model.delivery.message import Card, SocialPicture
from dispatch.model.delivery.published import Published
from dispatch.model.delivery.tokens import Tokens
from dispatch.testing.contract import SECRET
from dispatch.testing.contract.odd import odd_ones
from dispatch.testing.samples import a_png, a_snippet
from vendors.descriptions.linkedin import LINKEDIN
from vendors.descriptions.networks import by_rules
from vendors.descriptions.threads import THREADS
from vendors.descriptions.x import X
from vendors.networks import linkedin, threads, x

NETWORKS = {one.NETWORK.name: one.NETWORK for one in (linkedin, threads, x)}
RULES = {"linkedin": LINKEDIN, "threads": THREADS, "x": X}
NAMES = {"linkedin": linkedin.POST, "threads": threads.POST, "x": x.POST}
AN_APP = {"client_id": "86vhj2q7ukf83q", "client_secret": SecretStr("a-secret-of-the-app")}
BACK = "https://news.example.org/team/channels/network/connected"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

PICTURE = SocialPicture(a_png(9), "image/png", 9, 9, "Une aquarelle bleue")
CARD = Card(
    "https://blog.example.org/posts/1", "Des images <qui> parlent", "Une (nouvelle)", PICTURE
)
SHAPES = {
    "plain": {},
    "what means something elsewhere": {
        "text": r"\o/ {a|b} @ada [x](y) <b> #IA #non_ #1 *_~ C# &#38;"
    },
    "hashtags": {"text": "Deux #ia #création_2 et ＃large, https://a.example/b_(c)#d"},
    "mentions": {"text": "Avec @[Acme](urn:li:organization:1) et @ada", "mentions": True},
    "Japanese": {"text": "今週のニュース：生成AI 👩‍👩‍👧‍👦" * 9},
    "long": {"text": "mot " * 700},
    "no link": {"link": "", "image": None},
    "picture": {"picture": PICTURE},
    "picture without words": {"picture": replace(PICTURE, alt="", kind="image/jpeg")},
    "card": {"card": CARD},
    "card without picture": {"card": Card("https://blog.example.org/posts/1", "")},
    "thread": {"thread": ("Deux", "Trois")},
    "thread with a picture": {"thread": ("Deux",), "picture": PICTURE},
}
OPTIONS = {
    "linkedin": ({"organization": ""}, {"visibility": "connections", "organization": ""}),
    "threads": ({"pictures": True, "topic": "Intelligence artificielle"},),
    "x": ({"extra": {"made_with_ai": True}},),
}


def every_request(name):
    """What an adapter asks for, whatever it is given."""
    network = NETWORKS[name]
    choices = ({}, *OPTIONS[name])
    for use, call in (*posts(), *uses(name)):
        for options in choices:
            yield from ((use, one) for one in asked(network, call, **options))
    for use, call in TOKENS.items():
        for app in (AN_APP, {"client_id": AN_APP["client_id"]}) if name != "threads" else (AN_APP,):
            calls = asked(network, call, **app, answer=token_answer, token=None)
            yield from ((use, one) for one in calls)
    if name == "linkedin":
        calls = asked(network, lambda it: it.check(), **AN_APP, answer=introspected)
        yield from (("introspection", one) for one in calls)


def posts():
    for shape, changes in SHAPES.items():
        yield shape, lambda it, changes=changes: it.send([a_snippet(**changes)])


def uses(name):
    there = Published((NAMES[name],), text="Avant")
    since = datetime(2026, 11, 24, tzinfo=UTC)
    yield "check", lambda it: it.check()
    yield "find", lambda it: it.find(a_snippet(thread=("Deux",)), since)
    yield "delete", lambda it: it.delete(there)
    if name == "linkedin":
        yield "edit", lambda it: it.edit(there, a_snippet())


def asked(network, call, *, answer=None, **options):
    """The requests of one use of a provider whose network takes everything."""
    requests = []

    def service(request):
        requests.append(request)
        return (answer or network.answer)(request)

    with new_client(transport=httpx.MockTransport(service)) as http:
        secret = options.pop("token", SecretStr(SECRET))
        call(network.provider(http, secret, **options))
    assert requests
    return requests


POSTS = {
    "linkedin": {
        "elements": [{"id": linkedin.POST, "commentary": "Un", "publishedAt": 1_795_600_000_000}]
    },
    "threads": {"data": [{"id": "1", "text": "Un", "timestamp": "2026-11-24T08:00:00+0000"}]},
    "x": {
        "data": [
            {
                "id": "1",
                "text": "Un https://t.co/a",
                "entities": {
                    "urls": [{"url": "https://t.co/a", "expanded_url": "https://a.example"}]
                },
            }
        ]
    },
}
"""What the networks list of an account's posts."""


@pytest.mark.parametrize("use", ["check", "find", "send"])
@pytest.mark.parametrize("name", NETWORKS)
def test_an_answer_of_another_shape_is_never_a_crash(name, use):
    network = NETWORKS[name]
    call = {
        "check": lambda it: it.check(),
        "find": lambda it: it.find(a_snippet(text="Un"), datetime(2026, 11, 24, tzinfo=UTC)),
        "send": lambda it: it.send([a_snippet(picture=PICTURE)]),
    }[use]

    for path, right in {one.url.path: one for one in asked(network, call)}.items():
        usual = network.answer(right)
        whole = POSTS[name] if use == "find" else usual.json() if usual.content else {}
        for odd in odd_ones(whole):
            with suppress(ProviderError):
                asked(network, call, answer=at(path, odd, network, usual.status_code))


def at(path, said, network, status):
    def answer(request):
        found = httpx.Response(status, json=said)
        return found if request.url.path == path else network.answer(request)

    return answer


TOKENS = {
    "trade": lambda it: it.trade("a-code#_", VERIFIER, BACK),
    "renew": lambda it: it.renew(Tokens("an-old-access", "a-refresh-token")),
}


def introspected(request):
    if request.url.path.endswith("introspectToken"):
        told = {"active": True, "expires_at": 1_797_497_620, "scope": "r_organization_social"}
        return httpx.Response(200, json=told)
    return linkedin.NETWORK.answer(request)


def token_answer(_):
    return httpx.Response(200, json={"access_token": "a-new-access", "expires_in": 5_184_000})


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_takes_whatever_an_adapter_asks_of_it(name):
    judge = by_rules(RULES[name])

    minded = {
        f"{shape}: {request.method} {request.url.path}": wrong
        for shape, request in every_request(name)
        if (wrong := judge(request))
    }

    assert minded == {}


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_does_not_take_anything(name):
    """Else a judge that minds nothing would not be noticed."""
    judge = by_rules(RULES[name])
    requests = [request for _, request in every_request(name) if request.method == "POST"]

    for request in requests:
        odd = httpx.Request(
            "POST",
            request.url,
            headers={**request.headers, "content-type": "application/json"},
            json={"no_such_field": 1},
        )
        bare = httpx.Request("POST", request.url, content=request.content)
        elsewhere = httpx.Request("POST", request.url.copy_with(path="/no/such/path"))

        assert judge(odd)
        assert judge(bare)
        assert judge(elsewhere)
