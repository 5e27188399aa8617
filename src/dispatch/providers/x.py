"""X, through version 2 of its API (https://docs.x.com/x-api/posts/manage-tweets/introduction).

Each call is billed; what they cost stands at https://docs.x.com/x-api/getting-started/pricing.
"""

import html
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import httpx
from pydantic import BaseModel, Field

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
    NotAllowed,
    OAuth,
    Outcome,
    OutcomeUnknown,
    PictureLimits,
    Published,
    RateLimited,
    Refused,
    Reply,
    SocialMessage,
    SocialPicture,
    Tokens,
    WebAddress,
    find_thread,
    iso_moment,
    post_thread,
    preparing,
    retry_after,
    text_at,
)

ABOUT_A_POST = ("duplicate content", "too long", "cashtag", "reply", "replies", "quote", "media")
"""What is in the words of a 403 that is about what was to be posted, and not about the account."""

LATEST = 20
"""How many of the account's latest posts are looked through: each of them is billed."""

CAP_ASKED_AGAIN = timedelta(days=1)
"""When to ask again after a cap of the month: its end is not told, and refusals are free."""


class XOptions(ConnectedOptions, extra="forbid", frozen=True):
    """What schedules.yaml says under `options:`."""

    url: ApiAddress = Field(default="https://api.x.com", description="where the API is")
    sign_in: WebAddress = Field(default="https://x.com", description="where a person agrees")


