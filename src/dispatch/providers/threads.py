"""Threads, through Meta's API for it (https://developers.facebook.com/documentation/threads/posts).

A post is made in two steps: a container, which nobody sees, and its publication.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, Field, SecretStr

from dispatch.plugin import (
    Accepted,
    Access,
    Account,
    Api,
    ApiAddress,
    Capabilities,
    Carries,
    Clock,
    ConnectedOptions,
    Counting,
    CredentialsRefused,
    NotAllowed,
    OAuth,
    Outcome,
    OutcomeUnknown,
    ProviderError,
    Published,
    Quota,
    RateLimited,
    Refused,
    Reply,
    SocialMessage,
    Tokens,
    TryLater,
    WebAddress,
    find_thread,
    iso_moment,
    post_thread,
    preparing,
    shorten,
)

LOOKS = 10
"""How often a container is looked at; a text is ready at once, a picture after a few seconds."""

LATEST = 25
"""How many of the account's latest posts are looked through."""

MOST_ALT = 1_000

NOT_READY = "4279009"
"""The subcode of a publication that came before its container was there."""

TOKEN_CODES = {"102", "190"}
LIMIT_CODES = {"4", "17", "32", "613"}
RIGHT_CODES = {"3", "10", *map(str, range(200, 300))}
"""https://developers.facebook.com/docs/graph-api/guides/error-handling"""

A_POST = "id,text,permalink,timestamp"


class ThreadsOptions(ConnectedOptions, extra="forbid", frozen=True):
    """What schedules.yaml says under `options:`."""

    pictures: bool = Field(
        default=False,
        description="show a post's picture in place of its link's card: Threads fetches it itself",
    )
    topic: str = Field(
        default="", max_length=50, pattern="^[^.&]*$", description="the topic of all posts"
    )
    url: ApiAddress = Field(default="https://graph.threads.net", description="where the API is")
    sign_in: WebAddress = Field(default="https://threads.com", description="where a person agrees")


