"""Answers are cut out of what comes in whatever pieces, and none is read for ever."""

import pytest

from dispatch.channels.smtp.replies import MOST_BYTES, MOST_LINES, Replies

SAID = b"250-a.example at your-service\r\n250 SIZE 1\r\n354 go on\r\n\r\n250-x\r\n250 y\r\n"
WHOLE = [
    b"250-a.example at your-service\r\n250 SIZE 1\r",
    b"354 go on\r",
    b"\r",
    b"250-x\r\n250 y\r",
]


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_answers_are_the_same_in_whatever_pieces_they_come(size):
    replies = Replies()

    pieces = [SAID[start : start + size] for start in range(0, len(SAID), size)]
    answers = [answer for piece in pieces for answer in replies.cut(piece)]

    assert answers == WHOLE
    assert (replies.endless, replies.begun) == ("", False)


def test_knows_that_an_answer_has_begun():
    replies = Replies()

    assert replies.cut(b"250-a\r\n") == []
    assert replies.begun


@pytest.mark.parametrize("size", [1, 1000, 16384])
@pytest.mark.parametrize(
    ("line", "most"), [(b"250-on\r\n", MOST_LINES), (b"250-" + b"x" * 2000 + b"\r\n", 32)]
)
def test_an_answer_of_too_many_lines_has_no_end(size, line, most):
    replies = Replies()

    answers, heard = read_until_endless(replies, (line for _ in range(9999)), size)

    assert answers == []
    assert heard <= most * len(line) + len(line) + size


@pytest.mark.parametrize("size", [1, 1000, 16384])
def test_a_line_that_is_too_long_has_no_end(size):
    replies = Replies()

    answers, heard = read_until_endless(replies, (b"250 and so on " for _ in range(9999)), size)

    assert answers == []
    assert "64 KB in one answer" in replies.endless
    assert MOST_BYTES < heard <= MOST_BYTES + size + 20


@pytest.mark.parametrize("size", [1, 1000, 16384])
def test_as_much_as_may_be_is_read(size):
    longest = [b"250-" + b"x" * 600 + b"\r\n"] * (MOST_LINES - 1) + [b"250 end\r\n"]
    replies = Replies()

    pieces = b"".join(longest)
    answers = []
    for start in range(0, len(pieces), size):
        answers += replies.cut(pieces[start : start + size])

    assert answers == [pieces[:-1]]
    assert replies.endless == ""


def test_what_was_whole_before_counts():
    replies = Replies()

    answers = replies.cut(b"250 ok\r\n" + b"250-on\r\n" * 200)

    assert answers == [b"250 ok\r"]
    assert "100 lines in one answer" in replies.endless


def read_until_endless(replies, lines, size):
    """The answers, and how many bytes it took until it was enough."""
    answers, heard, rest = [], 0, b""
    for line in lines:
        rest += line
        while len(rest) >= size:
            piece, rest = rest[:size], rest[size:]
            answers += replies.cut(piece)
            heard += len(piece)
            if replies.endless:
                return answers, heard
    raise AssertionError("read on and on")
