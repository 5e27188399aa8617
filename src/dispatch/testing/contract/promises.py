"""What holds for every provider, whatever it talks to."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from dispatch.channels.provider import Provider
from dispatch.model.delivery.message import Accepted, Refused
from dispatch.testing.contract.messages import is_mail, sample_digest, sample_messages
from dispatch.testing.contract.service import SECRET

SMALL = 100_000
"""Bytes that any service takes; a limit below it would be a slip."""


class ProviderPromises:
    """What holds for every provider, whatever it talks to.

    Give the fixture `working`: a provider whose service takes everything.
    """

    @pytest.fixture
    def working(self) -> Provider[Any]:
        """A provider whose service takes everything."""
        raise NotImplementedError("write the fixture `working` for your provider")

    def test_gives_one_outcome_for_each_message(self, working: Provider[Any]) -> None:
        messages = sample_messages(working, working.capabilities.batch)

        outcomes = working.send(messages)

        assert len(outcomes) == len(messages)
        assert all(isinstance(outcome, Accepted | Refused) for outcome in outcomes)

    def test_accepts_an_ordinary_message(self, working: Provider[Any]) -> None:
        [outcome] = working.send(sample_messages(working, 1))

        assert isinstance(outcome, Accepted)

    @pytest.mark.parametrize(
        "parts",
        [
            {"subject": "今週のニュース：生成AIと水彩画"},
            {"subject": "Ноль " * 60},
            {"name": 'Sean "Shay" O\'Neil, Jr. <boss>'},
            {"name": "山田 雪 🏳️‍🌈"},
        ],
        ids=["subject in Japanese", "long subject", "quotes and commas", "name in Japanese"],
    )
    def test_accepts_what_people_are_called_and_write(
        self, working: Provider[Any], parts: dict[str, str]
    ) -> None:
        if not is_mail(working):
            return

        [outcome] = working.send([sample_digest(working.capabilities, **parts)])

        assert isinstance(outcome, Accepted)

    def test_names_its_account_in_one_line(self, working: Provider[Any]) -> None:
        account = str(working.check())

        assert account.strip() == account != ""
        assert len(account.splitlines()) == 1

    def test_declares_capabilities_that_make_sense(self, working: Provider[Any]) -> None:
        declared = working.capabilities

        assert declared.carries
        assert declared.batch >= 1
        assert declared.calls_at_once >= 1
        assert declared.idempotent_for >= timedelta(0)
        assert declared.max_text is None or declared.max_text > 0
        assert declared.link_cost is None or declared.link_cost > 0
        assert declared.source.startswith("https://")

    def test_declares_sizes_that_make_sense(self, working: Provider[Any]) -> None:
        declared = working.capabilities
        one, call = declared.most_bytes, declared.most_call_bytes

        assert one is None or one >= SMALL
        assert call is None or call >= (one or SMALL)

    def test_declares_a_kind_of_digest_that_fits_its_batches(self, working: Provider[Any]) -> None:
        declared = working.capabilities

        assert not (declared.takes_mail and declared.takes_form)
        if is_mail(working):
            # Whoever wants no more mail must be able to say so by one click (RFC 8058).
            assert declared.headers_in_batch or declared.batch == 1

    def test_rejects_options_it_does_not_know(self, working: Provider[Any]) -> None:
        with pytest.raises(ValidationError) as raised:
            working.Options.model_validate({"no_such_option": 1})

        kinds = {
            error["type"] for error in raised.value.errors() if "no_such_option" in error["loc"]
        }
        assert kinds == {"extra_forbidden"}

    def test_describes_its_options_to_people(self, working: Provider[Any]) -> None:
        fields = working.Options.model_fields

        assert [name for name, field in fields.items() if not field.description] == []

    def test_shows_no_secret_when_printed(self, working: Provider[Any]) -> None:
        assert SECRET not in f"{working} {working!r} {vars(working)!r}"
