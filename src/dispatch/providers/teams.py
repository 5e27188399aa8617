"""Microsoft Teams: a workflow that posts what it is called with to a channel or a chat.

Looked at on 2026-11-30: the workflow
(https://support.microsoft.com/office/create-incoming-webhooks-with-workflows-for-microsoft-teams-8ae491c7-0394-4861-ba59-055e33f75498),
the message that it takes (https://learn.microsoft.com/connectors/teams/#microsoft-teams-webhook),
what a card's text may be
(https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format), and
its sizes (28 KB, four calls a second:
https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook).
The connectors of Office 365, which were called in the same way, are retired
(https://devblogs.microsoft.com/microsoft365dev/retirement-of-office-365-connectors-within-microsoft-teams/).

A post is an Adaptive Card. A workflow answers 202 before it posts, and tells nobody what came of
it: what it cannot post is in its own history. So what would be too large is refused here. It names
no post, so that nothing can be edited, deleted or found from here.
"""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any, ClassVar
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, Field

from dispatch.plugin import (
    Accepted,
    Account,
    Api,
    Capabilities,
    Card,
    Carries,
    Clock,
    CredentialsRefused,
    Image,
    Outcome,
    OutcomeUnknown,
    RateLimited,
    Refused,
    Reply,
    SecretAddress,
    SocialMessage,
    account_of_host,
    links_apart,
    one_line,
    secrets_of,
)

MOST_BYTES = 28 * 1024
"""Of a whole message."""

ROOM = 4 * 1024
"""Of that for what stands around the text: its link and its picture."""

MARKS = re.compile(
    r"[\\*_`~\[\]]|^[ \t]*(?:[-+#>])(?=\s)|^[ \t]*\d+(?=[.)]\s)|&(?=#?\w+;)|<|\{(?=\{)",
    re.MULTILINE,
)
"""What a card's text may be read as, by Markdown or by a card's own language."""

FAILED = re.compile(r"Webhook message delivery failed with error(?:.*?HTTP error (\d{3}))?")
"""What a connector of Office 365 said by a 200."""


class TeamsOptions(BaseModel, extra="forbid", frozen=True):
    """What schedules.yaml says under `options:`."""

    url: SecretAddress = Field(description="the workflow's address, which lets in whoever knows it")
    pictures: bool = Field(default=True, description="show the post's picture below the text")


class Teams:
    """Posts to where one workflow posts."""

    Options: ClassVar[type[BaseModel]] = TeamsOptions
    capabilities: ClassVar[Capabilities] = Capabilities(
        carries=frozenset({Carries.SOCIAL}),
        cards=True,
        most_text_bytes=(MOST_BYTES - ROOM) // 2,  # as a text and its link may stand there twice
        spacing=timedelta(seconds=1),
        account_options=("url",),
        source="https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook",
        evidence="documented",
    )

    def __init__(self, options: TeamsOptions, http: httpx.Client, clock: Clock) -> None:
        self._options = options
        self._api = Api(
            name="teams",
            url=options.url.get_secret_value(),
            http=http,
            clock=clock,
            secrets=secrets_of(options.url),
            error_keys=("error.message", "message", "error", "errors.0.message"),
            judge=_judge,
        )

    def send(self, batch: Sequence[SocialMessage]) -> Sequence[Outcome]:
        """Call the workflow with the one message, made small enough if need be."""
        [message] = batch
        body = next((one for one in self._bodies(message) if len(one) <= MOST_BYTES), None)
        if body is None:
            return [Refused(f"it is too large for Teams, which takes {MOST_BYTES // 1024} KB")]
        headers = {"Content-Type": "application/json"}
        reply = self._api.call("POST", headers=headers, content=body)
        if reply.refused:
            return [Refused(reply.words)]
        return [_outcome(reply)]

    def check(self) -> Account:
        """Whether anybody answers at the workflow's host; the workflow itself cannot be tried."""
        return account_of_host(self._api)

    def _bodies(self, message: SocialMessage) -> Iterator[bytes]:
        """The message as it should be, and then with less and less around its text."""
        for escaped in (True, False):
            for whole in (True, False):
                yield _body(
                    message,
                    escaped=escaped,
                    picture=message.image if whole and self._options.pictures else None,
                    card=message.card if whole else None,
                )


