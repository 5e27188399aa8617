"""A post on a network is corrected from the command line: it says something else, and once."""

import sys
from pathlib import Path

import pytest

from dispatch.http import new_client
from journey_stage import Stage
from loopback import free_port, running

SCHEDULES = """\
timezone: Europe/Paris
sender: {{name: The Letter, email: letter@news.example}}
public_url: https://news.example
feeds:
  blog: {{url: "{feed}", backfill: all}}
channels:
  toots:
    provider: mastodon
    options: {{server: "{server}", token: "env:TOKEN"}}
campaigns:
  weekly:
    feeds: [blog]
    approval: {{needed: {approval}}}
    social: [{{via: toots, template: plain, each: post}}]
"""


@pytest.fixture(scope="module")
def server():
    """Somebody else's idea of a Mastodon server, as a process of its own."""
    port = free_port()
    command = str(Path(sys.executable).with_name("mastodon_mock"))
    arguments = ["serve", "--host", "127.0.0.1", "--port", str(port), "--in-memory"]
    with running([command, *arguments], port):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def stage(server, blog, tmp_path, sqlite_url):
    """A workspace that has posted `Aquarelles` to the account."""
    schedules = SCHEDULES.replace("{server}", server)
    stage = Stage(tmp_path, feed=blog.address, port=0, database_url=sqlite_url, schedules=schedules)
    (tmp_path / "templates/plain/snippet.txt").write_text("{{ post.title }} {{ post.link }}")
    stage.environ["TOKEN"] = "mock_token"
    blog.publish("Aquarelles")
    made = stage.run("run", "weekly")
    assert made.returncode == 0, made.stderr
    return stage


def amend(stage, *arguments):
    edition = stage.records().edition
    done = stage.run("editions", "amend", edition.id, *arguments)
    return done.returncode, done.stdout + done.stderr


def toots(server, *words):
    """Name to text of the posts of the account that say one of these words."""
    with new_client() as http:
        http.headers["Authorization"] = "Bearer mock_token"
        me = http.get(f"{server}/api/v1/accounts/verify_credentials").json()["id"]
        posts = http.get(f"{server}/api/v1/accounts/{me}/statuses").json()
    return {
        one["id"]: one["content"] for one in posts if any(word in one["content"] for word in words)
    }


def test_a_post_is_edited_and_deleted_and_posted_again_and_there_once(stage, server):
    [first] = toots(server, "Aquarelles")
    post = stage.records().deliveries[0].part

    code, said = amend(stage, "--title", f"{post}=Gouaches")
    assert code == 0, said
    assert "toots, Gouaches: edited" in said
    [(edited, text)] = toots(server, "Aquarelles", "Gouaches").items()
    assert edited == first
    assert "Gouaches" in text

    code, said = amend(stage)
    assert (code, "says so already" in said) == (0, True), said

    code, said = amend(stage, "--snippet", f"toots:{post}=Encres de Chine", "--repost")
    assert code == 0, said
    assert len(toots(server, "Aquarelles", "Gouaches", "Encres")) == 1

    code, said = amend(stage, "--repost")
    assert (code, "says so already" in said) == (0, True), said
    [text] = toots(server, "Aquarelles", "Gouaches", "Encres").values()
    assert "Encres de Chine" in text
