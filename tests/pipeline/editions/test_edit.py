"""What an editor may change about an edition, and what that does to its approval."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest

from dispatch.channels.takes import Takes
from dispatch.errors import BadInput, Conflict, TemplateFailed
from dispatch.model.campaigns.campaign import Each, SocialPlan
from dispatch.model.campaigns.schedule import slot_at
from dispatch.model.delivery.state import Delivery, DeliveryState
from dispatch.model.editions.edition import Edition, EditionState, OwnSnippet
from dispatch.model.intake.post import PostRule
from dispatch.model.people.subscriber import Subscriber
from dispatch.pipeline.delivery.address import address_edition
from dispatch.pipeline.delivery.pause import cancel_edition
from dispatch.pipeline.editions.compose import Materials, compose_edition
from dispatch.pipeline.editions.edit import Changes, edit_edition
from dispatch.pipeline.intake.keep import keep_entries
from dispatch.pipeline.messages.make import MessageMaker
from dispatch.pipeline.reviews.decide import approve_edition, reject_edition, request_changes
from dispatch.render.digests.digest import DigestRenderer
from dispatch.render.snippet import render_snippets
from dispatch.store.editions.content import from_json, to_json
from dispatch.testing.fakes import recording_channel
from dispatch.testing.samples import a_post
from pipeline_samples import (
    CAMPAIGN,
    FEEDS,
    LINKS,
    PUBLISHER,
    REVIEWED,
    TEMPLATE,
    WITH_SOCIAL,
    compose,
    entry,
    keep,
)
from render.render_samples import an_edition

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
ADA = Subscriber(1, "ada@example.org", "Ada")
SOCIAL = replace(WITH_SOCIAL, approval_needed=True)
PER_EDITION = SocialPlan("mastodon", "plain", Each.EDITION)
AT_MOST_TWO = replace(REVIEWED, posts=PostRule(at_most=2))


@pytest.fixture
def three(store, clock):
    """An edition of three posts, in review."""
    for name in ("one", "two", "three"):
        keep(store, entry(name), now=clock())
    return compose(store, clock, SOCIAL).edition


@pytest.fixture
def edit(store, clock):
    def edit(edition, by="ada", **changes):
        return edit_edition(edition.id, Changes(**changes), by=by, store=store, clock=clock)

    return edit


def ids_of(edition) -> list[int]:
    return [post.id for post in edition.content.posts]


def digest(edition):
    return DigestRenderer(edition.content).render(ADA, unsubscribe_url="https://x.example/leave")


def snippets(edition, plan=SOCIAL.social[0]):
    rendered = render_snippets(edition.content, plan)
    return {one.part: one.text for one in rendered}


def test_a_snippet_longer_than_its_channel_takes_is_refused_when_it_is_written(store, clock, three):
    text = " ".join(f"https://t.ly/{number}" for number in range(20))
    changes = Changes(snippets=(OwnSnippet("mastodon", str(ids_of(three)[0]), text),))

    with pytest.raises(
        BadInput, match="79 characters too many, as it counts links and all - write 400"
    ):
        edit_edition(
            three.id,
            changes,
            by="ada",
            store=store,
            clock=clock,
            takes_of=lambda _: Takes("mastodon", max_text=400, link_cost=23),
        )


def test_posts_come_in_the_order_that_was_asked_for_and_the_rest_follows(three, edit):
    first, second, third = ids_of(three)

    ordered = edit(three, order=(third, first)).edition
    pinned = edit(three, pin=second).edition

    assert ids_of(ordered) == [third, first, second]
    assert ids_of(pinned) == [second, third, first]
    assert len({three.fingerprint, ordered.fingerprint, pinned.fingerprint}) == 3


def test_a_dropped_post_is_for_the_next_edition(three, edit, store, clock):
    first, second, third = ids_of(three)

    edited = edit(three, drop=(second,)).edition

    assert ids_of(edited) == [first, third]
    following = compose(store, clock_after(clock), REVIEWED, name="e2").edition
    assert ids_of(following) == [second]


def test_a_post_that_was_left_out_can_be_added_and_is_used_then(store, clock, edit):
    for name in ("one", "two", "three"):
        keep(store, entry(name), now=clock())
    edition = compose(store, clock, AT_MOST_TWO).edition
    with store.read() as tx:
        [left_out] = tx.posts.unused("weekly", ["blog"])

    edited = edit(edition, add=(left_out.id,)).edition

    assert ids_of(edited) == [*ids_of(edition), left_out.id]
    with store.read() as tx:
        assert tx.posts.unused("weekly", ["blog"]) == []


def test_a_post_of_another_edition_or_another_feed_cannot_be_added(three, edit, store, clock):
    keep(store, entry("four"), now=clock())
    other = compose(store, clock_after(clock), REVIEWED, name="e2").edition
    with store.begin() as tx:
        keep_entries("elsewhere", [entry("five")], backfill=None, tx=tx, now=clock())
        foreign = tx.posts.latest(feed="elsewhere")[0].id

    with pytest.raises(Conflict, match="is in an edition of this campaign already"):
        edit(three, add=tuple(ids_of(other)))
    with pytest.raises(Conflict, match="is from feed 'elsewhere'"):
        edit(three, add=(foreign,))


def test_a_post_that_is_not_in_it_cannot_be_dropped_or_moved(three, edit):
    for changes in ({"drop": (99,)}, {"order": (99,)}, {"pin": 99}):
        with pytest.raises(Conflict, match="post 99: is not in "):
            edit(three, **changes)


def test_the_last_post_cannot_be_dropped(three, edit):
    with pytest.raises(Conflict, match="without a post - reject it"):
        edit(three, drop=tuple(ids_of(three)))


def test_an_edition_that_was_made_without_posts_can_be_edited(store, clock, edit):
    campaign = replace(SOCIAL, posts=PostRule(at_least=0), email=None, social=(PER_EDITION,))
    edition = compose_edition(
        campaign,
        slot_at(clock(), "UTC"),
        store=store,
        materials=Materials(PUBLISHER, FEEDS, lambda _: {"snippet.txt": "{{ edition.title }}"}),
        clock=clock,
        ids=lambda: "e1",
    ).edition

    edited = edit(edition, snippets=(OwnSnippet("mastodon", "", "We are away."),)).edition

    assert edition.content.posts == ()
    assert snippets(edited, PER_EDITION) == {"": "We are away."}


def test_what_somebody_wrote_stands_for_what_the_template_says(store, clock, edit):
    with_intro = {
        **TEMPLATE,
        "digest.mjml": TEMPLATE["digest.mjml"].replace(
            "<mj-text>", "<mj-text><p>{{ edition.intro }}</p><p>{{ preheader }}</p>"
        ),
        "digest.txt": "{{ edition.intro }}\n" + TEMPLATE["digest.txt"],
    }
    keep(store, entry("one"), now=clock())
    compose(store, clock)  # brings somebody to write to
    keep(store, entry("two"), now=clock())
    edition = compose_edition(
        REVIEWED,
        slot_at(clock_after(clock)(), "UTC"),
        store=store,
        materials=Materials(PUBLISHER, FEEDS, lambda _: with_intro),
        clock=clock,
        ids=lambda: "e2",
    ).edition

    edited = edit(
        edition,
        subject="Tom & <Jerry> {{ x }}\nagain",
        preheader="Before <all>",
        intro="First & <b>.\n\nSecond.",
    ).edition

    said = digest(edited)
    assert said.subject == "Tom & <Jerry> {{ x }} again"
    assert said.preheader == "Before <all>"
    assert "First &amp; &lt;b&gt;." in said.html
    assert "Before &lt;all&gt;" in said.html
    assert said.text.startswith("First & <b>.\n\nSecond.\n")
    assert digest(edit(edition, subject="").edition).subject == "Title two"


def test_a_text_for_which_the_template_has_no_place_is_refused(three, edit):
    with pytest.raises(BadInput, match=r"no place for that text - print {{ edition.intro }}"):
        edit(three, intro="Hello")
    with pytest.raises(BadInput, match=r"no place for that text - print {{ preheader }}"):
        edit(three, preheader="Hello")


def test_a_subject_that_would_be_cut_off_is_refused(three, edit):
    with pytest.raises(BadInput, match="subject: has 200 characters - write 150 at most"):
        edit(three, subject="x" * 200)


def test_a_network_gets_the_text_that_was_written_for_it(three, edit):
    first, second, third = map(str, ids_of(three))

    edited = edit(three, snippets=(OwnSnippet("mastodon", second, "Read <this> {{ x }}"),)).edition

    texts = snippets(edited)
    assert texts[second] == "Read <this> {{ x }}"
    assert {first, third} <= {part for part in texts if texts[part].startswith("Title ")}
    again = edit(edited, snippets=(OwnSnippet("mastodon", second, ""),)).edition
    assert snippets(again) == snippets(three)


def test_the_text_for_a_post_goes_with_the_post(three, edit):
    first = ids_of(three)[0]
    edit(three, snippets=(OwnSnippet("mastodon", str(first), "Mine"),))

    edited = edit(three, drop=(first,)).edition

    assert edited.content.snippets == ()


def test_a_text_for_a_snippet_that_there_is_not_is_refused(three, edit, store, clock):
    keep(store, entry("four"), now=clock())
    whole = replace(SOCIAL, social=(SocialPlan("mastodon", "plain", Each.EDITION),))
    of_editions = {**TEMPLATE, "snippet.txt": "{{ edition.title }}"}
    edition = compose_edition(
        whole,
        slot_at(clock_after(clock)(), "UTC"),
        store=store,
        materials=Materials(PUBLISHER, FEEDS, lambda _: of_editions),
        clock=clock,
        ids=lambda: "e2",
    ).edition

    for own, said in (
        (OwnSnippet("x", "", "t"), "no snippets on 'x' - its channels: mastodon"),
        (OwnSnippet("mastodon", "", "t"), "one for each post - write mastodon:POST=TEXT"),
        (OwnSnippet("mastodon", "99", "t"), "post 99 is not in the edition"),
    ):
        with pytest.raises(BadInput, match=said):
            edit(three, snippets=(own,))
    with pytest.raises(BadInput, match="for the whole edition - write mastodon=TEXT"):
        edit(edition, snippets=(OwnSnippet("mastodon", "1", "t"),))
    edited = edit(edition, snippets=(OwnSnippet("mastodon", "", "All of it"),)).edition
    assert snippets(edited, whole.social[0]) == {"": "All of it"}


def test_an_edit_voids_the_approval(three, edit, store, clock):
    approve_edition(three.id, by="bob", store=store, clock=clock)

    edited = edit(three, subject="Another")

    assert edited.voided
    found = edited.edition
    assert (found.state, found.author) == (EditionState.IN_REVIEW, "ada")
    assert (found.approved_by, found.approved_fingerprint) == ("", "")
    with pytest.raises(Conflict, match="is in review"):
        address_edition(three.id, store=store, clock=clock)


def test_where_no_approval_is_needed_an_edited_edition_goes_out_as_it_is_now(store, clock, edit):
    keep(store, entry("one"), now=clock())
    edition = compose(store, clock, CAMPAIGN).edition

    edited = edit(edition, subject="Another")

    found = edited.edition
    assert (edited.voided, found.state) == (False, EditionState.APPROVED)
    assert found.approved_fingerprint == found.fingerprint != edition.fingerprint
    assert address_edition(edition.id, store=store, clock=clock).state is EditionState.SENDING


def test_what_a_person_has_approved_though_nobody_had_to_waits_for_one_again(store, clock, edit):
    keep(store, entry("one"), now=clock())
    edition = compose(store, clock, CAMPAIGN).edition
    decided = {"store": store, "clock": clock}
    request_changes(edition.id, note="the lead is stale", by="bob", **decided)
    edit(edition, subject="Another")
    approve_edition(edition.id, by="bob", **decided)

    edited = edit(edition, subject="A third")

    assert (edited.voided, edited.edition.state) == (True, EditionState.IN_REVIEW)
    assert edited.edition.approved_by == ""


def test_an_edit_that_changes_nothing_is_refused_and_the_approval_stays(three, edit, store, clock):
    approve_edition(three.id, by="bob", store=store, clock=clock)

    with pytest.raises(Conflict, match="this changes nothing"):
        edit(three, pin=ids_of(three)[0])

    with store.read() as tx:
        assert tx.editions.get(three.id).state is EditionState.APPROVED


def test_what_has_begun_to_go_out_or_is_over_cannot_be_edited(three, edit, store, clock):
    approve_edition(three.id, by="bob", store=store, clock=clock)
    address_edition(three.id, store=store, clock=clock)

    with pytest.raises(Conflict, match="is sending - only what waits to go out can be edited"):
        edit(three, subject="Another")
    cancel_edition(three.id, reason="", store=store, clock=clock)
    with pytest.raises(Conflict, match="is cancelled - only"):
        edit(three, subject="Another")


def test_a_rejected_edition_cannot_be_edited(three, edit, store):
    reject_edition(three.id, reason="", store=store)

    with pytest.raises(Conflict, match="is rejected - only"):
        edit(three, subject="Another")


def test_an_edit_with_which_the_templates_fail_is_not_kept(store, clock, edit):
    keep(store, entry("one"), now=clock())
    keep(store, entry("two", authors=("Ada",)), now=clock())
    picky = {**TEMPLATE, "subject.txt": "{{ edition.posts[1].title }}"}
    compose(store, clock, REVIEWED)
    reject_edition("e1", reason="", store=store)
    edition = compose_edition(
        REVIEWED,
        slot_at(clock_after(clock)(), "UTC"),
        store=store,
        materials=Materials(PUBLISHER, FEEDS, lambda _: picky),
        clock=clock,
        ids=lambda: "e2",
    ).edition

    with pytest.raises(TemplateFailed):
        edit(edition, drop=(ids_of(edition)[0],))

    with store.read() as tx:
        assert tx.editions.get(edition.id).fingerprint == edition.fingerprint


@pytest.mark.parametrize("template", ["weekly", "bulletin"])
def test_texts_that_somebody_wrote_go_into_the_form_that_many_readers_share(template):
    own = {"subject": "Tom & <Jerry> 🎨", "preheader": "Before <all>", "intro": "One <b>.\n\nTwo."}
    content = replace(an_edition(template, [a_post(1), a_post(2)]), **own)
    edition = Edition("e1", "weekly", "slot", EditionState.SENDING, content, "f", NOW)
    maker = MessageMaker(edition, recording_channel(), LINKS)
    sending = DeliveryState.SENDING
    delivery = Delivery(1, "e1", "mail", ADA.email, "", ADA.id, sending, 1, 1, NOW)

    mail = message_from_bytes(maker.mail(delivery, ADA).data, policy=default)
    alone = maker.digest(delivery, ADA)

    assert maker.forms == 1
    assert mail["Subject"] == alone.subject == "Tom & <Jerry> 🎨"
    html = mail.get_body(("html",)).get_content()
    assert "Before &lt;all&gt;" in html
    assert ("One &lt;b&gt;." in html, "Two." in html) == (True, True)
    assert html.splitlines() == alone.html.splitlines()


def test_a_content_that_was_stored_before_there_were_own_texts_can_still_be_read(three):
    text = to_json(three.content)
    for field in ('"intro":"",', '"preheader":"",', '"snippets":[],'):
        assert field in text
        text = text.replace(field, "")

    assert from_json(text) == three.content


def clock_after(clock):
    """The clock, a minute later: another slot."""
    clock.now = clock.now.replace(minute=(clock.now.minute + 1) % 60)
    return clock
