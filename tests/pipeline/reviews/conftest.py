"""A desk at which editions are made and reviewed."""

from dataclasses import replace

import pytest

from dispatch.model.campaigns.approval import ApprovalRule
from dispatch.model.editions.edition import Edition
from dispatch.model.editions.review_mail import ReviewMail
from dispatch.pipeline.editions.edit import Changes, edit_edition
from dispatch.pipeline.messages.single_mails import LEASE
from dispatch.pipeline.reviews.decide import approve_edition, request_changes
from dispatch.pipeline.reviews.send_review_mails import send_review_mails
from dispatch.testing.fakes import RecordingProvider
from pipeline_samples import LINKS, REVIEWED, bring_in, channel, compose, entry, keep, row
from review_stage import JEAN, MARIE


class Desk:
    """An editor's desk: editions that wait, those who are told of them, and the clock above."""

    def __init__(self, store, clock) -> None:
        self.store = store
        self.clock = clock
        self.provider = RecordingProvider()

    def import_person(self, name: str) -> None:
        people = [row(f"{name or 'somebody'}@example.org", name=name)]
        bring_in("readers", people, store=self.store, clock=self.clock)

    def made(self, *tell: str, segment: str = "", **rule: object) -> Edition:
        """An edition that waits for approval, and that Marie and Jean are to be told of."""
        approval = ApprovalRule(tell=tell or (MARIE, JEAN), tell_via="mail", **rule)
        keep(self.store, entry("one"), now=self.clock())
        email = replace(REVIEWED.email, segment=segment)
        campaign = replace(REVIEWED, approval=approval, email=email)
        return compose(self.store, self.clock, campaign).edition

    def tell(self, **options: object) -> list[str]:
        """Tell what is due now; what came of it, as sentences."""
        options = {"open_channel": lambda name: channel(self.provider, name), **options}
        told = send_review_mails(store=self.store, links=LINKS, clock=self.clock, **options)
        return [str(one) for one in told]

    def edit(self, edition: Edition, subject: str | None) -> None:
        changes = Changes(subject=subject)
        edit_edition(edition.id, changes, by="ada", store=self.store, clock=self.clock)

    def approve(self, edition: Edition) -> None:
        approve_edition(edition.id, by="bob", store=self.store, clock=self.clock)

    def ask(self, edition: Edition, note: str) -> None:
        request_changes(edition.id, note=note, by="jean", store=self.store, clock=self.clock)

    def review_mails(self, edition: Edition) -> list[ReviewMail]:
        with self.store.read() as tx:
            return tx.review_mails.of(edition.id)

    def edition(self, edition: Edition) -> Edition:
        """As it is now."""
        with self.store.read() as tx:
            return tx.editions.get(edition.id)

    def claim(self) -> ReviewMail:
        """As a node does that is about to tell the one thing there is to tell."""
        with self.store.begin() as tx:
            [due] = tx.review_mails.due(now=self.clock(), limit=9)
            return tx.review_mails.claim(due, until=self.clock() + LEASE)

    @property
    def subjects(self) -> list[tuple[str, str]]:
        """To whom and with what subject mails were taken, in order."""
        return [(mail.to.email, mail.subject) for mail in self.provider.taken]


@pytest.fixture
def desk(store, clock):
    return Desk(store, clock)
