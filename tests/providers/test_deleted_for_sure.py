"""A post is deleted when the network says so, and not when a page in its place says 200."""

import httpx
import pytest

from dispatch.errors import OutcomeUnknown
from dispatch.http import new_client
from dispatch.model.delivery.published import Published
from dispatch.providers.discord import Discord, DiscordOptions
from dispatch.providers.mastodon import Mastodon, MastodonOptions
from dispatch.providers.telegram import Telegram, TelegramOptions
from dispatch.testing.clock import FakeClock
from vendors.networks import linkedin, threads, x

TOKEN = "a-token-of-some-length"
BOT = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
HOOK = "https://discord.com/api/webhooks/1234567890/abcdefghijklmnop"


def others(http):
    clock = FakeClock()
    yield Mastodon(MastodonOptions(server="https://social.example", token=TOKEN), http, clock)
    yield Discord(DiscordOptions(url=HOOK), http, clock)
    yield Telegram(TelegramOptions(token=BOT, chat="@acme"), http, clock)


def test_a_page_in_its_place_does_not_say_that_a_post_is_gone():
    page = httpx.MockTransport(lambda _: httpx.Response(200, html="<html>Back soon</html>"))
    with new_client(transport=page) as http:
        known = (one.NETWORK.provider(http, TOKEN) for one in (linkedin, threads, x))

        for provider in (*known, *others(http)):
            with pytest.raises(OutcomeUnknown):
                provider.delete(Published(("7",), "https://network.example/7"))