def _body(
    message: SocialMessage, *, escaped: bool, picture: Image | None, card: Card | None
) -> bytes:
    link = message.link if message.link.startswith(("https://", "http://")) else ""
    parts = [_block(one) for one in _paragraphs(message.text, escaped=escaped)]
    about = list(_about(card)) if card else []
    if picture and picture.url.startswith("https://"):
        alt = picture.alt or message.title
        about.append({"type": "Image", "url": picture.url, "altText": alt, "size": "Stretch"})
    if about:
        opens = {"selectAction": {"type": "Action.OpenUrl", "url": link}} if link else {}
        parts.append({"type": "Container", "items": about, **opens})
    content: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": parts,
        "fallbackText": message.title or link,
    }
    if message.language:
        content["lang"] = message.language.replace("_", "-")
    if link:
        title = (urlsplit(link).hostname or link).removeprefix("www.")
        content["actions"] = [{"type": "Action.OpenUrl", "title": title, "url": link}]
    kind = "application/vnd.microsoft.card.adaptive"
    attachments = [{"contentType": kind, "contentUrl": None, "content": content}]
    said = {"type": "message", "attachments": attachments}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _about(card: Card) -> Iterator[dict[str, Any]]:
    """What the page that is linked to says of itself."""
    if card.title:
        yield _block(_without_marks(one_line(card.title)), weight="Bolder")
    if card.description:
        yield _block(_without_marks(one_line(card.description)), isSubtle=True)


def _block(text: str, **looks: Any) -> dict[str, Any]:
    return {"type": "TextBlock", "text": text, "wrap": True, **looks}


def _paragraphs(text: str, *, escaped: bool) -> list[str]:
    """What each block of the card says; a line ends by two line ends there."""
    written = "".join(
        f"[{_without_marks(piece)}]({_target(piece)})"
        if is_link and escaped
        else _without_marks(piece)
        if escaped
        else piece
        for piece, is_link in links_apart(text)
    )
    lines = (one.strip() for one in written.split("\n"))
    return ["\n\n".join(some) for is_said, some in groupby(lines, key=bool) if is_said]


def _target(link: str) -> str:
    return link.replace("(", "%28").replace(")", "%29")


def _without_marks(text: str) -> str:
    def escape(found: re.Match[str]) -> str:
        mark = found[0].lstrip()
        before = found[0][: len(found[0]) - len(mark)]
        if mark == "{":
            return f"{before}{{\u2060"  # two of them begin what a card computes
        return f"{before}{mark}\\" if mark.isdecimal() else f"{before}\\{mark}"

    return MARKS.sub(escape, text)


def _outcome(reply: Reply) -> Outcome:
    """What a 2xx says: a workflow's 202, or a connector's 200 with its word for yes or no."""
    said = " ".join((reply.body or b"")[:1000].decode("utf-8", "replace").split())
    if reply.status == 202 or said == "1":
        return Accepted()
    if not (failed := FAILED.search(said)):
        raise OutcomeUnknown(
            f"teams: answered {reply.status}, where a workflow answers 202"
            " - look there whether the message arrived"
        )
    status = int(failed[1] or 0)
    words = reply.shown(said)
    if status == 429:
        raise RateLimited(f"teams: {words} - it goes on by itself")
    if status in {401, 403, 404, 410}:
        raise CredentialsRefused(f"teams: {words} - make a workflow, and put its address in place")
    if 400 <= status < 500:
        return Refused(words)
    raise OutcomeUnknown(f"teams: {words} - look there whether the message arrived")


def _judge(reply: Reply) -> None:
    """Raise what a refusal says of every message alike."""
    switched_off = "TriggerIsNotEnabled" in reply.word("error.code")
    if switched_off or reply.status in {404, 410}:
        advice = "make one, and put its address in place"
        if switched_off:  # which is what it says of one that was deleted, too
            advice = f"switch it on, or {advice}"
        raise CredentialsRefused(f"teams: the workflow takes nothing ({reply.words}) - {advice}")