class Threads:
    """Posts to one profile."""

    Options: ClassVar[type[BaseModel]] = ThreadsOptions
    # https://developers.facebook.com/documentation/threads/get-started
    scopes: ClassVar[tuple[str, ...]] = (
        *("threads_basic", "threads_content_publish", "threads_manage_replies"),
        *("threads_read_replies", "threads_delete"),
    )
    capabilities: ClassVar[Capabilities] = Capabilities(
        carries=frozenset({Carries.SOCIAL}),
        max_text=500,
        counting=Counting.EMOJI_BYTES,
        spacing=timedelta(minutes=1),
        threads=True,
        mentions_by_text=True,
        source="https://developers.facebook.com/documentation/threads/posts",
        evidence="documented",
    )

    def __init__(self, options: ThreadsOptions, http: httpx.Client, clock: Clock) -> None:
        self._options = options
        self._clock = clock
        self._waiting: dict[str, str] = {}
        self._access = Access("threads", options.token)
        self._api = Api(
            name="threads",
            url=options.url,
            http=http,
            clock=clock,
            secrets=options.secrets,
            error_keys=("error.error_user_msg", "error.message", "error", "message"),
            judge=self._judge,
        )
        self._oauth = OAuth(
            name="threads",
            sign_in=f"{options.sign_in}/oauth/authorize",
            url=f"{options.url}/oauth/access_token",
            options=options,
            http=http,
            clock=clock,
        )

    def consent_address(self, redirect: str, state: str, challenge: str) -> str:
        """`challenge` is ignored: Meta has no PKCE here, and wants the app's secret instead."""
        del challenge
        return self._oauth.consent_address(redirect, state, (",".join(self.scopes),))

    def trade(self, code: str, verifier: str, redirect: str) -> Tokens:
        """The code is worth an access for an hour, and that one for 60 days; both are asked for."""
        del verifier
        secret = self._secret()
        # What they come back with ends in #_, which belongs to no code.
        brief = self._oauth.trade(code.removesuffix("#_"), redirect, self.scopes)
        return self._lasting("/access_token?grant_type=th_exchange_token", brief, secret)

    def renew(self, tokens: Tokens) -> Tokens:
        """For 60 days from now; refused once they have ended, and before they are a day old."""
        return self._lasting("/refresh_access_token?grant_type=th_refresh_token", tokens)

    def use_tokens(self, tokens: Callable[[], Tokens]) -> None:
        """Ask this for the tokens before each call."""
        self._access.source = tokens

    def send(self, batch: Sequence[SocialMessage]) -> Sequence[Outcome]:
        """Post the text, and what follows it in a thread as answers to it.

        Raises TryLater while Threads is still fetching the picture.
        """
        [message] = batch

        def post(text: str, before: str) -> Accepted | Refused:
            return self._post(message, text, before)

        return [post_thread("threads", message.texts, post, self._delete)]

    def find(self, message: SocialMessage, since: datetime) -> Accepted | None:
        """Among the profile's latest posts, and what answers to them by itself."""
        posts = self._latest("threads", since)
        if message.thread:
            posts += self._latest("replies", since)
        return find_thread("threads", message.texts, posts)

    def delete(self, published: Published) -> None:
        """Take it away, the last of a thread first; a profile has 100 a day."""
        for name in reversed(published.ids):
            self._delete(name)

    def check(self) -> Account:
        """The profile, and how much of its 250 posts in 24 hours is left."""
        reply = self._call("GET", "/v1.0/me?fields=id,username")
        name = f"@{reply.text('username')} on Threads"
        tokens = self._access.tokens()
        return Account(name, self._quota(), can=tokens.scopes, ends=tokens.ends)

    def _post(self, message: SocialMessage, text: str, before: str) -> Accepted | Refused:
        key = f"{message.id} {before}"
        known = self._waiting.pop(key, "")
        if known and self._status(known).word("status") in {"ERROR", "EXPIRED"}:
            known = ""  # the next one may do better
        if not known:
            reply = self._prepare(message, text, before)
            if reply.refused:
                return Refused(reply.words)
            with preparing():
                known = reply.text("id")
        if (refused := self._await(known, key)) is not None:
            return refused
        try:
            reply = self._call("POST", "/v1.0/me/threads_publish", form={"creation_id": known})
            if reply.word("error.error_subcode") == NOT_READY:
                raise self._later(key, known)
            if reply.refused:
                return Refused(reply.words)
            name = reply.text("id")
        except OutcomeUnknown:
            if (found := self._settled(known, text)) is None:
                raise
            return found
        return Accepted(name, self._address(name))

    def _prepare(self, message: SocialMessage, text: str, before: str) -> Reply:
        """A container, for a day: nobody sees it, so that it can be made once more."""
        said: dict[str, Any] = {**self._options.extra, "media_type": "TEXT", "text": text}
        image = message.image if self._options.pictures and not before else None
        if image is not None and urlsplit(image.url).scheme == "https":
            said |= {"media_type": "IMAGE", "image_url": image.url}
            if image.alt:
                said["alt_text"] = shorten(image.alt, MOST_ALT)
        elif message.link and not before:
            said["link_attachment"] = message.link
        if before:
            said["reply_to_id"] = before
        elif self._options.topic:
            said["topic_tag"] = self._options.topic
        with preparing():
            return self._call("POST", "/v1.0/me/threads", form=said)

    def _await(self, container: str, key: str) -> Refused | None:
        """Look at a container until it can be published; raises TryLater where that takes long."""
        for _ in range(LOOKS):
            reply = self._status(container)
            match reply.word("status"):
                case "FINISHED":
                    return None
                case "ERROR" | "EXPIRED" as status:
                    return Refused(reply.word("error_message") or f"its container is {status}")
        raise self._later(key, container)

    def _status(self, container: str) -> Reply:
        return self._call("GET", f"/v1.0/{container}?fields=status,error_message")

    def _later(self, key: str, container: str) -> TryLater:
        self._waiting[key] = container
        return TryLater("threads: it is still fetching the picture - the post is tried again")

    def _settled(self, container: str, text: str) -> Accepted | None:
        """The post, where its container says that it is out; None: nobody knows.

        A container that is not out may be so in a moment, so that this settles nothing.
        """
        with suppress(ProviderError):
            if self._status(container).word("status") == "PUBLISHED":
                since = self._clock() - timedelta(hours=1)
                posts = self._latest("threads", since) + self._latest("replies", since)
                return find_thread("threads", [text], posts)
        return None

    def _latest(self, edge: str, since: datetime) -> list[tuple[str, Accepted]]:
        moment = int(since.timestamp())
        path = f"/v1.0/me/{edge}?fields={A_POST}&limit={LATEST}&since={moment}"
        reply = self._call("GET", path)
        reply.needed("data", list)
        return [
            (str(one.get("text")), Accepted(str(one.get("id")), str(one.get("permalink") or "")))
            for one in reply.objects("data")
            if (made := iso_moment(one.get("timestamp"))) is None or made >= since
        ]

    def _address(self, name: str) -> str:
        """Where people see it, which is asked for apart; empty where that fails."""
        with suppress(ProviderError):
            return self._call("GET", f"/v1.0/{name}?fields=permalink").word("permalink")
        return ""

    def _quota(self) -> Quota | None:
        fields = "quota_usage,config"
        reply = self._access.open(self._api).look(
            f"/v1.0/me/threads_publishing_limit?fields={fields}"
        )
        if reply is None:
            return None
        used, most = reply.read("data.0.quota_usage"), reply.read("data.0.config.quota_total")
        if not isinstance(used, int) or not isinstance(most, int):
            return None
        return Quota(max(most - used, 0), most, "24 hours")

    def _delete(self, name: str) -> None:
        reply = self._call("DELETE", f"/v1.0/{name}", repeats=1)
        reply.check_done()
        gone = reply.status == 404 or reply.word("error.error_subcode") == "33"
        if reply.refused and not gone:
            raise NotAllowed(
                f"threads: post {name} was not taken away ({reply.words}) - do so there"
            )

    def _lasting(self, path: str, tokens: Tokens, secret: SecretStr | None = None) -> Tokens:
        """https://developers.facebook.com/docs/threads/get-started/long-lived-tokens.

        They renew themselves: there is no other token for that, and both end at once.
        """
        said = {"access_token": tokens.access}
        if secret is not None:
            said["client_secret"] = secret.get_secret_value()
        query = httpx.QueryParams(said)
        api = self._oauth.api(tokens.access, url=self._options.url)
        found = self._oauth.read(api.call("GET", f"{path}&{query}"), tokens)
        return Tokens(found.access, found.access, found.ends, found.ends, found.scopes)

    def _secret(self) -> SecretStr:
        if self._options.client_secret is None:
            raise CredentialsRefused(
                "threads: nobody is let in without the app's secret - give the option client_secret"
            )
        return self._options.client_secret

    def _call(self, method: str, path: str, **said: Any) -> Reply:
        return self._access.open(self._api).call(method, path, **said)

    def _judge(self, reply: Reply) -> bool | None:
        """What Meta's codes say, whatever the status is."""
        code = reply.word("error.code")
        if code in TOKEN_CODES:
            raise self._access.refused(reply)
        if code in LIMIT_CODES:
            raise RateLimited(f"threads: too many calls ({reply.words}) - posting goes on later")
        if code in RIGHT_CODES or reply.status == 403:
            raise NotAllowed(
                f"threads: the account may not do this ({reply.words}) - check the permissions of"
                " the app, and connect it again"
            )
        return None
