"""LinkedIn, through its Posts API.

https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/posts-api
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Literal
from urllib.parse import quote, urlsplit

import httpx
from pydantic import BaseModel, Field

from dispatch.plugin import (
    Accepted,
    Access,
    Account,
    Api,
    ApiAddress,
    Capabilities,
    Card,
    Carries,
    Clock,
    ConnectedOptions,
    Counting,
    CredentialsRefused,
    NotAllowed,
    OAuth,
    Outcome,
    OutcomeUnknown,
    PictureLimits,
    ProviderUnavailable,
    Published,
    Refused,
    Reply,
    SocialMessage,
    SocialPicture,
    Tokens,
    WebAddress,
    find_thread,
    preparing,
    read_little,
    write_little,
)

OF_A_MEMBER = ("openid", "profile", "w_member_social")
OF_AN_ORGANIZATION = ("r_organization_social", "w_organization_social")
"""The products of an app that give these exclude each other, so neither asks for the other's."""

LATEST = 20
"""How many of the author's latest posts are looked through."""

VERSION_LASTS = 12
"""Months for which a version is served at least: .../linkedin/marketing/versioning."""

NEWER = "get a newer dispatch, or write a newer version into the option 'version'"

DUPLICATE = "DUPLICATE_POST"


class LinkedinOptions(ConnectedOptions, extra="forbid", frozen=True):
    """What schedules.yaml says under `options:`."""

    organization: str = Field(
        default="",
        pattern="^[0-9]*$",
        description="the number of the page that posts; empty: the member who agreed posts",
        examples=["2414183"],
    )
    visibility: Literal["public", "connections"] = Field(
        default="public", description="who sees the posts; a page's are public"
    )
    version: str = Field(
        default="202609",
        pattern="^20[0-9]{2}(0[1-9]|1[0-2])$",
        description="the version of the API, as a year and a month; each is served for a year",
    )
    url: ApiAddress = Field(default="https://api.linkedin.com", description="where the API is")
    sign_in: WebAddress = Field(
        default="https://www.linkedin.com", description="where a person agrees, and tokens are"
    )


