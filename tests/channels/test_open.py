"""A channel is opened from a plan, or every problem of the plan is said in plain words."""

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pydantic import SecretStr

from dispatch.channels.open import OptionProblem, check_options, open_channel
from dispatch.channels.opened import Channel
from dispatch.channels.provider import Account, Quota
from dispatch.errors import BadInput, ProviderUnavailable
from dispatch.http import new_client
from dispatch.model.campaigns.campaign import ChannelPlan, DkimPlan
from dispatch.testing.clock import FakeClock
from dispatch.testing.fakes import RecordingProvider
from dispatch.testing.samples import a_snippet

HIDDEN = "tok-4711"
PRIVATE = Ed25519PrivateKey.generate().private_bytes(
    Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
)
KEEPER = {"env:TOKEN": HIDDEN, "env:LOGIN": "lettre", "env:DKIM": PRIVATE.decode()}


def keeper(reference):
    if reference not in KEEPER:
        raise ValueError(f"{reference} is not set - set it in the environment")
    return SecretStr(KEEPER[reference])


def open_it(plan, folder, transport=None):
    http = new_client(transport=transport)
    return open_channel(plan, http=lambda: http, clock=FakeClock(), folder=folder, secret=keeper)


def test_opens_a_channel_with_its_secret_filled_in(tmp_path):
    seen = []

    def service(request):
        seen.append(request.headers["Authorization"])
        return httpx.Response(200, json={"id": "1"})

    options = {"server": "https://social.example", "token": "env:TOKEN"}
    plan = ChannelPlan("toots", "mastodon", options)

    channel = open_it(plan, tmp_path, httpx.MockTransport(service))
    channel.provider.send([a_snippet()])

    assert (channel.name, channel.provider_name) == ("toots", "mastodon")
    assert channel.capabilities.max_text == 500
    assert seen == [f"Bearer {HIDDEN}"]
    assert HIDDEN not in repr(channel)


def test_fills_in_a_name_for_an_open_option_too(tmp_path):
    options = {"host": "smtp.example.org", "username": "env:LOGIN", "password": "env:TOKEN"}

    problems = check_options(ChannelPlan("mail", "smtp", options), keeper)

    assert problems == []


def test_finds_relative_paths_in_the_workspace(tmp_path):
    plan = ChannelPlan("files", "outbox", {"folder": "out"})

    account = open_it(plan, tmp_path).provider.check()

    assert account == f"folder {tmp_path / 'out'}"


def test_finds_the_default_path_in_the_workspace(tmp_path):
    account = open_it(ChannelPlan("files", "outbox"), tmp_path).provider.check()

    assert account == f"folder {tmp_path / 'outbox'}"


def test_lists_all_problems_at_once():
    options = {"server": "social.example", "tokn": "env:TOKEN", "visibility": "loud"}

    problems = check_options(ChannelPlan("toots", "mastodon", options), keeper)

    assert sorted(problems) == [
        OptionProblem(
            "options.server",
            "is no web address",
            "write all of it, beginning with https://",
        ),
        OptionProblem(
            "options.token",
            "is missing",
            "add it: access token with the scopes write:statuses, write:media, read:accounts and"
            " read:statuses",
        ),
        OptionProblem("options.tokn", "unknown key", "did you mean 'token'?"),
        OptionProblem(
            "options.visibility", "unknown word", "use 'public', 'unlisted' or 'private'"
        ),
    ]


def test_refuses_a_secret_that_is_written_out_and_does_not_repeat_it():
    options = {"server": "https://social.example", "token": HIDDEN}

    [problem] = check_options(ChannelPlan("toots", "mastodon", options), keeper)

    assert problem.key == "options.token"
    assert problem.problem == "a secret is written out here"
    assert HIDDEN not in str(problem)


def test_says_which_secret_is_not_there_and_nothing_else_about_it():
    options = {"server": "https://social.example", "token": "env:GONE"}

    problems = check_options(ChannelPlan("toots", "mastodon", options), keeper)

    assert problems == [
        OptionProblem("options.token", "env:GONE is not set", "set it in the environment")
    ]


def test_says_that_a_provider_is_unknown():
    [problem] = check_options(ChannelPlan("mail", "smpt"), keeper)

    assert problem.key == "provider"
    assert problem.advice == "did you mean 'smtp'?"


@pytest.mark.parametrize("port", ["many", 0, 70_000, [25], None.__class__])
def test_says_what_a_wrong_value_should_be(port):
    plan = ChannelPlan("mail", "smtp", {"host": "smtp.example.org", "port": port})

    [problem] = check_options(plan, keeper)

    assert problem.key == "options.port"
    assert problem.advice.startswith("it should be: 587 (starttls)")


def test_asks_for_the_other_half_of_a_login():
    options = {"host": "smtp.example.org", "username": "lettre"}

    [problem] = check_options(ChannelPlan("mail", "smtp", options), keeper)

    assert problem == ("options", "username and password belong together", "give both or neither")


def test_does_not_send_a_token_over_an_open_line():
    options = {"server": "http://social.example", "token": "env:TOKEN"}

    [problem] = check_options(ChannelPlan("toots", "mastodon", options), keeper)

    assert problem.problem == "would go over the network unencrypted"


def test_raises_every_problem_with_the_place_it_is_at(tmp_path):
    plan = ChannelPlan("toots", "mastodon", {"server": "https://social.example", "colour": 1})

    with pytest.raises(BadInput) as raised:
        open_it(plan, tmp_path)

    assert len(raised.value.problems) == 2
    assert all(
        line.startswith("channels.toots.options.") for line in str(raised.value).splitlines()
    )


def signing(key, provider="outbox", **options):
    return ChannelPlan("mail", provider, options, DkimPlan("example.org", "news", key))


