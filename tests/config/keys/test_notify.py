"""Programs elsewhere that are told things, as schedules.yaml names them."""

import pytest

from dispatch.model.notify.receiver import ReceiverPlan
from dispatch.model.notify.types import ASKED_FOR, Type
from schedule_files import SMALL

URL = "https://crm.example.org/hooks/1"


def receiver(more: str = "", *, url: str = URL, secret: str = "env:CRM") -> str:
    return f"{SMALL}notify:\n  crm: {{url: '{url}', secret: {secret}{more}}}\n"


def test_a_receiver_hears_of_everything_and_gets_no_addresses(load):
    assert load(SMALL).notify == {}

    [crm] = load(receiver()).notify.values()

    assert crm == ReceiverPlan("crm", URL, ("env:CRM",))
    assert crm.types == set(Type) - ASKED_FOR
    assert crm.host == "https://crm.example.org"
    assert not crm.addresses


def test_all_that_can_be_said_of_it(load):
    more = ", events: [edition.*, post.held], addresses: true, private: true"

    [crm] = load(receiver(more, url="http://crm/x", secret="[env:NEW, file:old]")).notify.values()

    assert crm.types == {one for one in Type if one.value.startswith("edition.")} | {Type.POST_HELD}
    assert crm.secrets == ("env:NEW", "file:old")
    assert (crm.addresses, crm.is_private) == (True, True)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (receiver(url="http://crm.example.org/"), "is http, by which anybody on the way can read"),
        (receiver(url="ftp://crm.example.org/"), "is not a web address"),
        (receiver(url="https://a:b@crm.example.org/"), "contains a user name or password"),
        (receiver(url="https://crm.example.org/#x"), "has a # in it"),
        (receiver(secret="whsec_hunter2"), "secrets are named, never written"),
        (receiver(secret="[env:A, env:B, env:C]"), "has 3 secrets"),
        (receiver(secret="[]"), "has 0 secrets"),
        (receiver(", events: [edition.maid]"), "did you mean 'edition.made'?"),
        (receiver(", events: [test.ping]"), "is nothing that is told"),
        (receiver(", colour: red"), "unknown key"),
    ],
)
def test_what_cannot_be_used_is_told_without_a_secret(problems, text, problem):
    [said] = problems(text)

    assert said.startswith("schedules.yaml:")
    assert problem in said
    assert "hunter2" not in said
    assert "a:b" not in said
