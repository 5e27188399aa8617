"""What is answered when something is wrong: as private as any page, and nothing of us in it."""

import asyncio
from datetime import timedelta

import pytest
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from dispatch.errors import StoreUnavailable
from dispatch.model.people.subscriber import NOBODY
from dispatch.web.page import PRIVATE
from dispatch.web.public.problems import gone, too_many
from dispatch.web.routes import new_web

SECRET = "reader@readers.example of the table subscribers"


class Broken:
    """Something that fails in a way that nobody foresaw, whatever is asked of it."""

    def __getattr__(self, name):
        raise RuntimeError(SECRET)


@pytest.fixture
def broken(app):
    """A browser on a service where every handler fails."""
    web = new_web(app)
    web.state.app = Broken()
    with TestClient(web) as browser:
        yield browser


def is_private(answer) -> bool:
    return all(answer.headers.get(name) == value for name, value in PRIVATE.items())


@pytest.mark.parametrize("path", ["/unsubscribe/abc", "/cadence/abc"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_error_that_nobody_foresaw_is_a_page_with_a_reference_to_the_log(broken, path, method):
    with capture_logs() as said:
        answer = broken.request(method, path, headers={"Accept-Language": "fr"})

    [line] = said
    assert answer.status_code == 500
    assert is_private(answer)
    assert "Un problème est survenu chez nous." in answer.text
    assert len(line["reference"]) == 8
    assert line["reference"] in answer.text
    assert line["reference"] == answer.headers["X-Reference"]
    assert line["event"] == "web.page_crashed"
    assert line["exc_info"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_program_that_calls_gets_the_reference_alone(broken, method):
    question = {"hub.mode": "subscribe", "hub.topic": "x", "hub.challenge": "y"}
    with capture_logs() as said:
        answer = broken.request(method, "/push/abc", params=question)

    [line] = said
    assert (answer.status_code, answer.content) == (500, b"")
    assert is_private(answer)
    assert answer.headers["X-Reference"] == line["reference"]


@pytest.mark.parametrize("path", ["/unsubscribe/my-own-link", "/push/my-own-link"])
def test_neither_the_reason_nor_the_link_is_told(broken, path):
    with capture_logs() as said:
        answer = broken.post(path)

    told = answer.text + str(answer.headers)
    assert SECRET not in told
    assert "Traceback" not in told
    assert "RuntimeError" not in told
    assert "my-own-link" not in told + str(said)


def test_a_database_that_is_away_is_told_once_however_many_ask(app):
    path = path_of(app)
    (app.folder / "dispatch.db").write_bytes(b"damaged" * 1000)
    app.store.close()

    with capture_logs() as said, TestClient(new_web(app)) as browser:
        answers = [browser.get(path) for _ in range(20)]

    assert {answer.status_code for answer in answers} == {503}
    assert all(is_private(answer) for answer in answers)
    assert [(line["event"], line["times"]) for line in said] == [
        ("web.page_unavailable", 1), ("web.page_unavailable", 19),
    ]  # fmt: skip


def test_nobody_who_hangs_up_is_an_error(browser, app):
    async def gone():
        return {"type": "http.disconnect"}

    async def send(message):
        raise AssertionError

    scope = {"type": "http", "method": "POST", "path": path_of(app), "headers": FORM_HEADERS}
    with capture_logs() as said:
        asyncio.run(new_web(app)(scope | {"query_string": b""}, gone, send))

    assert said == []


FORM_HEADERS = [(b"content-type", b"application/x-www-form-urlencoded")]


def path_of(app) -> str:
    return f"/cadence/{app.tools.links.cadence_token(NOBODY, 'readers')}"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/unsubscribe",
        "/unsubscribe/",
        "/unsubscribe/x/",
        "/health/",
        "//x.example/",
        "/%2e%2e/",
    ],
)
@pytest.mark.parametrize("host", ["evil.example", "evil.example:99999", "", "<b>", "["])
def test_nobody_is_sent_on_to_a_name_that_the_client_has_given(onlooker, path, host):
    headers = {"Host": host, "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    answer = onlooker.get(path, headers=headers, follow_redirects=False)

    assert answer.status_code == 404
    assert "location" not in answer.headers
    assert "evil.example" not in answer.text
    assert is_private(answer)


def test_a_good_link_with_a_slash_behind_it_says_to_use_the_whole_link(browser, app):
    token = app.tools.links.unsubscribe_token(NOBODY, "readers")

    answer = browser.get(f"/unsubscribe/{token}/", follow_redirects=False)

    assert answer.status_code == 404
    assert "Use the whole link from the mail" in answer.text


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PRI"])
@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/unsubscribe/x", "GET, HEAD, POST"),
        ("/cadence/x", "GET, HEAD, POST"),
        ("/push/x", "GET, HEAD, POST"),
        ("/health", "GET, HEAD"),
    ],
)
def test_a_method_that_is_not_taken_is_told_those_that_are(onlooker, method, path, allowed):
    answer = onlooker.request(method, path)

    assert answer.status_code == 405
    assert answer.headers["Allow"] == allowed
    assert is_private(answer)


