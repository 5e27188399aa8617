"""Whatever Apprise knows, by one of its addresses (https://github.com/caronc/apprise/wiki)."""

import threading
from collections.abc import Sequence
from datetime import timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, ClassVar

import httpx
from pydantic import BaseModel, Field, SecretStr

from dispatch.plugin import (
    Accepted,
    Capabilities,
    Carries,
    Clock,
    CredentialsRefused,
    Outcome,
    OutcomeUnknown,
    ProviderUnavailable,
    SocialMessage,
    masked,
    one_line,
)

if TYPE_CHECKING:
    from apprise import NotifyBase

SECONDS = 60.0
"""How long one message may take, with all that Apprise makes of it."""

MOST_WORDS = 300

UNKNOWN_ADDRESS = (
    "apprise: the address is none that it knows - see its list of services, and how each is written"
)


class AppriseOptions(BaseModel, extra="forbid", frozen=True):
    """What schedules.yaml says under `options:`."""

    url: SecretStr = Field(
        description="one address as Apprise writes them, such as ntfy://host/topic"
    )
    with_title: bool = Field(
        default=False,
        description="true: the title of the post goes apart from its text, as mails and push"
        " messages have it",
    )


class AppriseService:
    """Tells one address.

    One and not several: where some of them failed it could not be said of whom it is true that
    they were told.
    """

    Options: ClassVar[type[BaseModel]] = AppriseOptions
    capabilities: ClassVar[Capabilities] = Capabilities(
        carries=frozenset({Carries.SOCIAL}),
        spacing=timedelta(seconds=5),  # which service it is is not known: as for a slow one
        account_options=("url",),
        source="https://github.com/caronc/apprise/wiki",
        evidence="documented",
    )

    def __init__(
        self,
        options: AppriseOptions,
        http: httpx.Client,  # noqa: ARG002 - Apprise makes calls of its own
        clock: Clock,  # noqa: ARG002
    ) -> None:
        self._options = options

    def send(self, batch: Sequence[SocialMessage]) -> Sequence[Outcome]:
        """Tell it; Apprise says yes or no, and a no is not known to be one.

        It may have been told before an answer was lost, or in part.
        """
        [message] = batch
        service = self._service()
        title = one_line(message.title) if self._options.with_title else ""
        told: list[tuple[bool, str]] = []

        def tell() -> None:
            told.append(self._tell(service, message.text, title))

        # A thread that nobody waits for longer: some of its services have no limit of their own.
        telling = threading.Thread(target=tell, name="apprise", daemon=True)
        telling.start()
        telling.join(SECONDS)
        if not told:
            raise OutcomeUnknown(
                f"apprise: no end within {SECONDS:g} s - look there whether the message arrived"
            )
        [(is_told, said)] = told
        if not is_told:
            raise OutcomeUnknown(
                f"apprise: {said or 'it did not work'} - look there whether the message arrived"
            )
        return [Accepted()]

    def check(self) -> str:
        """What kind of service the address is of; the first message proves it."""
        name = one_line(str(self._service().service_name or "a service"))
        return f"{name} by Apprise (the first message proves it)"

    def _service(self) -> "NotifyBase":
        if find_spec("apprise") is None:
            raise ProviderUnavailable(
                "apprise: is not installed - install dispatch-digest[apprise]"
            )
        import apprise  # noqa: PLC0415 - an extra, and 700 ms

        apprise.logger.propagate = False  # what it says of failures is ours to tell, masked
        asset = apprise.AppriseAsset(async_mode=False, secure_logging=True)
        address = self._options.url.get_secret_value().strip()
        try:
            found = apprise.Apprise.instantiate(address, asset=asset)
        except Exception:  # noqa: BLE001 - whatever a plugin makes of it; it may show the address
            found = None
        if found is None:
            raise CredentialsRefused(UNKNOWN_ADDRESS)
        return found

    def _tell(self, service: Any, text: str, title: str) -> tuple[bool, str]:
        """Whether it was told, and what is said of that."""
        import apprise  # noqa: PLC0415 - an extra, and 700 ms

        capture: Any = apprise.LogCapture
        with capture(level=apprise.logging.WARNING, fmt="%(message)s") as log:
            try:
                told = bool(service.notify(body=text, title=title))
            except Exception as bug:  # noqa: BLE001 - of one of very many plugins
                return False, f"{type(bug).__name__} inside Apprise"
            return told, self._shown(log.getvalue())

    def _shown(self, said: str) -> str:
        """Its own words on one line, without anything of the address that may be secret."""
        address = self._options.url.get_secret_value()
        parts = [one for one in _pieces(address) if len(one) >= 4]
        line = masked(" ".join(said.split())[: 10 * MOST_WORDS], address, *parts)
        return line if len(line) <= MOST_WORDS else line[: MOST_WORDS - 1] + "…"


def _pieces(address: str) -> list[str]:
    """What stands between the signs of an address, but for its scheme: any of it may be secret."""
    rest = address.partition("://")[2]
    for sign in "/?&=@:#,":
        rest = rest.replace(sign, " ")
    return rest.split()
