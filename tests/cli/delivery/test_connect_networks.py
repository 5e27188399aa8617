"""`dispatch channels connect` with the adapters of X, LinkedIn and Threads, and posts after it."""

from urllib.parse import urlencode

import pytest

from little_network import KEY
from played_networks import APP, SECRET, play
from vendors.on_loopback import on_loopback

NAMES = ["linkedin", "threads", "x"]
PLAN = """  squares:
    feeds: [notebook]
    schedule: {{every: monday, at: '08:00'}}
    social: [{{via: town, template: weekly, each: edition}}]

channels:
  outbox: {{provider: outbox}}
  town:
    provider: {name}
    options: {{client_id: {app}, client_secret: env:TOWN_SECRET, url: '{url}', sign_in: '{url}'}}
"""


@pytest.fixture(params=NAMES)
def network(request):
    return play(request.param)


@pytest.fixture
def town(dispatch, monkeypatch, network):
    """The command, with a channel to it, and somebody who agrees at the address it prints."""
    from dispatch.cli.delivery import connect

    printed, say = [], connect.say

    def saying(text, **others):
        printed.append(text)
        say(text, **others)

    def paste(*_, **__):
        [address] = [one for one in printed if "response_type=code" in one]
        return f"http://127.0.0.1:8026/?{urlencode(network.authorize(address))}"

    monkeypatch.setattr(connect, "say", saying)
    monkeypatch.setattr("typer.prompt", paste)
    monkeypatch.setenv("TOWN_SECRET", SECRET)
    with on_loopback(network) as url:
        file = dispatch.folder / "schedules.yaml"
        plan = PLAN.format(name=network.name, app=APP, url=url)
        file.write_text(file.read_text(encoding="utf-8").rstrip() + "\n" + plan, encoding="utf-8")
        yield dispatch


def test_without_a_key_it_says_which_command_makes_one(town, network):
    found = town("channels", "connect", "town", "--paste")

    assert found.code != 0
    assert "town: DISPATCH_TOKEN_KEY is not set" in found.err
    assert "dispatch channels token-key" in found.err
    assert not network.asked


def test_it_is_connected_and_posts_with_tokens_that_are_renewed_and_shown_nowhere(
    town, monkeypatch, network, tmp_path
):
    monkeypatch.setenv("DISPATCH_TOKEN_KEY", KEY)
    network.lasts = {"linkedin": network.lasts}.get(network.name, 60)  # they hold for no call
    said = [town("-v", "-v", "channels", "connect", "town", "--paste")]
    first = network.given
    town("poll")
    said += [town("-v", "-v", "run", "squares", "--json")]
    said += [town("channels", *words) for words in (["list", "--json"], ["check", "--json"])]
    said += [town("deliveries", "list", "--json"), town("db", "backup", str(tmp_path / "copy.db"))]
    network.shut_out()
    refused = town("channels", "check", "town")

    assert [one.code for one in said] == [0] * len(said)
    assert network.posts
    assert (network.given > first) == (network.name != "linkedin")
    assert refused.code == 1
    assert "dispatch channels connect" in refused.out
    for one in (*said, refused):
        assert f"-of-{network.name}" not in one.out + one.err
        assert SECRET not in one.out + one.err
    files = [*town.folder.rglob("*"), tmp_path / "copy.db"]
    for file in (one for one in files if one.is_file()):
        assert f"s-of-{network.name}".encode() not in file.read_bytes()


@pytest.mark.parametrize(
    ("channel", "words"),
    [
        (
            "{provider: mastodon, options: {server: 'https://a.example', token: env:TOWN_SECRET}}",
            "mastodon lets us in by what its options name (token) - write it there, as env:NAME",
        ),
        (
            "{provider: outbox}",
            "outbox needs nobody to let us in - dispatch channels check other",
        ),
        (
            "{provider: x, options: {token: env:TOWN_SECRET}}",
            "has a token of its own - take it out of its options",
        ),
    ],
)
def test_where_nobody_is_to_agree_it_says_what_to_do_instead(dispatch, monkeypatch, channel, words):
    monkeypatch.setenv("TOWN_SECRET", SECRET)
    dispatch.edit(
        "campaigns:", f"channels:\n  outbox: {{provider: outbox}}\n  other: {channel}\n\ncampaigns:"
    )

    found = dispatch("channels", "connect", "other", "--paste")

    assert found.code != 0
    assert words in found.err


def test_what_a_channel_left_behind_is_told_and_can_be_forgotten(town, monkeypatch):
    monkeypatch.setenv("DISPATCH_TOKEN_KEY", KEY)
    town("channels", "connect", "town", "--paste")
    town.edit("  town:", "  city:")
    town.edit("via: town", "via: city")
    listed = town("channels", "list")
    ended, again = (town("channels", "disconnect", "town") for _ in range(2))

    assert "its access is kept - dispatch channels disconnect town" in listed.out + listed.err
    assert "is forgotten here" in ended.out
    assert "not in schedules.yaml" in again.err
