"""A thread is one message: all of it is there, none of it, or nobody knows and it goes on."""

import pytest

from dispatch.channels.http.keyed_thread import post_keyed_thread, thread_keys
from dispatch.errors import OutcomeUnknown, ProviderUnavailable, RateLimited
from dispatch.model.delivery.message import Accepted, Refused
from dispatch.testing.samples import a_snippet

THREE = a_snippet(id="d1", text="one", thread=("two", "three"))


class Network:
    """Takes posts, but for the text that it has an answer of its own for."""

    def __init__(self, answers=None, *, deletes=True):
        self.posts = {}
        self.answers = answers or {}
        self.deletes = deletes

    def post(self, text, key, before):
        answer = self.answers.get(text)
        if isinstance(answer, Exception):
            raise answer
        if answer:
            return answer
        self.posts[key] = (text, before)
        return Accepted(f"id of {text}", f"https://a.example/{text}")

    def delete(self, name):
        if not self.deletes:
            raise ProviderUnavailable("acme: does not answer - try again later")
        self.posts = {key: one for key, one in self.posts.items() if f"id of {one[0]}" != name}

    def take(self, message=THREE):
        return post_keyed_thread("acme", message, self.post, self.delete)


def test_each_post_answers_to_the_one_before_under_a_key_of_its_own():
    network = Network()

    outcome = network.take()

    assert outcome == Accepted("id of one", "https://a.example/one", ("id of two", "id of three"))
    assert network.posts == {
        "d1": ("one", ""),
        "d1.2": ("two", "id of one"),
        "d1.3": ("three", "id of two"),
    }
    assert thread_keys(THREE) == list(network.posts)


def test_a_message_without_a_thread_is_one_post():
    assert Network().take(a_snippet(id="d1", text="one")) == Accepted(
        "id of one", "https://a.example/one"
    )


def test_nothing_stays_there_where_a_later_part_is_refused():
    network = Network({"three": Refused("too long")})

    assert network.take() == Refused("too long")
    assert network.posts == {}


def test_what_cannot_be_taken_away_again_is_told():
    network = Network({"two": Refused("too long")}, deletes=False)

    with pytest.raises(OutcomeUnknown, match=r"too long.* delete them there"):
        network.take()


@pytest.mark.parametrize("error", [ProviderUnavailable("gone"), RateLimited("busy")])
def test_what_broke_off_stays_and_is_gone_on_with(error):
    network = Network({"two": error})
    with pytest.raises(OutcomeUnknown, match="1 of 3 posts"):
        network.take()
    assert list(network.posts) == ["d1"]
    network.answers.clear()

    assert len(network.take().others) == 2
    assert list(network.posts) == ["d1", "d1.2", "d1.3"]


def test_what_is_wrong_with_the_first_post_is_wrong_with_the_message():
    with pytest.raises(RateLimited):
        Network({"one": RateLimited("busy")}).take()
