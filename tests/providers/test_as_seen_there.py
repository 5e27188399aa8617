"""What a feed says reaches readers of each network as words, with a link that leads to the post."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.errors import TextTooLong
from dispatch.model.campaigns.campaign import SocialPlan
from dispatch.model.delivery.message import SocialMessage
from dispatch.render.snippet import render_snippets
from dispatch.testing.samples import a_post
from networks_shown import LENGTHS, NETWORKS, Posted, seen, takes_of
from render.odd_posts import LINK, ODD_LINKS, ODD_WORDS
from render.render_samples import OURS, PLAIN, an_edition

RICH = PLAIN | {
    "snippet.txt": "{{ post.title }}\n\n{{ post.summary }}\n\n{{ post.link }}\n"
    "{{ post.topics | hashtags(3) }}"
}
TOPICS = ("C++", "2026", "Économie & société", "🎨", "!!!", "人工知能 研究")
NO_WORDS = re.compile("&(?:amp|lt|gt|#)|[\u202a-\u202e\u2066-\u2069\x00-\x08]")
SIGNS = st.sampled_from("\\*_~`|[]<>(){}@#＃&-+.1 \n🎨é今a")


def posted(name, template, **said):
    """The message for a network; None where its text is longer than that takes."""
    given = {"summary": "Un mot.", "link": LINK, "topics": TOPICS, **said}
    content = an_edition(template, [a_post(1, content="", image=None, **given)])
    plan = SocialPlan("account", content.social[0].template)
    [made] = render_snippets(content, plan, provider=name, limits=takes_of(name).limits)
    if made.too_many:
        return None
    return SocialMessage(
        "e.1", made.text, link=made.link, title=made.title, topics=made.topics, thread=made.thread
    )


def words(text):
    """Its letters: lines are each network's own, as is the wide number sign to LinkedIn."""
    return "".join(text.replace("＃", "#").split())


@pytest.mark.parametrize("template", [*OURS, RICH], ids=[*OURS, "rich"])
@pytest.mark.parametrize("name", NETWORKS)
def test_words_of_feeds_are_seen_as_words(name, template):
    for title, summary in ODD_WORDS.values():
        message = posted(name, template, title=title, summary=summary)
        if message is None:  # the rich one cuts nothing
            continue

        shown = seen(name, message)

        assert words(shown.text) == words(message.text)
        assert shown.told == message.thread == ()
        assert not NO_WORDS.search(shown.text)
        assert LINK in shown.links


@pytest.mark.parametrize("link", ODD_LINKS.values(), ids=list(ODD_LINKS))
@pytest.mark.parametrize("name", NETWORKS)
def test_a_link_is_one_whatever_is_in_it(name, link):
    most = takes_of(name).max_text
    if most is not None and takes_of(name).counter.count(link) > most:
        with pytest.raises(TextTooLong, match="a link takes"):
            posted(name, "weekly", title="Un titre", link=link)
        return

    message = posted(name, "weekly", title="Un titre", link=link)

    assert message.link in seen(name, message).links
    assert message.text.endswith(message.link)


@pytest.mark.parametrize("name", LENGTHS)
@settings(max_examples=40)
@given(
    title=st.text(SIGNS, max_size=80),
    summary=st.text(SIGNS, max_size=40),
    times=st.integers(1, 120),
)
def test_no_text_is_longer_there_than_it_was_counted(name, title, summary, times):
    message = posted(name, "weekly", title=title, summary=summary * times)
    text, most = LENGTHS[name]

    said = text(Posted(name).send(message))

    assert len(said.encode("utf-16-le")) // 2 <= most
    assert words(seen(name, message).text) == words(message.text)
