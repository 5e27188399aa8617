"""Corrections on networks: what is edited, deleted and posted again, and what a crash leaves."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from dispatch.channels.opened import Channel
from dispatch.channels.provider import PictureLimits
from dispatch.channels.takes import Takes, anything
from dispatch.errors import NotFound, OutcomeUnknown, ProviderUnavailable
from dispatch.model.campaigns.archive import Archive
from dispatch.model.campaigns.campaign import Shows, SocialPlan
from dispatch.model.delivery.correction import Came, Repost
from dispatch.model.delivery.message import Accepted, Refused
from dispatch.model.delivery.published import Published, PublishedRow, PublishedState
from dispatch.model.editions.card import PostCard
from dispatch.model.editions.card import keep as keep_picture
from dispatch.model.editions.edition import OwnSnippet
from dispatch.pipeline.archive.amend import Corrections, amend_edition
from dispatch.pipeline.delivery.address import address_edition
from dispatch.pipeline.delivery.correct_published import correct_published
from dispatch.testing.fakes import RecordingProvider
from dispatch.testing.samples import a_png
from on_sqlite import on_sqlite
from pipeline_samples import CAMPAIGN, LINKS, approved_edition

pytestmark = on_sqlite

SOCIAL = replace(
    CAMPAIGN,
    email=None,
    social=(SocialPlan("bird", "plain"), SocialPlan("herd", "plain")),
)


@dataclass
class Fixed(RecordingProvider):
    """A network on which nothing can be changed."""

    def __post_init__(self) -> None:
        super().__init__()


@dataclass
class Deleting(Fixed):
    """One on which posts can be taken away."""

    deleted: list[Published] = field(default_factory=list)

    def delete(self, published: Published) -> None:
        self.deleted.append(published)


@dataclass
class Editing(Deleting):
    """One on which they can be edited, too; answers as told."""

    edited: list[tuple[Published, str]] = field(default_factory=list)
    answers: list[object] = field(default_factory=list)

    def edit(self, published, message):
        self.edited.append((published, message.text))
        answer = self.answers.pop(0) if self.answers else Accepted(published.ids[0])
        if isinstance(answer, Exception):
            raise answer
        return answer


class Finding(Deleting):
    """One that lists what was posted."""

    def find(self, message, since):
        assert since
        return next((Accepted(one.id) for one in self.taken if one.id == message.id), None)


@dataclass
class Stage:
    """An edition that stands on two networks, `bird` and `herd`."""

    store: object
    clock: object
    edition: object = None
    networks: dict = field(default_factory=dict)
    budget: int | None = None

    def begin(self, bird, herd=None, campaign=SOCIAL, accepted=None, **options):
        self.networks = {"bird": bird, "herd": herd or Editing()}
        edition_id = approved_edition(self.store, self.clock, campaign, **options).id
        self.edition = address_edition(edition_id, store=self.store, clock=self.clock)
        with self.store.begin() as tx:
            for one in tx.deliveries.latest(edition=self.edition):
                said = "Title one https://blog.example/one"
                tx.published.reserve(
                    PublishedRow(
                        one.id,
                        self.edition.number,
                        one.channel,
                        "account",
                        one.part or self.edition.id,
                        PublishedState.RESERVED,
                        Published((), "", said),
                        self.clock(),
                    )
                )
                at = Accepted(f"at-{one.channel}", f"https://{one.channel}.example/1")
                tx.published.note_accepted(one.id, accepted or at, now=self.clock())
        self.clock.advance(timedelta(hours=2))
        return self

    def amend(self, **corrections):
        return amend_edition(
            self.edition.id,
            Corrections(**corrections),
            by="ada",
            campaigns={"weekly": SOCIAL},
            store=self.store,
            clock=self.clock,
        )

    def new_title(self, title="Spring"):
        [post] = self.edition.content.posts
        return self.amend(titles={post.id: title})

    def correct(self, repost=Repost.NEVER, only=None, takes_of=anything):
        def open_channel(name):
            provider = self.networks[name]
            if isinstance(provider, Exception):
                raise provider
            return Channel(
                name, "fake", provider, provider.capabilities, posts_per_month=self.budget
            )

        told = correct_published(
            self.edition.id,
            by="ada",
            store=self.store,
            clock=self.clock,
            open_channel=open_channel,
            links=LINKS,
            takes_of=takes_of,
            repost=repost,
            only=only,
        )
        return {one.channel: one for one in told}

    def rows(self):
        with self.store.read() as tx:
            return {row.channel: row for row in tx.published.of_edition(self.edition.number)}

    def used(self):
        with self.store.read() as tx:
            return tx.budgets.all_used("2026-11")

    def acts(self):
        with self.store.read() as tx:
            return [one.act for one in tx.audit.about("edition", self.edition.id)]


PICTURE = keep_picture("image/png", 120, 40, a_png())


@pytest.fixture
def stage(store, clock):
    return Stage(store, clock)


def test_a_new_title_is_edited_where_it_stands_and_once(stage):
    stage.begin(Editing(), herd=NotFound("herd: not there"))
    stage.new_title()

    first, again = stage.correct(), stage.correct()

    row = stage.rows()["bird"]
    assert (first["bird"].came, again["bird"].came) == (Came.EDITED, Came.SAME)
    assert stage.networks["bird"].edited[0][0].ids == ("at-bird",)
    assert len(stage.networks["bird"].edited) == 1
    assert (row.state, row.post.text) == (
        PublishedState.EDITED,
        "Spring https://blog.example/one",
    )
    assert stage.acts().count("edition.edit_post") == 1


def test_a_network_that_fails_stops_no_other_and_is_tried_again(stage):
    stage.begin(Editing(), herd=Editing(answers=[ProviderUnavailable("herd: away"), ValueError()]))
    stage.new_title()

    first, second, third = stage.correct(), stage.correct(), stage.correct()

    assert (first["bird"].came, first["herd"].came) == (Came.EDITED, Came.FAILED)
    assert first["herd"].problem == "herd: away"
    assert second["herd"].problem == "ValueError inside the provider"
    assert third["herd"].came is Came.EDITED


def test_nobody_is_asked_about_what_no_correction_is_about(stage):
    stage.begin(Editing(), herd=NotFound("no secret for herd"))
    [post] = stage.edition.content.posts
    stage.amend(snippets=(OwnSnippet("bird", str(post.id), "By hand"),))

    told = stage.correct()

    assert (told["bird"].came, told["herd"].came) == (Came.EDITED, Came.SAME)
    assert stage.networks["bird"].edited[0][1] == "By hand"


def test_what_cannot_be_edited_is_shown_with_its_address_until_it_is_to_be_posted_again(stage):
    stage.begin(Deleting(), herd=Fixed())
    stage.new_title()

    shown, reposted, again = stage.correct(), stage.correct(Repost.INSTEAD), stage.correct()

    bird = stage.networks["bird"]
    assert {name: (one.came, one.can_delete) for name, one in shown.items()} == {
        "bird": (Came.FIXED, True),
        "herd": (Came.FIXED, False),
    }
    assert shown["bird"].address == "https://bird.example/1"
    assert (reposted["bird"].came, reposted["herd"].came) == (Came.REPOSTED, Came.FIXED)
    assert again["bird"].came is Came.SAME
    assert [one.ids for one in bird.deleted] == [("at-bird",)]
    assert [one.text for one in bird.taken] == ["Spring https://blog.example/one"]
    assert stage.rows()["bird"].state is PublishedState.PUBLISHED
    assert {"edition.delete_post", "edition.repost"} <= set(stage.acts())


def test_an_edit_that_is_refused_is_posted_again_only_when_told(stage):
    refused = Refused("too old to be edited")
    stage.begin(Editing(answers=[refused, refused]))
    stage.new_title()

    told, again = stage.correct(), stage.correct(Repost.INSTEAD)

    assert (told["bird"].came, told["bird"].problem) == (Came.REFUSED, "too old to be edited")
    assert again["bird"].came is Came.REPOSTED


@pytest.mark.parametrize("answer", [ProviderUnavailable("bird: away"), Refused("no")])
def test_what_is_deleted_and_not_taken_again_says_so_and_can_be_repeated(stage, answer):
    stage.begin(Deleting())
    stage.new_title()
    stage.networks["bird"].next(answer)

    told, quiet = stage.correct(Repost.INSTEAD), stage.correct()
    again = stage.correct(Repost.INSTEAD)

    assert (told["bird"].came, quiet["bird"].came) == (Came.DELETED, Came.DELETED)
    assert again["bird"].came is Came.REPOSTED
    assert len(stage.networks["bird"].taken) == 1


def test_a_lost_answer_is_not_posted_twice_unless_a_person_has_looked(stage):
    stage.begin(Deleting())
    stage.new_title()
    stage.networks["bird"].next(OutcomeUnknown("bird: answer lost"))

    told, again = stage.correct(Repost.INSTEAD), stage.correct(Repost.INSTEAD)
    decided = stage.correct(Repost.ANYWAY)

    assert (told["bird"].came, again["bird"].came) == (Came.UNKNOWN, Came.UNKNOWN)
    assert decided["bird"].came is Came.REPOSTED
    assert len(stage.networks["bird"].attempts) == 2


def test_a_lost_answer_is_found_where_a_network_lists_what_was_posted(stage):
    stage.begin(Finding())
    stage.new_title()
    stage.networks["bird"].next(OutcomeUnknown("bird: answer lost"))

    stage.correct(Repost.INSTEAD)
    found = stage.correct()

    assert found["bird"].came is Came.REPOSTED
    assert len(stage.networks["bird"].attempts) == 1


def test_a_crash_while_it_is_posted_again_leaves_a_sentence_and_nothing_twice(stage):
    stage.begin(Deleting())
    stage.new_title()
    stage.networks["bird"].always("never", Refused(""))

    def die(_batch):
        raise KeyboardInterrupt

    send, stage.networks["bird"].send = stage.networks["bird"].send, die
    with pytest.raises(KeyboardInterrupt):
        stage.correct(Repost.INSTEAD)
    stage.networks["bird"].send = send

    told = stage.correct(Repost.INSTEAD)

    assert told["bird"].came is Came.UNKNOWN
    assert stage.networks["bird"].attempts == []


def test_it_is_handed_over_once_more_while_the_network_drops_repeats(stage):
    bird = Deleting()
    bird.capabilities = replace(bird.capabilities, idempotent_for=timedelta(hours=1))
    stage.begin(bird)
    stage.new_title()
    bird.next(OutcomeUnknown("bird: answer lost"))

    stage.correct(Repost.INSTEAD)
    told = stage.correct()

    assert told["bird"].came is Came.REPOSTED
    assert len({one.id for one in bird.attempts}) == 1
    assert bird.attempts[0].id.startswith(f"{stage.edition.id}.")
    assert ".r" in bird.attempts[0].id


@pytest.mark.parametrize(("network", "came"), [(Deleting, Came.FIXED), (Editing, Came.FAILED)])
@pytest.mark.parametrize("repost", Repost)
def test_what_has_no_name_there_is_neither_changed_nor_posted_a_second_time(
    stage, network, came, repost
):
    # As where a person has said of a lost answer that the post is there.
    stage.begin(network(), accepted=Accepted(address="https://bird.example/1"))
    stage.new_title()

    told = stage.correct(repost)["bird"]

    assert (told.came, told.can_delete) == (came, False)
    assert told.problem.endswith("correct it there by hand") is (came is Came.FAILED)
    assert stage.networks["bird"].deleted == []
    assert stage.networks["bird"].attempts == []
    assert stage.rows()["bird"].state is PublishedState.PUBLISHED


def test_an_address_that_is_none_is_not_kept_of_what_is_posted_again(stage):
    stage.begin(Deleting())
    stage.new_title()
    stage.networks["bird"].next(Accepted("2", "javascript:alert(1)"))

    told = stage.correct(Repost.INSTEAD)["bird"]

    assert (told.came, told.address) == (Came.REPOSTED, "")
    assert stage.rows()["bird"].post.address == ""


def test_only_some_of_them_are_gone_through(stage):
    stage.begin(Editing())
    stage.new_title()
    [bird] = [row.delivery_id for row in stage.rows().values() if row.channel == "bird"]

    assert list(stage.correct(only={bird})) == ["bird"]


def test_where_there_is_an_archive_its_readers_are_told_why(stage):
    stage.begin(Editing())
    campaigns = {"weekly": replace(SOCIAL, archive=Archive.PUBLIC)}
    [post] = stage.edition.content.posts

    def amend(**corrections):
        return amend_edition(
            stage.edition.id,
            Corrections(**corrections),
            by="ada",
            campaigns=campaigns,
            store=stage.store,
            clock=stage.clock,
        )

    with pytest.raises(Exception, match="note: is empty"):
        amend(titles={post.id: "x"})
    said = amend(snippets=(OwnSnippet("herd", str(post.id), "By hand"),))

    assert said.amendment.told == f"snippet on herd of post {post.id}"
    assert not said.amendment.is_of_page
    with stage.store.read() as tx:
        assert [one.amendments for one in tx.archive.of("weekly")] == [0]
        [kept] = tx.archive.amendments(stage.edition.id)
        assert kept == said.amendment


def test_what_is_edited_and_what_is_posted_again_keep_their_pictures(stage):
    def gather(content):
        with stage.store.begin() as tx:
            tx.pictures.keep([PICTURE], now=stage.clock())
        return tuple(PostCard(one.id, own=PICTURE.mark) for one in content.posts)

    bird, herd = Editing(), Deleting()
    limits = PictureLimits(kinds=("image/png",), most_bytes=100_000)
    for one in (bird, herd):
        one.capabilities = replace(one.capabilities, pictures=limits)
    plans = tuple(replace(plan, shows=Shows.PICTURE) for plan in SOCIAL.social)
    stage.begin(bird, herd, campaign=replace(SOCIAL, social=plans), gather=gather)
    stage.new_title()
    edited = []
    bird.edit = lambda _published, message: edited.append(message) or Accepted("1")

    stage.correct(Repost.INSTEAD)

    assert [one.picture.data for one in (*edited, *herd.taken)] == [PICTURE.data] * 2


def test_what_is_posted_again_counts_and_stays_where_the_budget_is_used_up(stage):
    stage.budget = 1
    stage.begin(Deleting())
    stage.new_title()
    stage.correct(Repost.INSTEAD)
    stage.new_title("Summer")

    told = stage.correct(Repost.INSTEAD)

    bird = stage.networks["bird"]
    assert stage.used() == {"bird": 1}
    assert told["bird"].came is Came.FAILED
    assert told["bird"].problem.startswith("its budget of 1 posts for November is used up")
    assert len(bird.deleted) == len(bird.taken) == 1


def test_what_was_not_taken_again_is_not_counted_and_waits_for_the_budget(stage):
    stage.begin(Deleting())
    stage.new_title()
    stage.networks["bird"].next(Refused("no"))
    stage.correct(Repost.INSTEAD)
    stage.budget = 0

    told = stage.correct(Repost.INSTEAD)

    assert stage.used() == {"bird": 0}
    assert told["bird"].came is Came.DELETED
    assert "is used up" in told["bird"].problem
    assert stage.networks["bird"].taken == []


def test_what_stays_on_this_machine_is_no_network(stage):
    stage.begin(NotFound("nobody asks"), herd=NotFound("nobody asks"))
    stage.new_title()

    assert stage.correct(takes_of=lambda _: Takes(stays_here=True)) == {}
