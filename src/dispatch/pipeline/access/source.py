"""Gives a provider its tokens before each call, and renews them in time: one process at a time."""

from dataclasses import replace
from datetime import datetime, timedelta
from threading import Lock
from typing import NoReturn

import structlog

from dispatch.channels.provider import Connects
from dispatch.clock import Clock
from dispatch.errors import (
    CredentialsRefused,
    DispatchError,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    StoreUnavailable,
)
from dispatch.masking import masked
from dispatch.model.campaigns.campaign import ChannelPlan
from dispatch.model.delivery.tokens import RENEWAL_LEASE, Tokens
from dispatch.pipeline.access.sealed import seal, unseal
from dispatch.sealing import SealBroken, Sealer
from dispatch.store.delivery.tokens import TokensRow
from dispatch.store.transactions import Store

log = structlog.get_logger()

SOON = timedelta(seconds=5)
"""When to ask again while another process renews: it has an answer by then, most often."""


class TokenMemory:
    """What one process knows of one channel's tokens; threads share it.

    `unwritten` were given to us and could not be kept yet: whoever comes next tries once more.
    """

    def __init__(self) -> None:
        self.renewing = Lock()
        self.writing = Lock()
        self.opened: tuple[str, Tokens] | None = None
        self.unwritten: tuple[TokensRow, TokensRow] | None = None


class TokenSource:
    """The tokens of one channel.

    The row is read each time, so that who has connected again, or ended the access, is heeded at
    once by all processes; what was sealed is opened once.
    """

    def __init__(
        self,
        plan: ChannelPlan,
        provider: Connects,
        *,
        memory: TokenMemory,
        sealer: Sealer,
        store: Store,
        clock: Clock,
    ) -> None:
        self._channel = plan.name
        self._network = plan.provider
        self._provider = provider
        self._memory = memory
        self._sealer = sealer
        self._store = store
        self._clock = clock

    def __call__(self) -> Tokens:
        """Those that hold now; raises a ProviderError where there are none."""
        row = self._row()
        tokens = self._opened(row)
        if tokens.lasts(self._clock()):
            return tokens
        with self._memory.renewing:  # a thread that waited for another one finds new ones
            row = self._row()
            tokens = self._opened(row)
            if tokens.lasts(self._clock()):
                return tokens
            return self._renewed(row, tokens)

    def ends(self) -> datetime | None:
        """When only a person can get another access; None: never, or not told."""
        return self._row().refresh_ends

    def renew(self) -> None:
        """Renew them, though they may last: raises a ProviderError."""
        with self._memory.renewing:
            row = self._row()
            tokens = self._opened(row)
            if self._begin(row):
                self._ask(row, tokens)

    def _renewed(self, row: TokensRow, tokens: Tokens) -> Tokens:
        """Others in their place; those themselves as long as they hold, where that fails."""
        now = self._clock()
        if not self._begin(row):
            return self._meanwhile(row, tokens, now)
        try:
            return self._ask(row, tokens)
        except ProviderError:
            if tokens.holds(now):
                return tokens
            raise

    def _meanwhile(self, row: TokensRow, tokens: Tokens, now: datetime) -> Tokens:
        """While another process is at it, or it has failed a moment ago."""
        if tokens.holds(now):
            return tokens
        if row.problem:
            raise RateLimited(row.problem, retry_after=RENEWAL_LEASE)
        problem = "another process is renewing its access"
        raise RateLimited(f"{self._channel}: {problem} - it is tried again", retry_after=SOON)

    def _begin(self, row: TokensRow) -> bool:
        if not self._store.is_kept:
            return False  # a rehearsal would use up what renews the real one
        try:
            with self._store.begin() as tx:
                now = tx.now(self._clock)
                return tx.tokens.begin_renewal(row, now=now)
        except StoreUnavailable as error:
            raise self._unavailable(error) from error

    def _ask(self, row: TokensRow, tokens: Tokens) -> Tokens:
        """Ask the network, and keep what it gives before it is used."""
        try:
            found = self._provider.renew(tokens)
        except ProviderError as error:
            self._note(row, tokens, error)
        found = _completed(found, tokens)
        try:
            after = seal(
                self._channel,
                row.provider,
                found,
                self._sealer,
                by=row.by,
                at=row.at,
                renewed=self._clock(),
            )
        except SealBroken as error:
            raise CredentialsRefused(str(error)) from None
        self._memory.unwritten = row, after
        self._write()
        log.info("access.renewed", channel=self._channel)
        return found

    def _write(self) -> None:
        """Keep what was given: where that cannot be now, whoever asks next tries it again."""
        with self._memory.writing:
            if self._memory.unwritten is None:
                return
            try:
                with self._store.begin() as tx:
                    tx.tokens.end_renewal(*self._memory.unwritten)
            except StoreUnavailable as error:
                raise self._unavailable(error) from error
            self._memory.unwritten = None

    def _note(self, row: TokensRow, tokens: Tokens, error: ProviderError) -> NoReturn:
        """Keep why, for pages, and raise it: without a token, whatever the network repeats."""
        said = masked(str(error), tokens.access, tokens.refresh)
        refused = isinstance(error, CredentialsRefused)
        problem = f"{self._channel}: its access could not be renewed: {said}"
        if refused:
            reason = said.partition(" - ")[0]
            problem = (
                f"{self._channel}: its access cannot be renewed any more ({reason}) - "
                f"dispatch channels connect {self._channel}"
            )
        try:
            with self._store.begin() as tx:
                tx.tokens.note_problem(row, problem)
        except StoreUnavailable:
            pass  # it is told now, and found again at the next try
        if refused:
            raise CredentialsRefused(problem) from None
        wait = error.retry_after if isinstance(error, RateLimited) else None
        # Nothing was posted, whatever became of the renewal.
        raise RateLimited(problem, retry_after=wait or RENEWAL_LEASE) from None

    def _row(self) -> TokensRow:
        try:
            self._write()
            with self._store.read() as tx:
                row = tx.tokens.get(self._channel)
        except StoreUnavailable as error:
            raise self._unavailable(error) from error
        if row is None:
            raise CredentialsRefused(
                f"{self._channel}: nobody has let us in yet - "
                f"dispatch channels connect {self._channel}"
            )
        if row.provider != self._network:  # which is shown to nobody but the network it is of
            raise CredentialsRefused(
                f"{self._channel}: nobody has let us in at {self._network} yet, only at"
                f" {row.provider} - dispatch channels connect {self._channel}"
            )
        return row

    def _opened(self, row: TokensRow) -> Tokens:
        known = self._memory.opened
        if known is None or known[0] != row.sealed:
            try:
                known = row.sealed, unseal(row, self._sealer)
            except SealBroken as error:
                raise CredentialsRefused(str(error)) from None
            self._memory.opened = known
        return known[1]

    def _unavailable(self, error: DispatchError) -> ProviderUnavailable:
        return ProviderUnavailable(f"{self._channel}: its access cannot be read now: {error}")


def _completed(found: Tokens, before: Tokens) -> Tokens:
    """With what the network did not say again, as it has not changed."""
    same = found.refresh in ("", before.refresh)
    return replace(
        found,
        refresh=found.refresh or before.refresh,
        refresh_ends=found.refresh_ends or (before.refresh_ends if same else None),
        scopes=found.scopes or before.scopes,
    )