def test_opens_a_channel_with_its_signer(tmp_path):
    channel = open_it(signing("env:DKIM"), tmp_path)

    assert channel.signer is not None
    assert channel.signer.record.name == "news._domainkey.example.org"
    assert PRIVATE.decode().splitlines()[1] not in repr(channel)


def test_opens_a_channel_without_a_signer_where_none_is_wanted(tmp_path):
    assert open_it(ChannelPlan("files", "outbox"), tmp_path).signer is None


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        ("env:NOWHERE", "env:NOWHERE is not set"),
        ("env:LOGIN", "is no private key in PEM"),
        (PRIVATE.decode(), "a secret is written out here"),
    ],
)
def test_finds_a_key_that_cannot_be_used(key, problem, tmp_path):
    plan = signing(key)

    [found] = check_options(plan, keeper)

    assert (found.key, found.problem) == ("dkim.key", problem)
    with pytest.raises(BadInput, match=r"^channels\.mail\.dkim\.key: "):
        open_it(plan, tmp_path)


def test_finds_a_bad_key_beside_bad_options():
    problems = check_options(signing("env:LOGIN", colour=1), keeper)

    assert [one.key for one in problems] == ["options.colour", "dkim.key"]


def test_signs_nothing_where_the_service_writes_the_mails():
    plan = signing("env:DKIM", "mastodon", server="https://social.example", token="env:TOKEN")

    [found] = check_options(plan, keeper)

    assert found == (
        "dkim",
        "provider 'mastodon' writes the mails itself, so they cannot be signed",
        "remove it; the service may sign them",
    )


def test_signs_nothing_where_the_service_changes_what_is_signed():
    plan = signing(
        "env:DKIM",
        "ses",
        region="eu-west-1",
        access_key_id="AKID",
        secret_access_key="env:TOKEN",
    )

    [found] = check_options(plan, keeper)

    assert found == (
        "dkim",
        "provider 'ses' changes headers that are signed, so none would hold",
        "remove it, and let the service sign them",
    )


@pytest.mark.parametrize(
    ("provider", "options", "said"),
    [
        (
            "postmark",
            {"server_tokn": "env:NOWHERE"},
            {"server_tokn": "unknown key - did you mean 'server_token'?"},
        ),
        ("mailgun", {"region": "asia"}, {"region": "unknown word - use 'us' or 'eu'"}),
        ("sendgrid", {"api_key": "SG.1"}, {"api_key": "a secret is written out here"}),
        ("ses", {"region": "europe"}, {"region": "is no AWS region - write it like eu-west-1"}),
        (
            "scaleway",
            {"project_id": 17},
            {"project_id": "must be text - put it in quotes; it should be: the project"},
        ),
        (
            "brevo",
            {"url": "http://api.brevo.com"},
            {"url": "would go over the network unencrypted"},
        ),
        (
            "sendgrid",
            {"url": "https://api.sendgrid.com/v3/mail/send"},
            {"url": "has a path that dispatch adds by itself - write https://api.sendgrid.com"},
        ),
        (
            "postal",
            {"url": "https://mail.example.org/postal/api/v1"},
            {"url": "has a path that dispatch adds by itself - write https://mail.example.org/po"},
        ),
        ("mailjet", {"url": "https://api.mailjet.com/?a=b"}, {"url": "has more than an address"}),
        ("resend", {"url": "api.resend.com"}, {"url": "is no web address - write all of it, beg"}),
        ("ses", {"region": "eu-wset-1"}, {"region": "is no AWS region - write it like eu-west-1"}),
        ("postmark", {"message_stream": ""}, {"message_stream": "is empty - it should be: id of"}),
        (
            "resend",
            {"extra": {"x": float("nan")}},
            {"extra": "cannot be written as JSON - give texts, numbers and lists"},
        ),
        (
            "postmark",
            {"extra": {"Tag": "x", "Bcc": "archive@example.org"}},
            {"extra": "'Bcc' would send what is for one reader to others, too - take it away"},
        ),
        ("mailjet", {"extra": {"Cc": []}}, {"extra": "'Cc' would send what is for one reader"}),
        ("resend", {"extra": [1]}, {"extra": "must be a group of keys - it should be: further"}),
    ],
)
def test_a_wrong_option_says_what_is_wrong_and_what_it_should_be(provider, options, said):
    problems = check_options(ChannelPlan("mail", provider, options), keeper)

    found = {one.key: f"{one.problem} - {one.advice}" for one in problems}
    for key, words in said.items():
        assert found[f"options.{key}"].startswith(words)


class Odd:
    """A provider that finds this when it is checked, or raises it."""

    capabilities = RecordingProvider.capabilities

    def __init__(self, found):
        self.found = found

    def check(self):
        if isinstance(self.found, Exception):
            raise self.found
        return self.found


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        ("ada\ud800\x00", Account("ada")),
        (Account("x" * 5000), Account("x" * 499 + "…")),
        (Account("ada", Quota("7", 9)), Account("ada")),
        (Account("ada", Quota(7, [9])), Account("ada")),
        (Account("ada", Quota(7), ("a\x07b",)), Account("ada", Quota(7), ("ab",))),
    ],
)
def test_an_account_is_shown_as_far_as_anybody_can_read_it(found, shown):
    assert Channel("mail", "odd", Odd(found), Odd.capabilities).account() == shown


def test_a_check_that_breaks_is_a_problem_of_the_channel():
    odd = Odd(OverflowError("cannot convert float infinity to integer"))

    with pytest.raises(ProviderUnavailable, match=r"^mail: OverflowError inside .* - see whether"):
        Channel("mail", "odd", odd, Odd.capabilities).account()
