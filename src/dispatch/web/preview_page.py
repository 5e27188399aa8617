"""What `dispatch preview` has written, as one page: the digest in each look, and networks."""

from base64 import b64encode
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup

from dispatch.channels.provider import PictureLimits
from dispatch.pipeline.messages.fit_picture import fit_picture
from dispatch.pipeline.messages.shown import ShownSnippet, shown_snippets
from dispatch.pipeline.messages.snippets import too_long
from dispatch.web.team.frame import templates
from dispatch.web.team.provider_words import title_of
from dispatch.web.team.review.snippets import linked
from dispatch.words.catalogues import Words, team_words_in

if TYPE_CHECKING:
    from dispatch.app import App
    from dispatch.model.campaigns.campaign import SocialPlan
    from dispatch.model.editions.edition import EditionContent
    from dispatch.pipeline.editions.preview import Preview


EMBEDDED = PictureLimits(kinds=("image/jpeg", "image/png", "image/gif"), most_bytes=150_000)
"""Pictures inside of the page, which would be too long for mail programs and chats otherwise."""


@dataclass(frozen=True, slots=True)
class _Network:
    """The snippets of one channel. `cards` are each with its posts marked, and the file it is in.

    `failed` says in English why there are none.
    """

    channel: str
    name: str
    account: str
    cards: tuple[tuple[ShownSnippet, tuple[Markup, ...], str], ...]
    failed: str = ""

    @property
    def wrong(self) -> list[str]:
        """What does not fit, in sentences."""
        found = [self.failed] if self.failed else []
        found += [
            f"{file}: {too_long(seen.snippet)}" for seen, _, file in self.cards if not seen.fits
        ]
        return found


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """The page, and what does not fit its network, in sentences."""

    html: str
    wrong: tuple[str, ...]


def preview_page(content: "EditionContent", made: "Preview", app: "App") -> PreviewPage:
    """The page beside the files, in the publisher's language.

    It has all of its styles in it, and the pictures that go out; it asks for nothing but others of
    posts.
    """
    words = team_words_in(content.publisher.locale)
    with app.store.read() as tx:
        accounts = {
            name: check.account
            for name, check in tx.channel_checks.all().items()
            if not check.problem
        }
    networks = [
        _network(content, plan, made, app=app, words=words, account=accounts.get(plan.via, ""))
        for plan in content.social
    ]
    wrong = tuple(sentence for one in networks for sentence in one.wrong)
    page = templates().get_template("team/preview_index.html")
    html = page.render(
        words=words,
        content=content,
        digest=made.digest,
        networks=networks,
        wrong=len(wrong),
        errors={},
        sheet=Markup(_sheet()),  # noqa: S704 - our own
    )
    return PreviewPage(html.lstrip(), wrong)


def file_of(channel: str, number: int) -> str:
    """The file in which a snippet is written."""
    return f"snippets/{channel}-{number:02}.txt"


def _network(
    content: "EditionContent",
    plan: "SocialPlan",
    made: "Preview",
    *,
    app: "App",
    words: Words,
    account: str,
) -> _Network:
    channel = app.workspace.channels.get(plan.via)
    takes = app.channels.takes(plan.via)

    def embedded(mark: str) -> str:
        with app.store.read() as tx:
            kept = tx.pictures.of((mark,)).get(mark)
        fitted = fit_picture(kept, EMBEDDED, "") if kept else None
        if fitted is None:
            return ""
        return f"data:{fitted.kind};base64,{b64encode(fitted.data).decode()}"

    seen = shown_snippets(made.snippets.get(plan.via, ()), content, plan, takes, embedded)
    return _Network(
        channel=plan.via,
        name=title_of(words, channel.provider) if channel else plan.via,
        account=account,
        cards=tuple(
            (
                one,
                tuple(linked(text, takes.counter) for text in one.texts),
                file_of(plan.via, number),
            )
            for number, one in enumerate(seen, start=1)
        ),
        failed=made.refused.get(plan.via, ""),
    )


def _sheet() -> str:
    return (files("dispatch.web") / "static" / "dispatch.css").read_text(encoding="utf-8")
