"""What holds where a service repeats all that it was told: no secret of it is shown."""

import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from dispatch.channels.provider import Deletes, Edits, Finds, Provider
from dispatch.errors import ProviderError
from dispatch.model.delivery.message import Accepted
from dispatch.model.delivery.published import Published
from dispatch.testing.contract.messages import is_mail, sample_messages
from dispatch.testing.contract.service import SECRET, Handler, OverHttp

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)

WHOLE = {"Basic", "Bearer"}
"""Of these somebody needs no more to be let in; a signature is worth nothing elsewhere."""

Use = Callable[[Any], object]


class RepeatContract(OverHttp):
    """What holds where a service repeats in its answer what it was told."""

    @pytest.mark.parametrize("status", [200, 400, 401, 403, 500])
    def test_shows_no_secret_of_what_the_service_repeats(self, status: int) -> None:
        for use in self._uses():
            for calls in range(self._calls(use)):
                told: set[str] = {SECRET}
                service = repeating(self.accepted, status, after=calls, told=told)
                shown = came_of(use, self.answering(service))

                assert not [one for one in told if one in shown]

    def _calls(self, use: Use) -> int:
        """How many requests it makes where all goes well."""
        requests: list[httpx.Request] = []

        def service(request: httpx.Request) -> httpx.Response:
            requests.append(request)
            return self.accepted(request)

        came_of(use, self.answering(service))
        return len(requests)

    def _uses(self) -> Iterator[Use]:
        yield lambda it: it.send(sample_messages(it, 1))
        yield lambda it: it.check()
        provider = self.answering(self.accepted)
        if is_mail(provider):
            return
        [message] = sample_messages(provider, 1)
        [found] = provider.send([message])
        there = Published((found.id,), text="As it was") if isinstance(found, Accepted) else None
        if isinstance(provider, Finds):
            yield lambda it: it.find(message, LONG_AGO)
        if isinstance(provider, Edits):
            yield lambda it: it.edit(there, message)
        if isinstance(provider, Deletes):
            yield lambda it: it.delete(there)


def repeating(answer: Handler, status: int, *, after: int, told: set[str]) -> Handler:
    """A service that is well for some requests, and then repeats each where words may stand.

    `told` gets the credentials that came with them.
    """
    seen: list[httpx.Request] = []

    def service(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        kind, _, credential = request.headers.get("authorization", "").partition(" ")
        if kind in WHOLE:
            told.add(credential)
        if len(seen) <= after:
            return answer(request)
        body = (
            "" if request.headers.get("content-type", "").startswith("multi") else request.content
        )
        words = f"{kind} {credential} {request.url} {body[:500]!r}"
        return httpx.Response(
            status, json=_at_all_keys(words, nested=len(seen) % 2 == 0), headers={"x-id": words}
        )

    return service


def came_of(use: Use, provider: Provider[Any]) -> str:
    """What somebody may be shown of it."""
    try:
        return repr(use(provider))
    except ProviderError as error:
        return "".join(traceback.format_exception(error))


def _at_all_keys(words: str, *, nested: bool) -> dict[str, Any]:
    keys = ("message", "detail", "title", "description", "error_description", "id", "code", "type")
    said: dict[str, Any] = dict.fromkeys(keys, words)
    inner = said | {"error_user_msg": words, "error": words}
    return said | {
        "ok": False,
        "error": inner if nested else words,
        "errors": [inner],
        "data": inner,
        "result": inner,
        "errcode": words,
        "errorDetails": {"inputErrors": [inner]},
    }
