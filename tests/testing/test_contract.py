"""The conformance suite lets a careful provider pass, and finds what a careless one does."""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

import httpx
import pytest
from pydantic import BaseModel, Field, SecretStr

from dispatch.plugin import (
    Accepted,
    Api,
    BatchRefused,
    Capabilities,
    Carries,
    EmailMessage,
    Extra,
    OutcomeUnknown,
    Refused,
)
from dispatch.testing.clock import FakeClock
from dispatch.testing.contract import ProviderContract


class ParcelOptions(BaseModel, extra="forbid", frozen=True):
    token: SecretStr = Field(description="access token")
    extra: Extra = {}


class Parcels:
    """Takes batches, and answers for each mail."""

    Options: ClassVar[type[BaseModel]] = ParcelOptions
    capabilities: ClassVar[Capabilities] = Capabilities(
        carries=frozenset({Carries.EMAIL}),
        batch=500,
        source="https://parcels.example/docs",
        evidence="documented",
        tracking="off",
    )

    def __init__(self, options, http, clock):
        token = options.token
        self.api = Api(
            name="parcels",
            url="https://api.parcels.example",
            http=http,
            clock=clock,
            headers={"Authorization": f"Bearer {token.get_secret_value()}"},
            secrets=(token,),
        )

    def send(self, batch: Sequence[EmailMessage]):
        reply = self.call([self.written(one) for one in batch])
        if reply.refused:
            raise BatchRefused(reply.words)
        answers = reply.read("mails")
        if not isinstance(answers, list) or len(answers) != len(batch):
            raise OutcomeUnknown("parcels: answered otherwise - look there what arrived")
        return [self.outcome(reply, at) for at in range(len(batch))]

    def call(self, mails):
        return self.api.call("POST", "/mails", json={"mails": mails, "tracking": False})

    def outcome(self, reply, at):
        if isinstance(reply.read(f"mails.{at}.error"), str):
            return Refused(reply.text(f"mails.{at}.error"))
        return Accepted(reply.text(f"mails.{at}.id"))

    def written(self, one):
        return {
            "to": one.to.email,
            "subject": one.subject,
            "html": one.html,
            "headers": dict(one.headers),
        }

    def check(self):
        return self.api.call("GET", "/me").text("name")


class TestParcels(ProviderContract):
    careless: ClassVar[type[Parcels]] = Parcels

    def provider(self, http, secret):
        return self.careless(ParcelOptions(token=secret), http, FakeClock())

    def accepted(self, request):
        if request.method == "GET":
            return httpx.Response(200, json={"name": "Parcels Ltd"})
        count = request.content.count(b'"to":')
        return httpx.Response(200, json={"mails": [{"id": f"p{n}"} for n in range(count)]})

    def refused_one(self, request, email, reason):
        answers = self.accepted(request).json()["mails"]
        addresses = [part.split(b'"')[0] for part in request.content.split(b'"to":"')[1:]]
        answers[addresses.index(email.encode())] = {"error": reason}
        return httpx.Response(200, json={"mails": answers})


class TestParcelsThatAreTurnedDownTogether(TestParcels):
    refused_one = ProviderContract.refused_one


def test_a_refusal_of_all_for_the_sake_of_one_is_found():
    class Harsh(Parcels):
        def send(self, batch):
            try:
                return super().send(batch)
            except BatchRefused as refusal:
                return [Refused(str(refusal))] * len(batch)

    suite = of(Harsh, TestParcelsThatAreTurnedDownTogether)

    fails(suite.test_sends_to_the_others_when_one_recipient_is_refused)
    fails(suite.test_makes_smaller_calls_where_one_is_too_large)


def test_a_repeat_without_a_key_is_found():
    class Eager(Parcels):
        def call(self, mails):
            try:
                return super().call(mails)
            except OutcomeUnknown:
                return super().call(mails)

    suite = of(Eager)

    for failure in ("silence", "500"):
        fails(suite.test_calls_nobody_twice_when_an_answer_is_lost, failure)


def test_a_yes_to_fewer_people_than_there_are_is_found():
    class Trusting(Parcels):
        def send(self, batch):
            self.call([self.written(one) for one in batch])
            return [Accepted()] * len(batch)

    suite = of(Trusting)

    fails(suite.test_claims_nothing_when_people_are_missing_in_the_answer)
    fails(suite.test_claims_nothing_when_half_of_the_answer_is_missing)
    fails(suite.test_sends_to_the_others_when_one_recipient_is_refused)


def test_a_no_that_is_read_into_nonsense_is_found():
    class Gloomy(Parcels):
        def outcome(self, reply, at):
            if not isinstance(reply.read(f"mails.{at}.id"), str):
                return Refused("no id")
            return super().outcome(reply, at)

    fails(of(Gloomy).test_says_of_nobody_that_they_are_refused_when_the_answer_is_of_another_kind)


def test_one_way_out_for_all_is_found():
    class Alike(Parcels):
        def send(self, batch):
            return super().send([replace(one, headers=batch[0].headers) for one in batch])

    fails(of(Alike).test_gives_everybody_a_way_out_of_their_own)


def test_tracking_that_is_said_to_be_off_is_found():
    class Watching(Parcels):
        def call(self, mails):
            return self.api.call("POST", "/mails", json={"mails": mails})

    fails(of(Watching).test_switches_off_the_tracking_of_the_service_where_it_says_so)


def test_a_check_that_changes_something_is_found():
    class Testing(Parcels):
        def check(self):
            self.call([])
            return super().check()

    fails(of(Testing).test_changes_nothing_when_it_checks)


def of(careless, suite=TestParcels):
    """The suite of a provider that does one thing wrong."""
    made = suite()
    made.careless = careless
    return made


def fails(test, *given):
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        test(*given)
