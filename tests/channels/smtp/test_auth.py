"""Every way to log in, said as the server asks for it, and never on and on."""

import hmac
from base64 import b64decode, b64encode

import pytest

from dispatch.channels.smtp.auth import log_in
from dispatch.errors import CredentialsRefused, ProviderUnavailable

USER, PASSWORD = "lettre", "correct horse"
CHALLENGE = "<1896.697170952@mail.example>"


def code(words):
    return b64encode(words.encode()).decode()


class Server:
    """A session with a server that gives these answers; `said` is what it heard."""

    server = "smtp: mail.example:587"

    def __init__(self, offers, *answers):
        self.features = {"auth": offers}
        self.said = []
        self._answers = list(answers)

    def ask(self, _what, command):
        self.said.append(command)
        return self._answers.pop(0).encode()

    def no(self, answer):
        return answer.decode()


def test_plain_is_said_at_once():
    server = Server("PLAIN", "235 welcome")

    log_in(server, USER, PASSWORD)

    assert server.said == ["AUTH PLAIN " + code(f"\0{USER}\0{PASSWORD}")]


def test_plain_is_said_again_to_a_server_that_asks_for_it():
    server = Server("PLAIN", "334 ", "235 welcome")

    log_in(server, USER, PASSWORD)

    assert server.said[1] == code(f"\0{USER}\0{PASSWORD}")


@pytest.mark.parametrize(
    "questions", [["Password:"], ["User Name\0", "Password\0"], ["Username:", "Password:"]]
)
def test_login_answers_what_it_is_asked(questions):
    asked = [f"334 {code(question)}" for question in questions]
    server = Server("LOGIN", *asked, "235 welcome")

    log_in(server, USER, PASSWORD)

    first, *answers = server.said
    expected = [USER if question.startswith("User") else PASSWORD for question in questions]
    assert first == f"AUTH LOGIN {code(USER)}"
    assert [b64decode(answer).decode() for answer in answers] == expected


def test_cram_md5_comes_first_and_does_not_say_the_password():
    server = Server("LOGIN PLAIN CRAM-MD5", f"334 {code(CHALLENGE)}", "235 welcome")

    log_in(server, USER, PASSWORD)

    digest = hmac.new(PASSWORD.encode(), CHALLENGE.encode(), "md5").hexdigest()
    assert server.said == ["AUTH CRAM-MD5", code(f"{USER} {digest}")]


def test_another_way_is_tried_where_one_is_refused():
    server = Server("CRAM-MD5 LOGIN PLAIN", "504 not for you", "535 no", f"334 {code('P')}", "235")

    log_in(server, USER, PASSWORD)

    assert [said.split()[1] for said in server.said[:3]] == ["CRAM-MD5", "PLAIN", "LOGIN"]


def test_a_login_that_no_way_allows_is_refused():
    server = Server("LOGIN PLAIN", "535 no", "535 still no")

    with pytest.raises(CredentialsRefused, match=r"login not accepted \(535 still no\) - check"):
        log_in(server, USER, PASSWORD)


@pytest.mark.parametrize("offers", ["", "GSSAPI XOAUTH2"])
def test_a_server_without_a_way_that_we_know_is_told_of(offers):
    with pytest.raises(CredentialsRefused, match="offers no login that we know"):
        log_in(Server(offers), USER, PASSWORD)


@pytest.mark.parametrize(
    "answers",
    [
        ["454 not now"],
        ["421 bye"],
        ["250 ok"],
        ["999 ok"],
        ["welcome"],
        ["334 a"],
        ["334 " + code("Password:"), "454 not now"],
        ["334 " + code("Password:")] * 9,
        ["334 " + code("Username:")] * 9,
    ],
)
def test_what_is_neither_yes_nor_no_is_tried_again_later(answers):
    server = Server("LOGIN", *answers)

    with pytest.raises(ProviderUnavailable, match=r"^smtp: mail\.example:587: .+ - tried again"):
        log_in(server, USER, PASSWORD)

    assert len(server.said) <= 4
