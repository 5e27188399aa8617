"""What `dispatch check` says of programs that are to be told things."""

from ipaddress import ip_network
from types import SimpleNamespace

import pytest
from pydantic import SecretStr

from dispatch.config.files.line_numbers import LineNumbers
from dispatch.config.files.problems import InvalidValueError
from dispatch.pipeline.workspace.check_notify import check_notify
from notify_stage import SECRET, plan


def secret(_reference):
    return SecretStr(SECRET)


def problems(one, secret=secret, allowed=()):
    workspace = SimpleNamespace(notify={one.name: one}, lines=LineNumbers({}))
    return [str(it) for it in check_notify(workspace, secret=secret, allowed=allowed)]


def test_a_receiver_that_can_be_called_is_none():
    inside = plan(url="http://10.1.2.3/hook", is_private=True)

    assert problems(plan()) == []
    assert problems(inside, allowed=[ip_network("10.1.0.0/16")]) == []


def test_a_secret_that_cannot_be_had_or_is_none_is_told_without_being_shown():
    def missing(_reference):
        raise InvalidValueError("NOTIFY is not set", "set it")

    [gone] = problems(plan(), secret=missing)
    [weak] = problems(plan(), secret=lambda _: SecretStr("hunter2"))

    assert gone == "schedules.yaml: notify.crm.secret: NOTIFY is not set - set it"
    assert "does not begin whsec_" in weak
    assert "hunter2" not in weak


@pytest.mark.parametrize(
    ("url", "private", "allowed", "problem"),
    [
        ("https://10.1.2.3/", False, "10.0.0.0/8", "which is not on the public Internet"),
        ("http://10.1.2.3/", True, "10.2.0.0/16", "DISPATCH_PRIVATE_NETWORKS has"),
        ("http://1.1.1.1/", True, "10.2.0.0/16", "DISPATCH_PRIVATE_NETWORKS has"),
        ("http://10.1.2.3/", True, "", "no network is allowed to this machine"),
        ("https://169.254.169.254/", True, "169.254.0.0/16", "not on the public Internet"),
    ],
)
def test_an_address_out_of_bounds_is_told(url, private, allowed, problem):
    networks = [ip_network(allowed)] if allowed else []

    [said] = problems(plan(url=url, is_private=private), allowed=networks)

    assert problem in said
    assert "DISPATCH_PRIVATE_NETWORKS" in said