class Linkedin:
    """Posts as a member, or as an organization."""

    Options: ClassVar[type[BaseModel]] = LinkedinOptions
    scopes: ClassVar[tuple[str, ...]] = OF_A_MEMBER
    capabilities: ClassVar[Capabilities] = Capabilities(
        carries=frozenset({Carries.SOCIAL}),
        max_text=3_000,
        counting=Counting.LITTLE_TEXT,  # what it counts is not documented
        spacing=timedelta(minutes=1),
        cards=True,
        # .../community-management/shares/images-api: fewer than 36,152,320 pixels; it names no
        # limit in bytes, so what LinkedIn's help says for pictures of posts is taken.
        pictures=PictureLimits(
            kinds=("image/jpeg", "image/png", "image/gif"),
            most_bytes=5_000_000,
            most_side=6_000,
            most_alt=4_086,
        ),
        account_options=("organization",),
        source="https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/posts-api",
        evidence="documented",
    )

    def __init__(self, options: LinkedinOptions, http: httpx.Client, clock: Clock) -> None:
        self._options = options
        self._clock = clock
        self._member: dict[str, str] = {}
        self._access = Access("linkedin", options.token)
        self._asked = OF_AN_ORGANIZATION if options.organization else OF_A_MEMBER
        self._api = Api(
            name="linkedin",
            url=options.url,
            http=http,
            clock=clock,
            headers={"LinkedIn-Version": options.version, "X-Restli-Protocol-Version": "2.0.0"},
            secrets=options.secrets,
            error_keys=("errorDetails.inputErrors.0.description", "message", "error_description"),
            judge=self._judge,
        )
        # An app that keeps no secret has a consent page of its own, and there is no PKCE elsewhere:
        # .../linkedin/shared/authentication/authorization-code-flow-native
        native = options.client_secret is None
        consent = "/oauth/native-pkce/authorization" if native else "/oauth/v2/authorization"
        self._oauth = OAuth(
            name="linkedin",
            sign_in=f"{options.sign_in}{consent}",
            url=f"{options.sign_in}/oauth/v2/accessToken",
            options=options,
            http=http,
            clock=clock,
        )

    def consent_address(self, redirect: str, state: str, challenge: str) -> str:
        """With the app's secret `challenge` is ignored: LinkedIn has PKCE for native apps alone."""
        return self._oauth.consent_address(redirect, state, self._asked, self._proof(challenge))

    def trade(self, code: str, verifier: str, redirect: str) -> Tokens:
        """An access for 60 days; a refresh token, for a year, only for approved partners."""
        return self._oauth.trade(code, redirect, self._asked, self._proof(verifier))

    def renew(self, tokens: Tokens) -> Tokens:
        """.../linkedin/shared/authentication/programmatic-refresh-tokens."""
        return self._oauth.renew(tokens)

    def use_tokens(self, tokens: Callable[[], Tokens]) -> None:
        """Ask this for the tokens before each call."""
        self._access.source = tokens

    def send(self, batch: Sequence[SocialMessage]) -> Sequence[Outcome]:
        """Post the text, with its picture or the card of its link."""
        [message] = batch
        author = self._author()
        content = self._content(message, author)
        if isinstance(content, Refused):
            return [content]
        said: dict[str, Any] = {
            **self._options.extra,
            "author": author,
            "commentary": write_little(message.text, mentions=message.mentions),
            "visibility": self._options.visibility.upper(),
            "distribution": {
                "feedDistribution": "MAIN_FEED",
                "targetEntities": [],
                "thirdPartyDistributionChannels": [],
            },
            "lifecycleState": "PUBLISHED",
            "isReshareDisabledByAuthor": False,
        }
        if content:
            said["content"] = content
        reply = self._call("POST", "/rest/posts", json=said)
        if reply.refused and reply.word("errorDetails.inputErrors.0.code") == DUPLICATE:
            # It is there, by an earlier try or by somebody's hand: only looking tells whose it is.
            raise OutcomeUnknown(
                f"linkedin: the same text is there already ({reply.shown(_said(reply))})"
                " - look whether it is this post"
            )
        if reply.refused:
            return [Refused(reply.words)]
        name = reply.headers.get("x-restli-id", "")
        if not name.startswith("urn:li:"):
            raise OutcomeUnknown(
                "linkedin: took the post and did not say its name - look there whether it arrived"
            )
        return [_accepted(name)]

    def find(self, message: SocialMessage, since: datetime) -> Accepted | None:
        """Among the author's latest posts; few apps may read a member's."""
        author = quote(self._author(), safe="")
        path = f"/rest/posts?author={author}&q=author&count={LATEST}&sortBy=LAST_MODIFIED"
        reply = self._call("GET", path, headers={"X-RestLi-Method": "FINDER"})
        reply.needed("elements", list)
        posts = [
            (read_little(str(one.get("commentary", ""))), _accepted(str(one.get("id"))))
            for one in reply.objects("elements")
            if _made(one) >= since.timestamp()
        ]
        return find_thread("linkedin", [message.text], posts)

    def edit(self, published: Published, message: SocialMessage) -> Outcome:
        """Change the text; the card or picture stays, as LinkedIn has it."""
        [name, *_] = published.ids
        change = {
            "patch": {"$set": {"commentary": write_little(message.text, mentions=message.mentions)}}
        }
        headers = {"X-RestLi-Method": "PARTIAL_UPDATE"}
        reply = self._call("POST", _path(name), headers=headers, json=change, repeats=1)
        reply.check_done()
        if reply.refused:
            return Refused(reply.words)
        return Accepted(name, published.address)

    def delete(self, published: Published) -> None:
        """Take it away; to take away what is gone is no error there."""
        for name in published.ids:
            headers = {"X-RestLi-Method": "DELETE"}
            reply = self._call("DELETE", _path(name), headers=headers, repeats=1)
            reply.check_done()
            if reply.refused and reply.status != 404:
                raise NotAllowed(
                    f"linkedin: {name} was not taken away ({reply.words}) - do so there"
                )

    def check(self) -> Account:
        """Whose posts they are, what the token may do, and until when."""
        name, notes = self._name()
        can, ends = self._told()
        notes += [
            f"it may not do what needs {one} - connect it again"
            for one in self._asked
            if can and one not in can
        ]
        if self._ages() >= VERSION_LASTS - 1:
            notes.append(f"version {self._options.version} of the API may end soon - {NEWER}")
        return Account(name, notes=tuple(notes), can=can, ends=ends)

    def _name(self) -> tuple[str, list[str]]:
        number = self._options.organization
        if not number:
            return f"{self._who(anew=True)['name']} on LinkedIn", []
        api = self._access.open(self._api)
        page = api.look(f"/rest/organizations/{number}")
        if page is not None and (name := page.word("localizedName")):
            return f"{name}, page {number} on LinkedIn", []
        author = quote(self._author(), safe="")
        posts = api.look(f"/rest/posts?author={author}&q=author&count=1")
        if posts is None:
            return f"page {number} on LinkedIn", [
                "it may not read what the page posted, so a lost answer is left to a person"
            ]
        if posts.refused:
            raise ProviderUnavailable(
                f"linkedin: page {number} is not there ({posts.words})"
                " - check the option 'organization'"
            )
        return f"page {number} on LinkedIn", []

    def _told(self) -> tuple[tuple[str, ...], datetime | None]:
        """What the token may do and when it ends: as kept, or as LinkedIn tells of one's own."""
        tokens = self._access.tokens()
        own, secret = self._options.token, self._options.client_secret
        if own is None or secret is None or not self._options.client_id:
            return tokens.scopes, tokens.refresh_ends if tokens.refresh else tokens.ends
        # .../linkedin/shared/authentication/token-introspection
        url = f"{self._options.sign_in}/oauth/v2/introspectToken"
        said = {
            "client_id": self._options.client_id,
            "client_secret": secret.get_secret_value(),
            "token": tokens.access,
        }
        with preparing():
            reply = self._oauth.api(tokens.access, url=url).call("POST", form=said)
        if reply.refused or reply.read("active") is not True:
            raise CredentialsRefused(
                f"linkedin: its token is not valid any more ({reply.word('status') or reply.words})"
                " - issue a new one there"
            )
        ends = reply.read("expires_at")
        known = isinstance(ends, int) and 0 < ends < 1e11
        scopes = reply.word("scope").replace(",", " ").split()
        return tuple(scopes), datetime.fromtimestamp(ends, UTC) if known else None

    def _ages(self) -> int:
        """Months since the version came out."""
        now, version = self._clock(), self._options.version
        return 12 * (now.year - int(version[:4])) + now.month - int(version[4:])

    def _author(self) -> str:
        number = self._options.organization
        return f"urn:li:organization:{number}" if number else f"urn:li:person:{self._who()['sub']}"

    def _who(self, *, anew: bool = False) -> dict[str, str]:
        """The member's id and name: .../sign-in-with-linkedin-v2; asked once."""
        if anew or not self._member:
            reply = self._call("GET", "/v2/userinfo")
            self._member = {key: reply.text(key) for key in ("sub", "name")}
        return self._member

    def _content(self, message: SocialMessage, author: str) -> dict[str, Any] | Refused:
        if message.picture is not None:
            picture = self._upload(message.picture, author)
            if isinstance(picture, Refused):
                return picture
            words = {"altText": message.picture.alt} if message.picture.alt else {}
            return {"media": {"id": picture, **words}}
        return {} if message.card is None else self._article(message.card, author)

    def _article(self, card: Card, author: str) -> dict[str, Any] | Refused:
        """The card of a link, which LinkedIn does not look up for posts that come by its API."""
        article = {"source": card.link, "title": card.title or card.link}
        if card.description:
            article["description"] = card.description
        if card.picture is not None:
            thumbnail = self._upload(card.picture, author)
            if isinstance(thumbnail, Refused):
                return thumbnail
            article["thumbnail"] = thumbnail
            if card.picture.alt:
                article["thumbnailAltText"] = card.picture.alt
        return {"article": article}

    def _upload(self, picture: SocialPicture, author: str) -> str | Refused:
        """The name of the picture there: .../community-management/shares/images-api."""
        with preparing():
            wish = {"initializeUploadRequest": {"owner": author}}
            reply = self._call("POST", "/rest/images?action=initializeUpload", json=wish)
            if reply.refused:
                return Refused(f"its picture: {reply.words}")
            name, place = reply.text("value.image"), reply.read("value.uploadUrl")
            if not isinstance(place, str):
                raise ProviderUnavailable(
                    "linkedin: names no place for a picture - try again later"
                )
            sent = self._uploading(place).call(
                "PUT", headers={"Content-Type": picture.kind}, content=picture.data
            )
        return Refused(f"its picture: {sent.words}") if sent.refused else name

    def _uploading(self, address: str) -> Api:
        """Where a picture goes, by an address that holds once; only LinkedIn sees the token."""
        host = urlsplit(address).hostname or ""
        own = {urlsplit(self._options.url).hostname, urlsplit(self._options.sign_in).hostname}
        if host not in own and not host.endswith(".linkedin.com"):
            raise ProviderUnavailable("linkedin: wants a picture elsewhere - ask its support")
        api = self._access.open(self._api)
        return Api(
            name=api.name,
            url=address,
            http=api.http,
            clock=api.clock,
            headers={"Authorization": api.headers["Authorization"]},
            secrets=api.secrets,
            judge=api.judge,
        )

    def _proof(self, of: str) -> str:
        return of if self._options.client_secret is None else ""

    def _call(self, method: str, path: str, **said: Any) -> Reply:
        return self._access.open(self._api).call(method, path, **said)

    def _judge(self, reply: Reply) -> bool | None:
        if reply.status == 426 or reply.word("code") == "NONEXISTENT_VERSION":
            raise CredentialsRefused(
                f"linkedin: version {self._options.version} of the API has ended ({reply.words})"
                f" - {NEWER}"
            )
        if reply.status == 403:
            raise NotAllowed(
                f"linkedin: the account may not do this ({reply.words}) - check the products of"
                " the app, and the role of whoever agreed on the page"
            )
        return None


def _accepted(name: str) -> Accepted:
    return Accepted(name, f"https://www.linkedin.com/feed/update/{name}")


def _path(name: str) -> str:
    return f"/rest/posts/{quote(name, safe='')}"


def _made(post: dict[str, Any]) -> float:
    """When, in seconds; zero where it is not told, or not out."""
    made = post.get("publishedAt") or post.get("createdAt")
    return made / 1_000 if isinstance(made, int | float) else 0


def _said(reply: Reply) -> str:
    """Which post it is the same as, where LinkedIn tells."""
    message = reply.read("message")
    return message.rpartition("Exception: ")[2] if isinstance(message, str) else reply.words
