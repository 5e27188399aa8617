"""Topics are a set of words, in whatever order and letter case they were written."""

import pytest

from dispatch.model.people.topics import topics_of


@pytest.mark.parametrize(
    "words",
    [
        ["ia", "dessin"],
        ["dessin", "ia"],
        ["IA", "Dessin", "ia"],
        [" Dessin ", "", "ia"],
        ("DESSIN", "\u202aIA"),
        ("des\u200bsin", "IA\xad", "\xa0ia"),
    ],
)
def test_order_case_and_repeats_make_no_difference(words):
    assert tuple(topics_of(words)) == ("dessin", "ia")


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (["IA", "Dessin"], True),
        ({"dessin", "IA"}, True),
        (("dessin", "ia", "ia"), True),
        (topics_of(["ia", "dessin"]), True),
        (["ia"], False),
        (["ia", 3], False),
        ("ia", False),
    ],
)
def test_topics_are_compared_as_sets(other, same):
    topics = topics_of(["ia", "dessin"])

    assert (topics == other) is same
    assert (topics != other) is not same


def test_a_topic_is_found_in_any_case():
    topics = topics_of(["Straße", "IA"])

    assert "ia" in topics
    assert "STRASSE" in topics
    assert "dessin" not in topics
    assert 3 not in topics


def test_equal_topics_have_one_hash():
    assert len({topics_of(["ia", "b"]), topics_of(["B", "IA"])}) == 1


def test_an_accent_of_its_own_is_the_same_accent():
    topics = topics_of(["été", "e\u0301te\u0301", "ÉTÉ"])

    assert len(topics) == 1
    assert "E\u0301té" in topics
