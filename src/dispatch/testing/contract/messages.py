"""Messages for a provider under test, of the kind that it declares to take."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from dispatch.channels.provider import Capabilities, Carries, Provider
from dispatch.model.delivery.message import Address, Message
from dispatch.testing.samples import A_FORM, a_filled, a_mail, a_snippet, an_email


def sample_messages(provider: Provider[Any], count: int) -> Sequence[Message]:
    """Messages of a kind that the provider takes, each for somebody else."""
    make = _maker(provider.capabilities)
    return [make(number) for number in range(1, count + 1)]


def sample_digest(
    declared: Capabilities, *, subject: str = "", name: str = "", html: str = ""
) -> Message:
    """A digest for reader1@example.org, with these parts where they are given."""
    changes: dict[str, Any] = {"to": Address("reader1@example.org", name)} if name else {}
    if declared.takes_form and not declared.takes_mail:
        own_subject = (subject,) if subject else A_FORM.subject
        own_html = (html,) if html else A_FORM.html
        return a_filled(form=replace(A_FORM, subject=own_subject, html=own_html), **changes)
    if subject:
        changes["subject"] = subject
    if html:
        changes["html"] = html
    return _maker(declared)(1, **changes)


def is_mail(provider: Provider[Any]) -> bool:
    """Whether it carries digests."""
    return Carries.EMAIL in provider.capabilities.carries


def _maker(declared: Capabilities) -> Callable[..., Message]:
    if Carries.EMAIL not in declared.carries:
        return a_snippet
    if declared.takes_mail:
        return a_mail
    return a_filled if declared.takes_form else an_email
