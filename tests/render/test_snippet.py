import os
from dataclasses import replace
from pathlib import Path

import pytest

from dispatch.errors import TemplateFailed, TextTooLong
from dispatch.feeds.parse.document import parse
from dispatch.model.campaigns.campaign import Each, SocialPlan
from dispatch.model.editions.edition import EditionContent, OwnSnippet
from dispatch.model.intake.post import Post
from dispatch.model.intake.titles import make_title
from dispatch.model.text.counting import Counting
from dispatch.model.text.limits import TextLimits
from dispatch.render.snippet import Snippet, render_snippets
from dispatch.testing.samples import a_post
from render.render_samples import OURS, PLAIN, an_edition

FIELD = Path(os.environ.get("DISPATCH_TEST_DATA") or "no test data") / "field"
CC_BY = "https://creativecommons.org/licenses/by/4.0/"
LIMITS = TextLimits(500, 23, Counting.FEDIVERSE)
MASTODON = LIMITS.counter
needs_data = pytest.mark.skipif(
    not FIELD.is_dir(), reason="DISPATCH_TEST_DATA names no folder with test data"
)


def snippets(
    content: EditionContent,
    *,
    each: Each = Each.POST,
    provider: str = "mastodon",
    max_text: int | None = 500,
    link_cost: int | None = 23,
    mentions: bool = False,
    **more: bool,
) -> list[Snippet]:
    plan = SocialPlan("account", content.social[0].template, each, mentions=mentions)
    limits = replace(LIMITS, max_text=max_text, link_cost=link_cost, **more)
    return render_snippets(content, plan, provider=provider, limits=limits)


def posts_of(file: str) -> list[Post]:
    body = (FIELD / file).read_bytes()
    entries = parse(body, url="https://blog.example/feed").entries
    return [
        a_post(number, title=one.title, summary=one.summary, content="", link=one.link)
        for number, one in enumerate(entries)
    ]


@pytest.mark.parametrize("template", OURS)
def test_each_post_becomes_a_snippet_that_leads_to_it(template: str) -> None:
    posts = [a_post(7), a_post(8, image=None)]

    made = snippets(an_edition(template, posts))

    assert [snippet.part for snippet in made] == ["7", "8"]
    for snippet, post in zip(made, posts, strict=True):
        assert snippet.text.endswith(post.link)
        assert post.title in snippet.text
        assert (snippet.link, snippet.title, snippet.image) == (post.link, post.title, post.image)
        assert (snippet.language, snippet.topics) == ("fr", post.topics)


@pytest.mark.parametrize("template", OURS)
def test_an_edition_becomes_one_snippet(template: str) -> None:
    posts = [a_post(7), a_post(8)]

    [snippet] = snippets(an_edition(template, posts), each=Each.EDITION)

    assert snippet.part == ""
    assert snippet.link == posts[0].link
    assert posts[0].link in snippet.text


def test_a_long_text_is_cut_so_that_the_link_fits() -> None:
    post = a_post(1, title="Un titre " * 100, link="https://blog.example.org/" + "x" * 300)

    [snippet] = snippets(an_edition("weekly", [post]))

    text = snippet.text.removesuffix(f" #ia #création {post.link}")
    assert text.endswith("…")
    assert len(text) <= 500 - 23 - 1


@pytest.mark.parametrize("template", OURS)
def test_a_long_text_without_a_title_is_cut_before_its_credit(template: str) -> None:
    text = "We walked along the harbour and talked. " * 40
    post = a_post(7, summary=text, authors=("Ada",), licence_link=CC_BY)
    post = replace(post, title=make_title(text, picture="", link="", guid=""))

    [made] = snippets(an_edition(template, [post]))

    assert made.text.endswith(f"CC BY 4.0) {post.link}")
    assert "and talked. #ia #création (Ada, " in made.text
    assert MASTODON.count(made.text) <= 500


def test_a_text_of_a_template_without_fit_says_how_much_too_long_it_is() -> None:
    source = "{{ post.title }}\n\n{{ post.link }} #news"
    post = a_post(1, title="Un titre " * 100)

    [snippet] = snippets(an_edition(PLAIN | {"snippet.txt": source}, [post]))

    assert snippet.text == f"{post.title.strip()}\n\n{post.link} #news"
    assert snippet.too_many == MASTODON.count(snippet.text) - 500


def test_a_text_that_somebody_wrote_says_so_too_if_its_channel_takes_less_by_now() -> None:
    content = replace(
        an_edition(PLAIN, [a_post(7)]), snippets=(OwnSnippet("account", "7", "word " * 200),)
    )

    [snippet] = snippets(content)

    assert snippet.too_many == 999 - 500


THREAD = "One\n---\nTwo {{ 'word ' * 120 }}\n  ---  \n---\nThree"


def test_a_line_of_three_dashes_begins_the_next_post_where_there_are_threads() -> None:
    [snippet] = snippets(an_edition(PLAIN | {"snippet.txt": THREAD}, [a_post(7)]), threads=True)

    assert (snippet.text, snippet.thread[1]) == ("One", "Three")
    assert snippet.too_many == MASTODON.count(snippet.thread[0]) - 500 == 103


def test_without_threads_it_begins_a_paragraph() -> None:
    [snippet] = snippets(an_edition(PLAIN | {"snippet.txt": THREAD}, [a_post(7)]))

    assert snippet.text.startswith("One\n\nTwo word")
    assert snippet.text.endswith("word\n\nThree")
    assert snippet.thread == ()


