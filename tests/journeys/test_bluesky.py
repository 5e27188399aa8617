"""Posts reach a real Bluesky server: as they were meant, once, and not where they are too long."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from bluesky_server import HANDLE, MISSING, PASSWORD, bluesky_server, losing
from dispatch.http import new_client
from dispatch.model.delivery.message import Accepted, Card, Refused, SocialPicture
from dispatch.model.delivery.published import Published
from dispatch.model.delivery.state import DeliveryState
from dispatch.providers.bluesky import Bluesky, BlueskyOptions
from dispatch.testing.clock import FakeClock
from dispatch.testing.samples import a_png, a_snippet
from journey_stage import Stage
from losing_answers import LosingAnswers

pytestmark = pytest.mark.skipif(bool(MISSING), reason=MISSING)

SCHEDULES = """\
timezone: Europe/Paris
sender: {{name: The Letter, email: letter@news.example}}
public_url: https://news.example
feeds:
  blog: {{url: "{feed}", backfill: all}}
channels:
  sky:
    provider: bluesky
    options: {{server: "{server}", handle: letter.test, password: "env:SKY_PASSWORD"}}
campaigns:
  weekly:
    feeds: [blog]
    approval: {{needed: {approval}}}
    social: [{{via: sky, template: plain, each: post}}]
