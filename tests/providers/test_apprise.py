"""One address of Apprise is told, within bounds, and nothing of it is shown."""

import threading
import warnings

import apprise
import httpx
import pytest
from pydantic import SecretStr

from dispatch.errors import CredentialsRefused, OutcomeUnknown, ProviderUnavailable
from dispatch.model.delivery.message import Accepted
from dispatch.providers import apprise as ours
from dispatch.providers.apprise import AppriseOptions, AppriseService
from dispatch.testing.clock import FakeClock
from dispatch.testing.contract import SECRET, ProviderPromises
from dispatch.testing.samples import a_snippet


@pytest.fixture(scope="module", autouse=True)
def loaded():
    """Its plugins, which import what others have installed, and what that says of Python."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert apprise.Apprise.instantiate("json://127.0.0.1")


@pytest.fixture
def told(monkeypatch):
    """What a service of Apprise would be told, instead of telling it."""
    told = []

    def notify(self, body, title="", **_more):
        told.append((title, body))
        return True

    monkeypatch.setattr(apprise.NotifyBase, "notify", notify)
    return told


def a_service(url=f"json://marie:{SECRET}@127.0.0.1:1/hook", **options):
    return AppriseService(
        AppriseOptions(url=SecretStr(url), **options), httpx.Client(), FakeClock()
    )


class TestApprise(ProviderPromises):
    @pytest.fixture
    def working(self, told):
        return a_service()


def test_tells_the_text_alone_unless_the_title_goes_apart(told):
    snippet = a_snippet(title="A\ntitle", text="Words")

    outcomes = [a_service().send([snippet]), a_service(with_title=True).send([snippet])]

    assert outcomes == [[Accepted()], [Accepted()]]
    assert told == [("", "Words"), ("A title", "Words")]


def test_a_no_may_have_been_a_yes_and_keeps_the_secret(capsys):
    with pytest.raises(OutcomeUnknown, match="look there whether the message arrived") as raised:
        a_service().send([a_snippet()])

    shown = f"{raised.value} {capsys.readouterr()}"
    assert SECRET not in shown
    assert "marie" not in shown


def test_a_plugin_that_crashes_is_in_doubt(monkeypatch):
    def crash(*_args, **_more):
        raise RuntimeError(SECRET)

    monkeypatch.setattr(apprise.NotifyBase, "notify", crash)

    with pytest.raises(OutcomeUnknown, match="RuntimeError inside Apprise") as raised:
        a_service().send([a_snippet()])

    assert SECRET not in str(raised.value)


def test_a_plugin_that_hangs_ends(monkeypatch):
    going_on = threading.Event()
    monkeypatch.setattr(ours, "SECONDS", 0.01)
    monkeypatch.setattr(apprise.NotifyBase, "notify", lambda *_, **__: going_on.wait(30))

    with pytest.raises(OutcomeUnknown, match=r"no end within 0\.01 s"):
        a_service().send([a_snippet()])

    going_on.set()


@pytest.mark.parametrize("url", ["", "nonsense", f"nosuch://{SECRET}", f"https:{SECRET}"])
def test_an_address_that_it_does_not_know_is_not_repeated(url):
    with pytest.raises(CredentialsRefused, match="none that it knows") as raised:
        a_service(url).check()

    assert SECRET not in str(raised.value)


def test_names_the_kind_of_service():
    assert a_service().check() == "JSON by Apprise (the first message proves it)"


def test_says_what_to_install_where_it_is_missing(monkeypatch):
    monkeypatch.setattr(ours, "find_spec", lambda _: None)

    with pytest.raises(ProviderUnavailable, match=r"install dispatch-digest\[apprise\]"):
        a_service().send([a_snippet()])
