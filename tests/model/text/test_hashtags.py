"""Topics as hashtags that every network takes, and a screen reader can read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.model.text.hashtags import LONGEST, hashtags, hashtags_in


@pytest.mark.parametrize(
    ("topic", "tag"),
    [
        ("machine learning", "#MachineLearning"),
        ("climat", "#climat"),
        ("l'été à Paris", "#LÉtéÀParis"),
        ("iPhone repair", "#iPhoneRepair"),
        ("AI & ethics", "#AIEthics"),
        ("straße", "#straße"),
        ("Cafe\u0301", "#Café"),
        ("5 G", "#5G"),
        ("2025 2026 news", "#2025_2026News"),
        ("☕\ufe0f coffee", "#coffee"),
        ("機械学習", "#機械学習"),
        ("علوم الحاسوب", "#علوم_الحاسوب"),
        ("हिन्दी भाषा", "#हिन्दी_भाषा"),
        ("می\u200cخواهم", "#می\u200cخواهم"),
        ("Node.js", "#NodeJs"),
        ("#already", "#already"),
    ],
)
def test_a_topic_becomes_one_word(topic, tag):
    assert hashtags([topic]) == [tag]


@pytest.mark.parametrize(
    "topic", ["", " ", "2026", "1 000", "C++", "C#", "Disney+", "🙂", "x" * 51]
)
def test_what_is_no_hashtag_or_another_topic_without_its_signs_is_left_out(topic):
    assert hashtags([topic]) == []


def test_each_is_told_once_and_no_more_than_so_many():
    topics = ["Art", "art", "ART", "music", "2026", "dance", "film"]

    assert hashtags(topics, 3) == ["#Art", "#music", "#dance"]


@given(st.lists(st.text(max_size=30), max_size=6))
def test_what_topics_make_are_hashtags_by_the_strictest_rule(topics):
    made = hashtags(topics)

    line = " ".join(made)
    assert [line[start:end] for start, end in hashtags_in(line)] == made
    assert len({one.casefold() for one in made}) == len(made)
    assert all(len(one) <= LONGEST + 1 for one in made)
