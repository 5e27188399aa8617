"""Which entries of a document are which posts: by guid, by link, by title and date."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.model.intake.feed import Entry
from dispatch.model.intake.post import Post
from dispatch.model.intake.similarity import Looks, text_key, title_key
from dispatch.pipeline.intake.candidates import SEVERAL, candidates_of, links_of_several
from dispatch.pipeline.intake.match import match_entries
from dispatch.store.intake.names import KnownPost
from dispatch.testing.clock import FakeClock

NOW = FakeClock()()
DAY = timedelta(days=1)
TITLE = "How we moved to another database"
OTHER_TITLE = "Seven pictures of birds in autumn"


def entry(guid="", path="", title=TITLE, *, published: datetime | None = None, **values):
    """An entry; without a path it has no link."""
    link = f"https://blog.example/{path}" if path else ""
    return Entry(guid=guid, link=link, title=title, published=published, position=0, **values)


def key(path):
    return f"//blog.example/{path}"


def known(number, identity, path="", title=TITLE, *, published=None, aliases=()):
    """A post that was kept."""
    post = Post(
        id=number,
        feed="blog",
        guid=identity,
        link="",
        title=title,
        summary="",
        content="",
        authors=(),
        topics=(),
        image=None,
        language="",
        published=published,
        updated=None,
        first_seen=NOW,
        backlog=False,
    )
    looks = Looks(title_key(title), "", published, NOW - 90 * DAY)
    return KnownPost(post, identity, key(path) if path else "", looks, frozenset(aliases))


def match(entries, posts=(), shared=()):
    """What came of them: known pairs, doubtful pairs, new ones, aliases; each by guid or title."""
    found = match_entries(candidates_of(entries, now=NOW), posts, shared=shared)

    def name(one):
        return one.post.id if isinstance(one, KnownPost) else one.entry.guid or one.entry.title

    return {
        "known": [(name(one), name(post)) for one, post in found.known],
        "doubtful": [
            (name(one), name(of))
            for one, of in ((doubt.candidate, doubt.other) for doubt in found.doubtful)
        ],
        "new": [name(one) for one in found.new],
        "aliases": found.aliases,
    }


def only(**parts):
    return {"known": [], "doubtful": [], "new": [], "aliases": {}, **parts}


class TestCandidates:
    def test_what_it_may_be_known_by(self):
        [one] = candidates_of([entry("g1", "a?utm_source=x", "It's \u00c9t\u00e9")], now=NOW)

        assert (one.guid, one.link_key) == ("g1", key("a"))
        assert one.looks == Looks("its ete", "", None, NOW)

    @pytest.mark.parametrize(("titles", "guid"), [([TITLE] * 4, "g"), ([TITLE, OTHER_TITLE], "")])
    def test_a_guid_of_several_stories_is_no_name(self, titles, guid):
        entries = [entry("g", f"p{number}", title) for number, title in enumerate(titles)]

        assert {one.guid for one in candidates_of(entries, now=NOW)} == {guid}

    def test_a_guid_that_is_told_again_with_the_same_link_stays_a_name(self):
        entries = [entry("g", "same")] * (SEVERAL + 1)

        assert {one.guid for one in candidates_of(entries, now=NOW)} == {"g"}

    @pytest.mark.parametrize(
        ("one", "shared", "identity"),
        [
            (entry("g", "a"), False, "g"),
            (entry("g", "a"), True, "g"),
            (entry("", "a"), False, key("a")),
            (entry("", "a", "The Title!"), True, f"{key('a')} the title"),
            (entry("", "", "The Title!"), False, "the title"),
            (entry("", "", "!!"), False, "!!"),
            (entry("", "", ""), False, ""),
        ],
    )
    def test_its_identity(self, one, shared, identity):
        [candidate] = candidates_of([one], now=NOW)

        assert candidate.identity(link_shared=shared) == identity

    def test_what_is_kept_of_it(self):
        content, summary = "<p>" + "word " * 60, "short " * 60
        full, brief = candidates_of(
            [entry("", "a", content=content, summary=summary), entry("", "b", summary=summary)],
            now=NOW,
        )

        new = full.newcomer(link_shared=True)

        assert (new.entry, new.identity) == (full.entry, f"{key('a')} {title_key(TITLE)}")
        assert (new.link_key, new.link_shared) == (key("a"), True)
        assert (new.title_key, new.text_key) == (title_key(TITLE), text_key(content))
        assert brief.newcomer(link_shared=False).text_key == text_key(summary)
        assert brief.newcomer(link_shared=False).identity == key("b")


class TestLinksOfSeveral:
    TITLES = ("The first of all our stories", "Another one about the sea", "Bread and how it rises")

    def links(self, *entries):
        return links_of_several(candidates_of(entries, now=NOW))

    def test_three_stories_make_it_nobodys(self):
        stories = [entry(f"g{n}", "podcast", title) for n, title in enumerate(self.TITLES)]

        assert self.links(*stories, entry("x", "else")) == {key("podcast")}

    def test_two_of_many_entries_do_not(self):
        stories = [entry(f"g{n}", "podcast", title) for n, title in enumerate(self.TITLES[:2])]

        assert self.links(*stories, entry("x", "else")) == set()

    def test_two_are_enough_where_there_is_no_other_link(self):
        stories = [entry(f"g{n}", "podcast", title) for n, title in enumerate(self.TITLES[:2])]

        assert self.links(*stories) == {key("podcast")}
        assert self.links(*stories, entry("x", "", self.TITLES[2])) == {key("podcast")}
        assert self.links(stories[0]) == set()

    def test_one_story_told_again_is_one(self):
        same = [entry(f"g{n}", "a", TITLE) for n in range(SEVERAL)]

        assert self.links(*same, entry("x", "else")) == set()

    def test_stories_without_a_link_share_none(self):
        assert self.links(*(entry(f"g{n}", "", title) for n, title in enumerate(self.TITLES))) == (
            set()
        )


# Entry, post, whether its link is shared by several stories -> what came of it.
ONE_TO_ONE = {
    "the guid, and the title tells": (
        entry("g", "new"),
        known(1, "g", "old"),
        only(known=[("g", 1)]),
    ),
    "the guid, and the date tells": (
        entry("g", "new", OTHER_TITLE, published=NOW),
        known(1, "g", "old", published=NOW),
        only(known=[("g", 1)]),
    ),
    "the guid, and the link tells": (
        entry("g", "a", OTHER_TITLE),
        known(1, "g", "a"),
        only(known=[("g", 1)]),
    ),
    "the guid alone": (
        entry("g", "new", OTHER_TITLE),
        known(1, "g", "old"),
        only(doubtful=[("g", 1)]),
    ),
    "the link, for one without a guid": (
        entry("", "a", OTHER_TITLE),
        known(1, key("a"), "a"),
        only(known=[(OTHER_TITLE, 1)]),
    ),
    "the link, and the title tells": (
        entry("new", "a"),
        known(1, "old", "a"),
        only(known=[("new", 1)], aliases={"new": 1}),
    ),
    "the link, and the date tells": (
        entry("new", "a", OTHER_TITLE, published=NOW),
        known(1, "old", "a", published=NOW),
        only(known=[("new", 1)], aliases={"new": 1}),
    ),
    "the link alone": (
        entry("new", "a", OTHER_TITLE, published=NOW),
        known(1, "old", "a", published=NOW - DAY),
        only(doubtful=[("new", 1)]),
    ),
    "a name it had": (
        entry("renamed", "b", OTHER_TITLE),
        known(1, "old", "a", aliases=["renamed"]),
        only(known=[("renamed", 1)], aliases={"renamed": 1}),
    ),
    "a link it had": (
        entry("new", "b"),
        known(1, "old", "a", aliases=[key("b")]),
        only(known=[("new", 1)], aliases={"new": 1}),
    ),
    "nothing": (entry("new", "b"), known(1, "old", "a"), only(new=["new"])),
    "no link on either side": (entry("new"), known(1, "old"), only(new=["new"])),
}


@pytest.mark.parametrize("case", ONE_TO_ONE)
def test_an_entry_is_a_post_by(case):
    one, post, result = ONE_TO_ONE[case]
    others = [entry(name, name, f"The story called {name}") for name in ("first", "second")]

    found = match([one, *others], [post])

    found["new"] = [name for name in found["new"] if name not in ("first", "second")]
    assert found == result


def test_a_link_of_several_stories_tells_nothing():
    shared = {key("a")}

    assert match([entry("new", "a")], [known(1, "old", "a")], shared) == only(new=["new"])


@pytest.mark.parametrize(("title", "is_it"), [(TITLE, True), (OTHER_TITLE, False)])
def test_a_post_kept_by_its_link_is_found_after_the_feed_gave_that_to_others_too(title, is_it):
    post = known(1, key("a"), "a")

    found = match([entry("", "a", title)], [post], {key("a")})

    assert found == (only(known=[(title, 1)]) if is_it else only(new=[title]))


def test_not_for_one_that_has_a_guid():
    assert match([entry("g", "a")], [known(1, key("a"), "a")], {key("a")}) == only(new=["g"])


class TestSeveral:
    def test_the_first_with_its_own_guid_speaks_for_a_post(self):
        found = match(
            [entry("by-link", "a"), entry("g", "a"), entry("g", "a")],
            [known(1, "g", "a")],
        )

        assert found == only(known=[("g", 1)], aliases={"by-link": 1})

    def test_of_those_known_by_link_the_first_speaks(self):
        found = match([entry("x", "a"), entry("y", "a")], [known(1, "g", "a")])

        assert found == only(known=[("x", 1)], aliases={"x": 1, "y": 1})

    def test_one_that_looks_like_the_speaker_is_the_same_post(self):
        speaker, same = entry("g", "a", OTHER_TITLE), entry("x", "a", OTHER_TITLE)

        found = match([speaker, same], [known(1, "g", "a", TITLE)])

        assert found == only(known=[("g", 1)], aliases={"x": 1})

    def test_of_several_posts_under_a_link_the_one_that_looks_like_it(self):
        posts = [known(1, "g1", "a", OTHER_TITLE), known(2, "g2", "a", TITLE)]

        assert match([entry("x", "a")], posts)["aliases"] == {"x": 2}

    def test_in_doubt_the_oldest_post(self):
        posts = [
            known(2, "g2", "a", "Nothing like it here today"),
            known(1, "g1", "a", OTHER_TITLE),
        ]

        assert match([entry("x", "a")], posts) == only(doubtful=[("x", 1)])

    def test_a_new_one_told_twice_is_new_once(self):
        same_guid = match([entry("g", "a"), entry("g", "b")])
        same_link = match([entry("g", "a"), entry("h", "a")])
        same_name = match([entry("", "a"), entry("", "a")])

        assert same_guid == same_link == only(new=["g"])
        assert same_name == only(new=[TITLE])

    def test_two_new_ones_under_one_link_are_told_apart_by_a_person(self):
        found = match([entry("g", "a"), entry("h", "a", OTHER_TITLE)])

        assert found == only(new=["g"], doubtful=[("h", "g")])

    def test_two_new_ones_under_a_shared_link_are_two(self):
        found = match([entry("g", "a"), entry("h", "a", OTHER_TITLE)], shared={key("a")})

        assert found == only(new=["g", "h"])


ENTRIES = st.lists(
    st.builds(
        entry,
        st.sampled_from(["", "g1", "g2", "g3"]),
        st.sampled_from(["", "a", "b"]),
        st.sampled_from([TITLE, OTHER_TITLE, "Short"]),
        published=st.sampled_from([None, NOW, NOW - DAY]),
    ),
    max_size=6,
)
POSTS = st.permutations(
    [known(1, "g1", "a"), known(2, key("b"), "b", OTHER_TITLE), known(3, "g9", "a", "Third")]
)


@given(ENTRIES, POSTS, st.sampled_from([(), {key("a")}]))
def test_every_post_has_one_speaker_and_every_new_one_its_own_name(entries, posts, shared):
    found = match_entries(candidates_of(entries, now=NOW), posts, shared=shared)

    spoken_for = [post.post.id for _, post in found.known]
    names = [one.identity(link_shared=one.link_key in shared) for one in found.new]
    assert len(spoken_for) == len(set(spoken_for))
    assert len(names) == len(set(names))
    assert not set(names) & {post.identity for post in posts}
    assert set(found.aliases.values()) <= {1, 2, 3}


@given(ENTRIES.map(lambda entries: list({one.guid: one for one in entries if one.guid}.values())))
def test_what_is_known_stays_known_when_it_is_read_again(entries):
    candidates = candidates_of(entries, now=NOW)
    shared = links_of_several(candidates)
    first = match_entries(candidates, [], shared=shared)
    posts = []
    for number, one in enumerate([*first.new, *(doubt.candidate for doubt in first.doubtful)], 1):
        identity = one.identity(link_shared=one.link_key in shared)
        post = known(number, identity, title=one.entry.title, published=one.entry.published)
        posts.append(KnownPost(post.post, identity, one.link_key, one.looks, frozenset()))

    again = match_entries(candidates, posts, shared=shared)

    assert again.new == []
    assert again.doubtful == []
