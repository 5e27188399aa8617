"""Providers of all networks, and what a reader sees there of what they were handed."""

import html
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

import httpx
from pydantic import SecretStr

from bluesky_stage import Server
from dispatch.channels.takes import Takes, takes
from dispatch.http import new_client
from dispatch.model.delivery.message import SocialMessage
from dispatch.model.text.links import links_in
from dispatch.providers.discord import Discord, DiscordOptions
from dispatch.providers.mastodon import Mastodon, MastodonOptions
from dispatch.providers.matrix import Matrix, MatrixOptions
from dispatch.providers.slack import Slack, SlackOptions
from dispatch.providers.teams import Teams, TeamsOptions
from dispatch.providers.telegram import Telegram, TelegramOptions
from dispatch.providers.webhook import Webhook, WebhookOptions
from dispatch.testing.clock import FakeClock
from dispatch.testing.contract import SECRET
from vendors.descriptions.forms import read_form
from vendors.networks import linkedin, threads, x

TOKEN = SecretStr(SECRET)
NUMBER = "334385199974967042"
FLOW = f"https://prod-00.westeurope.logic.azure.com/workflows/0123/invoke?sp=run&sig={SECRET}"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a reader has before them: the words, the links in them, and who is told."""

    text: str
    links: tuple[str, ...]
    told: tuple[str, ...] = ()


class Posted:
    """A provider whose service says yes to everything."""

    def __init__(self, name: str) -> None:
        self.requests: list[httpx.Request] = []
        self._bluesky = Server() if name == "bluesky" else None
        http = new_client(transport=httpx.MockTransport(self._serve))
        self._answer = ANSWERS.get(name, lambda _: httpx.Response(200, json=DONE))
        self.provider = self._bluesky.account if self._bluesky else MAKERS[name](http)
        self.name = name

    def send(self, message: SocialMessage) -> Any:
        """What was said in the call that shows the post."""
        self.provider.send([message])
        if self._bluesky:
            return self._bluesky.record
        said = [read(one) for one in self.requests if one.method in {"POST", "PUT"}]
        return next(one for one in said if one and "creation_id" not in one)

    def _serve(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self._answer(request)


def read(request: httpx.Request) -> Any:
    """The fields of a call."""
    kind = request.headers.get("content-type", "")
    if "json" in kind:
        return json.loads(request.content)
    if "urlencoded" in kind:
        return dict(parse_qsl(request.content.decode()))
    return read_form(request)[0] if request.content else None


def _matrix(request: httpx.Request) -> httpx.Response:
    if "/send/" in unquote(request.url.path):
        return httpx.Response(200, json={"event_id": "$one"})
    return httpx.Response(404, json={"errcode": "M_NOT_FOUND", "error": "none"})


DONE = {"id": NUMBER, "channel_id": "1", "guild_id": "1", "result": {"message_id": 5}, "ok": True}
ANSWERS: dict[str, Callable[[httpx.Request], httpx.Response]] = {
    "matrix": _matrix,
    "teams": lambda _: httpx.Response(202),
    "slack": lambda _: httpx.Response(200, json={"ok": True, "channel": "C1", "ts": "1.2"}),
    **{one.NETWORK.name: one.NETWORK.answer for one in (linkedin, threads, x)},
}
MAKERS: dict[str, Callable[[httpx.Client], Any]] = {
    "discord": lambda http: Discord(
        DiscordOptions(url=SecretStr(f"https://discord.com/api/webhooks/22/{SECRET}")),
        http,
        FakeClock(),
    ),
    "slack": lambda http: Slack(
        SlackOptions(token=TOKEN, channel="C0123456789"), http, FakeClock()
    ),
    "telegram": lambda http: Telegram(
        TelegramOptions(token=TOKEN, chat="@news"), http, FakeClock()
    ),
    "teams": lambda http: Teams(TeamsOptions(url=SecretStr(FLOW)), http, FakeClock()),
    "matrix": lambda http: Matrix(
        MatrixOptions(server="https://matrix.example.org", room="!abc:example.org", token=TOKEN),
        http,
        FakeClock(),
    ),
    "mastodon": lambda http: Mastodon(
        MastodonOptions(server="https://social.example", token=TOKEN), http, FakeClock()
    ),
    "webhook": lambda http: Webhook(
        WebhookOptions(url="https://hooks.example.org/x", secret=TOKEN), http, FakeClock()
    ),
    **{
        one.NETWORK.name: lambda http, one=one: one.NETWORK.provider(http, TOKEN)
        for one in (linkedin, threads, x)
    },
}
NETWORKS = sorted([*MAKERS, "bluesky"])


def takes_of(name: str) -> Takes:
    """What a network takes, as its provider declares it."""
    provider = Posted(name).provider
    return takes(name, provider.capabilities)


# What each makes of a text by itself: names that it tells, wherever it finds them.
_TELLS = re.compile(r"(?<![A-Za-z0-9_/=.&#])[@＠](?=[A-Za-z0-9_])\w+")


def _found_by_itself(text: str) -> Seen:
    return Seen(text, tuple(links_in(text)), tuple(_TELLS.findall(_without_links(text))))


def _without_links(text: str) -> str:
    for link in links_in(text):
        text = text.replace(link, " ")
    return text


def _discord(said: Any) -> Seen:
    """Backslashes make signs of marks; what is marked is not words (None: not to be compared)."""
    text, links = said["content"], []
    parts, place = [], 0
    for link in links_in(text):
        start = text.index(link, place)
        parts.append(_unescaped(text[place:start]))
        parts.append(link)
        links.append(link)
        place = start + len(link)
    parts.append(_unescaped(text[place:]))
    return Seen("".join(parts), tuple(links), tuple(said["allowed_mentions"]["parse"]))


def _unescaped(text: str) -> str:
    """Without backslashes before signs; a mark without one is shown as what it does."""
    marked = re.sub(r"\\([\W_])|([*_~`|])", lambda one: one[1] or "␦", text)
    return re.sub(r"(?m)^( *)(?:#{1,3}|-|>|\d+\.)(?= )", "␦", marked) if text == marked else marked


def _slack(said: Any) -> Seen:
    [block, *_] = said["blocks"]
    if block["type"] == "rich_text":
        pieces = [one for part in block["elements"] for one in part["elements"]]
        text = "".join(one.get("url") or one.get("text", "") for one in pieces)
        told = [str(one) for one in pieces if one["type"] not in {"link", "text"}]
        return Seen(text, tuple(o["url"] for o in pieces if o["type"] == "link"), tuple(told))
    text = block["text"]["text"]
    told = re.findall(r"<[@!#][^>]*>", text)
    links = [html.unescape(one) for one in re.findall(r"<(http[^>]*)>", text)]
    shown = re.sub(r"<(http[^>]*)>", lambda one: one[1], text)
    shown = re.sub(r"[*_~`]", "␦", shown) if re.search(r"[*_~`]", _without_links(shown)) else shown
    return Seen(html.unescape(shown) if "<" not in shown else shown, tuple(links), tuple(told))


def _teams(said: Any) -> Seen:
    [attachment] = said["attachments"]
    blocks = [one["text"] for one in attachment["content"]["body"] if one["type"] == "TextBlock"]
    text, links = "\n\n".join(blocks), []

    def link(found: re.Match[str]) -> str:
        assert found[2] == re.sub(r"\\([\W_])", r"\1", found[1]).replace("(", "%28").replace(
            ")", "%29"
        )
        links.append(re.sub(r"\\([\W_])", r"\1", found[1]))
        return found[1]

    text = re.sub(r"(?<!\\)\[((?:\\.|[^\]\\])*)\]\(([^)\s]*)\)", link, text)
    shown = re.sub(r"\\([\W_])|([*_`])", lambda one: one[1] or "␦", text)
    return Seen(shown.replace("{\u2060", "{"), tuple(links))


def _linkedin(said: Any) -> Seen:
    text = said["commentary"]
    told = re.findall(r"(?<!\\)@\[[^\]]*\]\([^)]*\)", text)
    text = re.sub(r"\{hashtag\|\\#\|((?:\\.|[^}\\])*)\}", r"\\#\1", text)
    shown = re.sub(r"\\(.)|([|{}@\[\]()<>#*_~])", lambda one: one[1] or "␦", text)
    return Seen(shown, tuple(links_in(shown)), tuple(told))


def _matrix_seen(said: Any) -> Seen:
    shown = said["formatted_body"].replace("<br>", "\n")
    anchors = re.findall(r'<a href="([^"]*)">([^<]*)</a>', shown)
    text = html.unescape(re.sub(r"</?a[^>]*>", "", shown))
    assert all(one == other for one, other in anchors)
    assert text == said["body"]
    links = tuple(html.unescape(one) for one, _ in anchors) or tuple(links_in(text))
    return Seen(text, links, tuple(said["m.mentions"].get("user_ids", ())))


def _bluesky(said: Any) -> Seen:
    data, links, told = said["text"].encode(), [], []
    for facet in said.get("facets", ()):
        index, [feature] = facet["index"], facet["features"]
        words = data[index["byteStart"] : index["byteEnd"]].decode()
        if "uri" in feature:
            assert feature["uri"] == words
            links.append(words)
        elif "did" in feature:
            told.append(words)
        else:
            assert words in {f"#{feature['tag']}", f"＃{feature['tag']}"}
    return Seen(said["text"], tuple(links), tuple(told))


SHOWN: dict[str, Callable[[Any], Seen]] = {
    "bluesky": _bluesky,
    "discord": _discord,
    "linkedin": _linkedin,
    "mastodon": lambda said: _found_by_itself(said["status"]),
    "matrix": _matrix_seen,
    "slack": _slack,
    "teams": _teams,
    "telegram": lambda said: _found_by_itself(said.get("text") or said["caption"]),
    "threads": lambda said: _found_by_itself(said["text"]),
    "x": lambda said: _found_by_itself(said["text"]),
    "webhook": lambda said: Seen(said["data"]["text"], tuple(links_in(said["data"]["text"]))),
}

LENGTHS: dict[str, tuple[Callable[[Any], str], int]] = {
    "discord": (lambda said: said["content"], 2000),
    "linkedin": (lambda said: said["commentary"], 3000),
    "telegram": (lambda said: said["text"], 4096),
}
"""Where the text is that a network has a limit for, and the limit, in UTF-16 code units."""


def seen(name: str, message: SocialMessage) -> Seen:
    """What a reader of the network sees of a message."""
    return SHOWN[name](Posted(name).send(message))
