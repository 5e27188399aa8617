"""Networks that people have connected may repeat all that we tell them: no token of it is shown."""

from datetime import timedelta

import httpx
import pytest
from pydantic import SecretStr

from dispatch.http import new_client
from dispatch.model.delivery.published import Published
from dispatch.model.delivery.tokens import Tokens
from dispatch.testing.clock import FakeClock
from dispatch.testing.contract.repeating import LONG_AGO, came_of, repeating
from dispatch.testing.samples import a_snippet
from vendors.networks import linkedin, threads, x

NETWORKS = {one.NETWORK.name: one for one in (linkedin, threads, x)}
ACCESS, REFRESH = "an-access-token-of-nobodys", "a-refresh-token-of-nobodys"
CODE, VERIFIER, APP = "a-code-that-is-good-once", "v" * 43, "a-secret-of-the-application"
NEXT = {"access_token": "the-next-access-token", "refresh_token": "the-next-refresh-token"}
BACK = "https://news.example.org/team/channels/network/connected"
SECRETS = {ACCESS, REFRESH, CODE, VERIFIER, APP, *NEXT.values()}
TOKENS = Tokens(ACCESS, REFRESH, FakeClock()() + timedelta(hours=2))

USES = {
    "send": lambda it: it.send([a_snippet(thread=("Deux",))]),
    "check": lambda it: it.check(),
    "find": lambda it: it.find(a_snippet(), LONG_AGO),
    "delete": lambda it: it.delete(Published((NAME,), text="Avant")),
    "edit": lambda it: it.edit(Published((NAME,), text="Avant"), a_snippet()),
    "trade": lambda it: it.trade(CODE, VERIFIER, BACK),
    "renew": lambda it: it.renew(TOKENS),
}
NAME = "1445880548472328192"


def connected(name, service):
    """The provider of a channel that was let in."""
    http = new_client(transport=httpx.MockTransport(service))
    secret = SecretStr(APP)
    provider = NETWORKS[name].NETWORK.provider(
        http, None, client_id="the-application", client_secret=secret
    )
    provider.use_tokens(lambda: TOKENS)
    return provider


def well(name):
    """Its service, which gives tokens, too."""

    def answer(request):
        if "token" in request.url.path.lower() and "introspect" not in request.url.path:
            return httpx.Response(200, json=NEXT | {"expires_in": 7200})
        return NETWORKS[name].NETWORK.answer(request)

    return answer


@pytest.mark.parametrize("status", [200, 201, 400, 401, 403, 404, 409, 422, 429, 500, 503])
@pytest.mark.parametrize("name", NETWORKS)
def test_no_token_is_shown_though_a_network_repeats_all_that_it_was_told(name, status):
    for use in (one for key, one in USES.items() if hasattr(connected(name, well(name)), key)):
        for calls in range(4):
            told = set(SECRETS)
            shown = came_of(
                use, connected(name, repeating(well(name), status, after=calls, told=told))
            )

            assert not [one for one in told if one in shown]


@pytest.mark.parametrize("name", NETWORKS)
def test_a_provider_and_what_it_keeps_show_no_token(name):
    provider = connected(name, well(name))
    came_of(USES["check"], provider)
    source = provider._access

    for shown in (provider, vars(provider), source, provider._api, provider._oauth, TOKENS):
        assert not [one for one in SECRETS if one in repr(shown)]
