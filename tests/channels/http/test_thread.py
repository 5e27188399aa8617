"""A thread is posted as a whole, or nothing of it stays."""

import pytest

from dispatch.channels.http.thread import find_thread, post_thread
from dispatch.errors import OutcomeUnknown, ProviderUnavailable, RateLimited
from dispatch.model.delivery.message import Accepted, Refused

TEXTS = ("one", "two", "three")


class Network:
    """Takes posts until one of them comes, and says or raises that instead."""

    def __init__(self, **odd):
        self.odd = odd
        self.there = {}
        self.deleted = []

    def post(self, text, before):
        if text in self.odd:
            if isinstance(self.odd[text], Exception):
                raise self.odd[text]
            return self.odd[text]
        self.there[text] = before
        return Accepted(f"id-{text}", f"https://network.example/{text}")

    def delete(self, name):
        if "delete" in self.odd:
            raise self.odd["delete"]
        self.deleted.append(name)

    def take(self, texts=TEXTS):
        return post_thread("network", texts, self.post, self.delete)


def test_each_answers_to_the_one_before():
    network = Network()

    outcome = network.take()

    assert outcome == Accepted("id-one", "https://network.example/one", ("id-two", "id-three"))
    assert network.there == {"one": "", "two": "id-one", "three": "id-two"}


def test_a_single_post_is_a_thread_of_one():
    assert Network().take(["one"]) == Accepted("id-one", "https://network.example/one")


def test_what_is_refused_later_takes_the_rest_away():
    network = Network(three=Refused("too long"))

    assert network.take() == Refused("too long")
    assert network.deleted == ["id-two", "id-one"]


@pytest.mark.parametrize("error", [RateLimited("enough"), ProviderUnavailable("no line")])
def test_a_thread_can_be_tried_again_where_a_later_one_was_not_taken(error):
    network = Network(two=error)

    with pytest.raises(type(error)):
        network.take()

    assert network.deleted == ["id-one"]


@pytest.mark.parametrize("odd", [Refused("too long"), RateLimited("enough")])
def test_what_cannot_be_taken_back_is_in_doubt(odd):
    network = Network(two=odd, delete=ProviderUnavailable("no line"))

    with pytest.raises(OutcomeUnknown, match=r"delete them there: https://network\.example/one"):
        network.take()


def test_nothing_is_taken_back_where_an_answer_is_lost():
    network = Network(two=OutcomeUnknown("lost - look"))

    with pytest.raises(OutcomeUnknown, match="after 1 of 3 posts"):
        network.take()

    assert network.deleted == []


def test_the_first_one_is_refused_or_lost_like_a_single_post():
    assert Network(one=Refused("no")).take() == Refused("no")
    with pytest.raises(OutcomeUnknown, match=r"^lost - look$"):
        Network(one=OutcomeUnknown("lost - look")).take()


POSTS = [
    ("other", Accepted("0")),
    ("three", Accepted("3")),
    ("two\n words", Accepted("2")),
    ("one", Accepted("1", "https://network.example/1")),
]


def test_a_thread_is_found_by_its_texts():
    found = find_thread("network", ["one", "two words ", "three"], POSTS)

    assert found == Accepted("1", "https://network.example/1", ("2", "3"))


def test_what_is_not_there_is_not_found():
    assert find_thread("network", ["five", "two words"], POSTS) is None


def test_a_thread_that_is_there_in_part_is_for_a_person():
    with pytest.raises(ProviderUnavailable, match="2 of its 3 posts - look at https"):
        find_thread("network", ["one", "two words", "four"], POSTS)


def test_of_posts_that_say_the_same_the_latest_is_found():
    posts = [("one", Accepted("9")), ("one", Accepted("1"))]

    assert find_thread("network", ["one"], posts) == Accepted("9")


def test_how_an_accent_is_written_does_not_count():
    posts = [("Cafe\u0301 ouvert", Accepted("1"))]

    assert find_thread("network", ["Caf\u00e9 ouvert"], posts) == Accepted("1")