"""
SNIPPET = "Été : {{ post.title }} #Création {{ post.link }}"
PAGE = b"""<meta charset="utf-8"><meta property="og:title" content="Son titre">
<meta property="og:description" content="Ce qu'elle dit"><meta property="og:image" content="/a.png">
"""
CARD_PICTURE = a_png(120, 80)
PICTURE = SocialPicture(a_png(8), "image/png", 8, 6, "Une aquarelle")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with bluesky_server(tmp_path_factory.mktemp("bluesky")) as server:
        yield server


@pytest.fixture
def stage(server, blog, tmp_path, sqlite_url):
    """A workspace that posts to the account, from a blog with one post."""

    def stage(address):
        schedules = SCHEDULES.replace("{server}", address)
        stage = Stage(tmp_path, feed=blog.address, port=0, database_url=sqlite_url,
                      schedules=schedules)  # fmt: skip
        (tmp_path / "templates/plain/snippet.txt").write_text(SNIPPET)
        stage.environ["SKY_PASSWORD"] = server.app_password
        return stage

    return stage


@pytest.fixture
def account(server):
    with new_client() as http:
        yield bluesky(server, http)


def bluesky(server, http, password=None):
    password = SecretStr(password or server.app_password)
    options = BlueskyOptions(server=server.address, handle=HANDLE, password=password)
    return Bluesky(options, http, FakeClock())


def saying(server, text):
    return [one for one in server.posts() if text in one["text"]]


def test_a_run_posts_what_a_blog_has_with_its_links_and_tags(server, stage, blog):
    blog.publish("Aquarelles")

    made = stage(server.address).run("run", "weekly")

    assert made.returncode == 0, made.stderr
    [post] = saying(server, "Aquarelles")
    sent = post["text"].encode()
    facets = {
        sent[one["index"]["byteStart"] : one["index"]["byteEnd"]].decode(): one["features"]
        for one in post["facets"]
    }
    kind = "app.bsky.richtext.facet#"
    assert facets == {
        "#Création": [{"$type": f"{kind}tag", "tag": "Création"}],
        "https://blog.example/1": [{"$type": f"{kind}link", "uri": "https://blog.example/1"}],
    }


def test_a_run_whose_answer_is_lost_leaves_one_post(server, stage, blog):
    blog.publish("Encore une fois")
    with losing(server, "putRecord") as address:
        letters = stage(address)
        letters.run("run", "weekly")
        assert len(saying(server, "Encore")) == 1
        letters.let_pass(timedelta(days=1))

        letters.run("run", "weekly")

    assert len(saying(server, "Encore")) == 1
    assert [one.state for one in letters.records().deliveries] == [DeliveryState.ACCEPTED]


def test_a_run_shows_the_card_that_the_page_of_a_post_has(server, stage, blog):
    blog.site = blog.address.removesuffix("/feed.xml")
    blog.pages["/1"] = "text/html", PAGE
    blog.pages["/a.png"] = "image/png", CARD_PICTURE
    blog.pages["/robots.txt"] = "text/plain", b""
    blog.publish("Une carte")

    made = stage(server.address).run("run", "weekly")

    assert made.returncode == 0, made.stderr
    [post] = saying(server, "Une carte")
    external = post["embed"]["external"]
    assert external["uri"] == f"{blog.site}/1"
    assert (external["title"], external["description"]) == ("Son titre", "Ce qu'elle dit")
    assert external["thumb"]["mimeType"] == "image/png"


def test_what_is_one_character_too_long_never_leaves(server, stage, blog):
    blog.publish("Trop long")
    letters = stage(server.address)
    template = letters.folder / "templates" / "plain" / "snippet.txt"
    template.write_text("Trop long " + "👨‍👩‍👧" * 100 + "é" * 191)

    shown = letters.run("preview", "weekly")
    made = letters.run("run", "weekly")
    checked = letters.run("editions", "check", letters.records().edition.id)

    assert (shown.returncode, made.returncode, checked.returncode) == (1, 1, 1)
    assert "sky-01.txt: 1 character too many" in shown.stderr
    assert "Stops it: 1 snippet for sky is too long (characters too many: 1)" in checked.stdout
    [failed] = letters.records().deliveries
    assert failed.state is DeliveryState.FAILED
    assert "1 character too many" in failed.reason
    assert saying(server, "Trop long") == []


def test_a_lost_answer_is_found_and_a_repeat_leaves_one_record(server):
    message = a_snippet(id="lost", text="Perdu")
    with new_client(transport=LosingAnswers(lambda one: b"Perdu" in one.content)) as http:
        account = bluesky(server, http)
        with pytest.raises(Exception, match="look there whether"):
            account.send([message])
        found = account.find(message, datetime(2000, 1, 1, tzinfo=UTC))
        account._clock.advance(timedelta(hours=1))

        [outcome] = account.send([message])

    assert found == outcome
    assert len(saying(server, "Perdu")) == 1


def test_shows_a_picture_and_what_it_is_of(server, account):
    account.send([a_snippet(id="picture", text="Avec image", picture=PICTURE)])

    [post] = saying(server, "Avec image")
    [image] = post["embed"]["images"]
    assert image["alt"] == "Une aquarelle"
    assert image["aspectRatio"] == {"width": 8, "height": 6}
    assert image["image"]["size"] == len(PICTURE.data)


def test_shows_the_card_of_a_link(server, account):
    card = Card("https://blog.example/1", "Aquarelles", "Bleu et vert", PICTURE)

    account.send([a_snippet(id="card", text="Avec carte", card=card)])

    [post] = saying(server, "Avec carte")
    external = post["embed"]["external"]
    assert (external["uri"], external["title"]) == ("https://blog.example/1", "Aquarelles")
    assert external["thumb"]["mimeType"] == "image/png"


def test_answers_in_a_thread_and_takes_all_of_it_away(server, account):
    message = a_snippet(id="thread", text="Fil un", thread=("Fil deux", "Fil trois"))

    [outcome] = account.send([message])

    there = {one["uri"]: one for one in server.records()}
    one, two, three = (there[name] for name in (outcome.id, *outcome.others))
    assert three["value"]["reply"] == {
        "root": {"uri": one["uri"], "cid": one["cid"]},
        "parent": {"uri": two["uri"], "cid": two["cid"]},
    }
    account.delete(Published((outcome.id, *outcome.others), outcome.address))
    account.delete(Published((outcome.id, *outcome.others), outcome.address))
    assert saying(server, "Fil") == []


def test_mentions_whom_a_campaign_means(server, account):
    text = f"Merci @{HANDLE} et @nobody.test"

    account.send([a_snippet(id="mention", text=text, mentions=True)])

    [post] = saying(server, "Merci")
    [facet] = post["facets"]
    assert facet["features"][0]["did"] == server.did


@pytest.mark.parametrize(
    ("text", "is_taken"),
    [("🏳️‍🌈" * 200, True), ("🏳️‍🌈" * 215, False), ("a" * 300, True), ("a" * 301, False)],
    ids=["2800 bytes", "3010 bytes", "300 graphemes", "301 graphemes"],
)
def test_declares_how_much_the_server_takes(account, text, is_taken):
    from dispatch.model.text.counting import Counter

    declared = account.capabilities
    fits = (
        Counter(declared.counting).count(text) <= declared.max_text
        and len(text.encode()) <= declared.most_text_bytes
    )

    [outcome] = account.send([a_snippet(id=f"length {len(text)}", text=text)])

    assert isinstance(outcome, Accepted if is_taken else Refused)
    assert fits is is_taken


def test_goes_on_where_its_session_has_ended(server, account):
    account.check()
    account._session = account._begun(_stale(account))

    [outcome] = account.send([a_snippet(id="renewed", text="Session neuve")])

    assert isinstance(outcome, Accepted)


def _stale(account):
    """A session whose first token the server does not take, and whose second it does."""
    entry = account._entry
    who = {"identifier": HANDLE, "password": account._options.password.get_secret_value()}
    reply = entry.call("POST", "com.atproto.server.createSession", json=who)
    reply.json["accessJwt"] += "x"
    return reply


@pytest.mark.parametrize(("own", "may"), [(True, "everything"), (False, "post")])
def test_says_who_it_is_and_what_its_password_may_do(server, own, may):
    with new_client() as http:
        told = bluesky(server, http, PASSWORD if own else None).check()

    assert told.name == f"@{HANDLE} on {server.address}"
    assert told.can == (may,)
