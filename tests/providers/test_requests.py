"""Every call that an adapter makes is one that its vendor takes, by the vendor's own description.

A description is read by the test of its vendor only, as some are large.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.metadata import entry_points
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from dispatch.channels.provider import Capabilities
from dispatch.http import new_client
from dispatch.model.delivery.message import Address, Message
from dispatch.model.editions.picture import Picture, read_picture
from dispatch.testing.contract import SECRET
from dispatch.testing.contract.handing_over import hand_over
from dispatch.testing.samples import A_FORM, a_filled, a_mail, a_png, an_email
from vendors.descriptions.rules import RULES
from vendors.every import EVERY, REFUSE_PICTURES
from vendors.judge import DESCRIBED, judge_of

OTHERS = {"apprise", "matrix", "mastodon", "outbox", "smtp", "webhook"}
"""Providers that are no vendor of mails over HTTP."""

HEADER, LOGO = (
    read_picture(name, a_png(width)) for name, width in (("En-tête.png", 9), ("logo.png", 8))
)

EXTRA: dict[str, dict[str, Any]] = {
    "brevo": {"tags": ["letters"]},
    "mailersend": {"precedence_bulk": True},
    "mailgun": {"o:tag": "letters"},
    "mailjet": {"CustomCampaign": "letters"},
    "postal": {"bounce": False},
    "postmark": {"Tag": "letters"},
    "resend": {"reply_to": "editors@example.org"},
    "scaleway": {"send_before": "2026-12-01T08:00:00Z"},
    "sendgrid": {"categories": ["letters"]},
    "ses": {"ConfigurationSetName": "letters"},
    "sparkpost": {"campaign_id": "letters"},
}
"""What somebody may write under `extra:`, from the vendor's own pages."""


def test_every_vendor_is_judged():
    providers = {one.name for one in entry_points(group="dispatch.providers")} - OTHERS

    assert providers == set(EVERY)
    assert set(EVERY) <= set(DESCRIBED) | set(RULES)
    assert set(EVERY) <= set(EXTRA)


@pytest.mark.parametrize("name", EVERY)
def test_a_vendor_takes_whatever_an_adapter_asks_of_it(name):
    judge = judge_of(name)

    minded = {
        f"{shape}: {request.method} {request.url.path}": wrong
        for shape, request in every_request(name)
        if (wrong := judge(request))
    }

    assert minded == {}


@pytest.mark.parametrize("name", EVERY)
def test_a_vendor_does_not_take_anything(name):
    """Else a judge that minds nothing would not be noticed."""
    judge = judge_of(name)
    _, request = next(every_request(name))
    wrong = httpx.Request(
        request.method,
        request.url,
        headers={**request.headers, "content-type": "application/json"},
        json={"no_such_field": 1},
    )
    elsewhere = httpx.Request("POST", request.url.copy_with(path="/no/such/path"))

    assert judge(wrong)
    assert judge(elsewhere)


def every_request(name: str) -> Iterator[tuple[str, httpx.Request]]:
    """What an adapter asks for, whatever it is given."""
    declared = EVERY[name].provider(new_client(), SECRET_STR).capabilities
    pictures = () if name in REFUSE_PICTURES else (HEADER, LOGO)
    for shape, batch in every_batch(declared, pictures):
        calls = asked(name, lambda it, batch=batch: hand_over(it, batch))
        yield from ((shape, one) for one in calls)
    plain, extra = [a_message(declared)], EXTRA[name]
    yield from (("extra", one) for one in asked(name, lambda it: it.send(plain), extra=extra))
    yield from (("check", one) for one in asked(name, lambda it: it.check()))


SECRET_STR = SecretStr(SECRET)


def asked(name: str, call: Callable[[Any], object], **options: Any) -> list[httpx.Request]:
    """The requests of one call to a provider whose service takes everything."""
    vendor = EVERY[name]
    requests = []

    def service(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return vendor.answer(request)

    with new_client(transport=httpx.MockTransport(service)) as http:
        call(vendor.provider(http, SECRET_STR, **options))
    assert requests
    return requests


def every_batch(
    declared: Capabilities, pictures: tuple[Picture, ...]
) -> Iterator[tuple[str, list[Message]]]:
    def one(**changes: Any) -> list[Message]:
        return [a_message(declared, **changes)]

    yield "plain", one()
    yield "no name", one(to=Address("reader1@example.org"))
    yield "quotes and commas", one(to=Address("o'neil+a@example.org", 'Sean "Shay", Jr. <boss>'))
    yield "domain in ASCII", one(to=Address("anna@xn--bcher-kva.example", "Bücher <GmbH>"))
    yield "Japanese", one(to=Address("yuki@example.org", "山田 雪"), subject="今週のニュース")
    yield "pictures", one(pictures=pictures)
    yield "fields of theirs", one(subject="{{a}} %recipient.b% <%c%> {$d} *|E|*")
    yield "no html", one(html="")
    if declared.batch > 1:
        form = replace(A_FORM, pictures=pictures)
        yield "two", [a_message(declared, number, form=form) for number in (1, 2)]
        yield (
            "as many as there may be",
            [a_message(declared, number) for number in range(1, declared.batch + 1)],
        )


def a_message(
    declared: Capabilities, number: int = 1, form: Any = A_FORM, **changes: Any
) -> Message:
    """A message as a provider takes it; changes of its texts are those of its form."""
    if not declared.takes_form:
        make = a_mail if declared.takes_mail else an_email
        return make(number, **changes)
    to = {"to": changes.pop("to")} if "to" in changes else {}
    texts = {key: (one,) if isinstance(one, str) else one for key, one in changes.items()}
    return a_filled(number, form=replace(form, **texts) if texts else form, **to)