def test_names_in_a_post_tell_nobody_unless_the_campaign_says_so() -> None:
    source = "By @us: {{ post.title }} {{ post.authors[0] }} {{ post.content | teaser }} @them"
    content = an_edition(
        PLAIN | {"snippet.txt": source},
        [a_post(1, title="@nasa lands", authors=("@ada",), content="<p>With @bob.</p>")],
    )

    [quiet] = snippets(content, mentions_by_text=True)
    [loud] = snippets(content, mentions_by_text=True, mentions=True)
    [other] = snippets(content)

    assert quiet.text == "By @us: @\u2060nasa lands @\u2060ada With @\u2060bob. @them"
    assert loud.text == other.text == "By @us: @nasa lands @ada With @bob. @them"
    assert quiet.title == "@nasa lands"


def test_no_entity_is_ever_shown() -> None:
    post = a_post(1, title="Tom &amp;amp; Ana&#8217;s soup", topics=("R&amp;D",))
    source = "{{ post.title }} {{ post.topics | hashtags }}"

    [snippet] = snippets(an_edition(PLAIN | {"snippet.txt": source}, [post]))

    assert snippet.text == "Tom & Ana’s soup #RD"
    assert (snippet.title, snippet.topics) == ("Tom & Ana’s soup", ("R&D",))


def test_a_channel_with_its_own_file_gets_that_before_its_providers() -> None:
    files = {"snippet.mastodon.txt": "toot", "snippet.account.txt": "{{ network }}"}

    [snippet] = snippets(an_edition(PLAIN | files))

    assert snippet.text == "mastodon"


@needs_data
def test_links_in_a_text_count_as_the_network_counts_them() -> None:
    made = snippets(an_edition("weekly", posts_of("short-links-over-500.xml")))

    many, long = (one.text for one in made)
    assert 460 < MASTODON.count(many) <= 500
    assert many.endswith("https://blog.example/0")
    assert long.endswith("the meeting on Friday at nine. #ia #création https://blog.example/1")


@needs_data
def test_a_text_without_spaces_is_told_up_to_the_limit() -> None:
    [snippet] = snippets(an_edition("weekly", posts_of("no-spaces-snippet.xml")))

    assert snippet.text.startswith("東京の秋 (")
    assert ") – ああああ" in snippet.text
    assert snippet.text.endswith("あ… #ia #création https://ja.example/1")
    assert MASTODON.count(snippet.text) == 500


def test_without_a_limit_nothing_is_cut() -> None:
    post = a_post(1, title="Un titre " * 100)

    [snippet] = snippets(an_edition(PLAIN, [post]), max_text=None, link_cost=None)

    assert snippet.text == f"{post.title.strip()} {post.link}"


def test_a_link_that_leaves_no_room_is_an_error() -> None:
    content = an_edition(PLAIN)

    with pytest.raises(TextTooLong, match="a link takes 23 characters, the limit is 20"):
        snippets(content, max_text=20)


def test_a_provider_with_its_own_file_gets_that() -> None:
    content = an_edition(PLAIN | {"snippet.mastodon.txt": "toot", "snippet.txt": "any"})

    [own] = snippets(content, provider="mastodon")
    [other] = snippets(content, provider="webhook")

    assert (own.text, other.text) == ("toot", "any")


def test_a_post_is_told_in_its_own_language_where_there_are_words_for_it() -> None:
    sources = {
        "snippet.txt": "{{ words.new }}",
        "words.yaml": "fr:\n  new: neuf\nen:\n  new: new\n",
    }
    posts = [a_post(1, language="en-GB"), a_post(2, language="ja"), a_post(3, language="")]

    made = snippets(an_edition(PLAIN | sources, posts))

    assert [snippet.text for snippet in made] == ["new", "neuf", "neuf"]
    assert [snippet.language for snippet in made] == ["en-GB", "ja", "fr"]


def test_a_snippet_is_plain_text() -> None:
    post = a_post(1, title="L'été & <nous>")

    [snippet] = snippets(an_edition(PLAIN, [post]))

    assert snippet.text.startswith("L'été & <nous> ")


def test_a_template_without_snippets_is_refused() -> None:
    sources = {file: source for file, source in PLAIN.items() if file != "snippet.txt"}

    with pytest.raises(TemplateFailed, match=r"templates/own/snippet.txt: missing"):
        snippets(an_edition(sources))


def test_a_snippet_that_says_nothing_is_refused() -> None:
    content = replace(an_edition(PLAIN | {"snippet.txt": "  \n"}))

    with pytest.raises(TemplateFailed, match=r"own/snippet.txt: gives nothing for '.+' - write"):
        snippets(content)


def test_a_snippet_knows_no_subscriber() -> None:
    content = an_edition(PLAIN | {"snippet.txt": "\n{{ subscriber.email }}"})

    with pytest.raises(TemplateFailed, match=r"snippet.txt:2: unknown name 'subscriber'"):
        snippets(content)


@pytest.mark.parametrize("template", OURS)
def test_where_there_is_much_room_nobody_gets_a_wall_of_text(template: str) -> None:
    text = "We walked along the harbour and talked about all that was new. " * 40
    told = a_post(1, title="The harbour", summary=text, topics=("ia",))
    untitled = replace(told, title=make_title(text, picture="", link="", guid=""))

    made = snippets(an_edition(template, [told, untitled]), max_text=4_096, link_cost=None)

    assert all(len(one.text) < 450 for one in made)
    assert all(one.text.endswith(told.link) for one in made)
    assert "new. #ia (" in made[1].text


def test_paragraphs_are_used_where_there_is_room_for_them() -> None:
    post = a_post(1, title="The harbour", summary="We walked.", topics=("ia",))

    [made] = snippets(an_edition("weekly", [post]), max_text=2_000)

    assert made.text == f"The harbour (Ada Lovelace, Le Blog)\n\nWe walked.\n\n#ia {post.link}"