class X:
    """Posts to one account."""

    Options: ClassVar[type[BaseModel]] = XOptions
    # https://docs.x.com/fundamentals/authentication/guides/v2-authentication-mapping
    scopes: ClassVar[tuple[str, ...]] = (
        *("tweet.read", "tweet.write", "users.read", "media.write", "offline.access"),
    )
    capabilities: ClassVar[Capabilities] = Capabilities(
        carries=frozenset({Carries.SOCIAL}),
        max_text=280,
        link_cost=23,
        counting=Counting.WEIGHTED,
        spacing=timedelta(minutes=1),
        threads=True,
        # https://docs.x.com/x-api/media/quickstart/best-practices
        pictures=PictureLimits(
            kinds=("image/jpeg", "image/png", "image/webp"), most_bytes=5_000_000, most_alt=1_000
        ),
        mentions_by_text=True,
        source="https://docs.x.com/fundamentals/counting-characters",
        evidence="documented",
    )

    def __init__(self, options: XOptions, http: httpx.Client, clock: Clock) -> None:
        self._options = options
        self._clock = clock
        self._account: dict[str, str] = {}
        self._access = Access("x", options.token)
        self._api = Api(
            name="x",
            url=options.url,
            http=http,
            clock=clock,
            secrets=options.secrets,
            reset_header="x-rate-limit-reset",
            error_keys=("detail", "errors.0.message", "title", "error", "message"),
            judge=self._judge,
        )
        self._oauth = OAuth(
            name="x",
            sign_in=f"{options.sign_in}/i/oauth2/authorize",
            url=f"{options.url}/2/oauth2/token",
            options=options,
            http=http,
            clock=clock,
            with_basic=True,
        )

    def consent_address(self, redirect: str, state: str, challenge: str) -> str:
        """https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code."""
        return self._oauth.consent_address(redirect, state, self.scopes, challenge)

    def trade(self, code: str, verifier: str, redirect: str) -> Tokens:
        """The code lives for 30 seconds; an access for two hours."""
        return self._oauth.trade(code, redirect, self.scopes, verifier)

    def renew(self, tokens: Tokens) -> Tokens:
        """A refresh token works once: where the answer is lost, the next renewal may be refused.

        Then a person has to agree once more. Nothing else is lost by it, and nothing is posted.
        """
        return self._oauth.renew(tokens)

    def use_tokens(self, tokens: Callable[[], Tokens]) -> None:
        """Ask this for the tokens before each call."""
        self._access.source = tokens

    def send(self, batch: Sequence[SocialMessage]) -> Sequence[Outcome]:
        """Post the text, and what follows it in a thread as answers to it."""
        [message] = batch
        media: list[str] = []
        if message.picture is not None:
            uploaded = self._upload(message.picture)
            if isinstance(uploaded, Refused):
                return [uploaded]
            media.append(uploaded)

        def post(text: str, before: str) -> Accepted | Refused:
            return self._post(text, before, () if before else media)

        return [post_thread("x", message.texts, post, self._delete)]

    def find(self, message: SocialMessage, since: datetime) -> Accepted | None:
        """Among the latest posts; each that is looked at is billed as an owned read."""
        fields = "tweet.fields=created_at,entities&exclude=retweets"
        start = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        user = self._who()["id"]
        path = f"/2/users/{user}/tweets?max_results={LATEST}&start_time={start}&{fields}"
        reply = self._call("GET", path)
        reply.needed("", dict)
        posts = [
            (_as_written(one), _accepted(text_at(one, "id")))
            for one in reply.objects("data")
            if (made := iso_moment(one.get("created_at"))) is None or made >= since
        ]
        return find_thread("x", message.texts, posts)

    def delete(self, published: Published) -> None:
        """Take it away, the last of a thread first."""
        for name in reversed(published.ids):
            self._delete(name)

    def check(self) -> Account:
        """The account, such as "@acme on X": one read of a user, which is billed."""
        name = self._who(anew=True)["username"]
        tokens = self._access.tokens()
        missing = [one for one in self.scopes if tokens.scopes and one not in tokens.scopes]
        notes = [f"it may not do what needs {one} - connect it again" for one in missing]
        if not tokens.refresh and tokens.ends is not None:
            notes.append("its access ends soon and cannot be renewed - connect it again")
        # An access ends every two hours and is renewed; how long that goes on is not told.
        ends = tokens.refresh_ends if tokens.refresh else tokens.ends
        return Account(f"@{name} on X", notes=tuple(notes), can=tokens.scopes, ends=ends)

    def _post(self, text: str, before: str, media: Sequence[str]) -> Accepted | Refused:
        said: dict[str, Any] = {**self._options.extra, "text": text}
        if media:
            said["media"] = {"media_ids": [*media]}
        if before:
            said["reply"] = {"in_reply_to_tweet_id": before}
        reply = self._call("POST", "/2/tweets", json=said)
        if not reply.refused:
            return _accepted(reply.text("data.id"))
        if "duplicate content" in reply.words.lower() and not before:
            # It is there, by an earlier try or by somebody's hand: only looking tells whose it is.
            raise OutcomeUnknown(
                f"x: the same text is there already ({reply.words}) - look whether it is this post"
            )
        return Refused(reply.text("detail"))

    def _upload(self, picture: SocialPicture) -> str | Refused:
        """The id of the picture there (https://docs.x.com/x-api/media/upload-media)."""
        name = f"picture.{picture.kind.rpartition('/')[2]}"
        form = {"media_category": "tweet_image", "media_type": picture.kind}
        with preparing():
            files = {"media": (name, picture.data, picture.kind)}
            reply = self._call("POST", "/2/media/upload", form=form, files=files)
            if reply.refused:
                return Refused(f"its picture: {reply.text('detail')}")
            media = reply.text("data.id")
            if picture.alt:
                alt = {"id": media, "metadata": {"alt_text": {"text": picture.alt}}}
                reply = self._call("POST", "/2/media/metadata", json=alt)
                if reply.refused:
                    return Refused(f"the words for its picture: {reply.text('detail')}")
        return media

    def _delete(self, name: str) -> None:
        reply = self._call("DELETE", f"/2/tweets/{name}", repeats=1)  # once more is no harm
        reply.check_done()
        if reply.refused and reply.status != 404:
            raise NotAllowed(f"x: post {name} was not taken away ({reply.words}) - do so there")

    def _who(self, *, anew: bool = False) -> dict[str, str]:
        """The id and the name of the account; asked once, as it is billed."""
        if anew or not self._account:
            reply = self._call("GET", "/2/users/me")
            self._account = {key: reply.text(f"data.{key}") for key in ("id", "username")}
        return self._account

    def _call(self, method: str, path: str, **said: Any) -> Reply:
        return self._access.open(self._api).call(method, path, **said)

    def _judge(self, reply: Reply) -> bool | None:
        """What X means by its statuses: .../x-api/fundamentals/response-codes-and-errors."""
        if reply.status == 403:
            words = reply.own_words.lower()
            return reply.word("title") == "Forbidden" and any(one in words for one in ABOUT_A_POST)
        if reply.status == 429:
            self._wait(reply)
        return None

    def _wait(self, reply: Reply) -> None:
        """Raise for a cap that is not of the quarter of an hour, whose header is known."""
        if reply.word("title") == "UsageCapExceeded":
            raise RateLimited(
                f"x: a cap of the account is used up ({reply.words}) - posting goes on with the"
                " next period, or raise the cap in the developer console",
                retry_after=CAP_ASKED_AGAIN,
            )
        for whose in ("user", "app"):
            if reply.headers.get(f"x-{whose}-limit-24hour-remaining") == "0":
                header = f"x-{whose}-limit-24hour-reset"
                wait = retry_after(reply.headers, now=self._clock(), reset_header=header)
                raise RateLimited(
                    f"x: the {whose}'s posts of 24 hours are used up - posting goes on later",
                    retry_after=wait,
                )


def _accepted(name: str) -> Accepted:
    return Accepted(name, f"https://x.com/i/status/{name}")


def _as_written(post: dict[str, Any]) -> str:
    """The text of a post as it was handed over: X shortens its links and escapes &, < and >."""
    text = str(post.get("text", ""))
    entities = post.get("entities")
    links = entities.get("urls") if isinstance(entities, dict) else None
    for link in links if isinstance(links, list) else []:
        if isinstance(link, dict) and isinstance(short := link.get("url"), str):
            long = "" if "media_key" in link else str(link.get("expanded_url", short))
            text = text.replace(short, long)
    return html.unescape(text)
