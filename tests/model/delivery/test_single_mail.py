"""When a mail that is no delivery is tried again."""

from datetime import UTC, datetime, timedelta

import pytest

from dispatch.model.delivery.single_mail import TRIED_FOR, MailState, SingleMail

MADE = datetime(2026, 11, 24, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("attempt", "after", "pause"),
    [
        (0, MINUTE, MINUTE),
        (1, MINUTE, MINUTE),
        (2, MINUTE, 5 * MINUTE),
        (4, MINUTE, 60 * MINUTE),
        (40, TRIED_FOR - MINUTE, 60 * MINUTE),
        (40, TRIED_FOR, None),
    ],
)
def test_a_mail_is_tried_ever_more_rarely_and_then_given_up(attempt, after, pause):
    mail = SingleMail(
        id=1,
        address="marie@atelier.example",
        state=MailState.WAITING,
        made=MADE,
        due=MADE,
        attempt=attempt,
    )

    due = mail.next_due(MADE + after)

    assert due == (MADE + after + pause if pause else None)