@pytest.mark.parametrize("path", ["/nothing", "/unsubscribe/x", "/cadence/x"])
def test_a_problem_has_a_head_as_well(onlooker, path):
    answer = onlooker.head(path)

    assert answer.status_code == 404
    assert is_private(answer)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b"List-Unsubscribe=One-Click"),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\n--x--"),
        ("application/json", b"{"),
        ("text/plain; charset=nonsense", b"\xff" * 1000),
        ("", b""),
        ("application/x-www-form-urlencoded", b"a=1&" * 100_000),
    ],
)
def test_one_click_is_enough_whatever_comes_with_it(browser, app, kind, body):
    with app.store.read() as tx:
        person = tx.subscribers.find("reader@readers.example")
    path = f"/unsubscribe/{app.tools.links.unsubscribe_token(person.public_id, 'readers')}"

    answer = browser.post(path, content=body, headers={"Content-Type": kind})

    assert answer.status_code == 200
    with app.store.read() as tx:
        assert tx.subscribers.audiences()["readers"] == 7


@pytest.mark.parametrize(
    "query",
    ["?" + "&".join(["a=b"] * 5_000), "?%ff=%00", "?hub.mode=%ff%fe", "?=&=&;", "?" + "%" * 100],
)
@pytest.mark.parametrize(
    "path", ["/unsubscribe/x", "/cadence/x", "/push/x", "/%ff%00", "/unsubscribe/%ff"]
)
def test_an_address_may_hold_anything(onlooker, path, query):
    assert onlooker.get(path + query).status_code == 404


@pytest.fixture
def asking(app):
    """A browser on a service that answers by what is handed in, and nothing else."""

    def asking(answer, method: str = "GET", **headers):
        web = new_web(app)
        web.router.routes.append(Route("/test", answer, methods=[method]))
        with TestClient(web) as browser:
            return browser.request(method, "/test", headers=headers)

    return asking


def test_a_link_whose_time_is_over_says_what_it_was(asking):
    answer = asking(lambda request: gone(request, "<Over>", "Ask for another one."))

    assert answer.status_code == 410
    assert is_private(answer)
    assert "<h1>&lt;Over&gt;</h1>" in answer.text
    assert "Ask for another one." in answer.text


@pytest.mark.parametrize(
    ("seconds", "after", "said"),
    [
        (-5, "1", {"en": "in 1 minute.", "fr": "dans 1 minute."}),
        (0.2, "1", {"en": "in 1 minute.", "fr": "dans 1 minute."}),
        (60, "60", {"en": "in 1 minute.", "fr": "dans 1 minute."}),
        (61, "61", {"en": "in 2 minutes.", "fr": "dans 2 minutes."}),
        (3540, "3540", {"en": "in 59 minutes.", "fr": "dans 59 minutes."}),
        (3541, "3541", {"en": "in 1 hour.", "fr": "dans 1 heure."}),
        (3601, "3601", {"en": "in 2 hours.", "fr": "dans 2 heures."}),
        (86_400, "86400", {"en": "in 24 hours.", "fr": "dans 24 heures."}),
    ],
)
def test_who_asks_too_often_is_told_when_to_try_again(app, asking, seconds, after, said):
    until = app.clock() + timedelta(seconds=seconds)
    for language, wait in said.items():
        answer = asking(lambda r: too_many(r, until), **{"Accept-Language": language})

        assert answer.status_code == 429
        assert is_private(answer)
        assert answer.headers["Retry-After"] == after
        assert wait in answer.text


@pytest.mark.parametrize(
    ("error", "method", "expected"),
    [
        (HTTPException(413), "POST", (413, "That is more than we can take.", False)),
        (HTTPException(422), "POST", (422, "This does not work like that.", False)),
        (StoreUnavailable("database: away"), "GET", (503, "at the moment.", True)),
        (StoreUnavailable("database: away"), "POST", (503, "at the moment.", False)),
        (RuntimeError("nobody foresaw it"), "GET", (500, "Something went wrong here.", True)),
        (RuntimeError("nobody foresaw it"), "POST", (500, "Something went wrong here.", False)),
    ],
)
def test_a_problem_says_what_it_is_and_what_goes_away_by_itself_can_be_tried_again(
    asking, error, method, expected
):
    status, said, again = expected

    def fail(_request):
        raise error

    with capture_logs():
        answer = asking(fail, method)

    assert answer.status_code == status
    assert is_private(answer)
    assert said in answer.text
    assert ('<a class="button main" href="">Try again</a>' in answer.text) == again
