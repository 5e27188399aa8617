"""What `dispatch preview` has written, as one page: the digest in each look, and networks."""

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup

from dispatch.pipeline.messages.shown import ShownSnippet, shown_snippets
from dispatch.web.team.frame import templates
from dispatch.web.team.provider_words import title_of
from dispatch.web.team.review.snippets import declared_by, linked
from dispatch.words.catalogues import Words, team_words_in

if TYPE_CHECKING:
    from dispatch.app import App
    from dispatch.model.campaigns.campaign import SocialPlan
    from dispatch.model.editions.edition import EditionContent
    from dispatch.pipeline.editions.preview import Preview


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
        for seen, _, file in self.cards:
            if seen.too_many:
                found.append(f"{file}: {seen.too_many} characters too many - shorten it")
            elif seen.bytes_too_many:
                found.append(f"{file}: {seen.bytes_too_many} bytes too many - shorten it")
        return found


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """The page, and what does not fit its network, in sentences."""

    html: str
    wrong: tuple[str, ...]


def preview_page(content: "EditionContent", made: "Preview", app: "App") -> PreviewPage:
    """The page beside the files, in the publisher's language.

    It has all of its styles in it, and asks for nothing but pictures of posts.
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
    takes, declared = app.channels.takes(plan.via).for_plan(plan), declared_by(channel)
    seen = shown_snippets(made.snippets.get(plan.via, ()), content, plan, takes, declared)
    return _Network(
        channel=plan.via,
        name=title_of(words, channel.provider) if channel else plan.via,
        account=account,
        cards=tuple(
            (one, tuple(map(linked, one.texts)), file_of(plan.via, number))
            for number, one in enumerate(seen, start=1)
        ),
        failed=made.refused.get(plan.via, ""),
    )


def _sheet() -> str:
    return (files("dispatch.web") / "static" / "dispatch.css").read_text(encoding="utf-8")
