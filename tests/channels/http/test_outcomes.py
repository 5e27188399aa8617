"""What became of each message of a call, where the service tells it for each."""

from contextlib import nullcontext

import pytest

from dispatch.channels.http.outcomes import check_order
from dispatch.errors import OutcomeUnknown
from dispatch.model.delivery.message import Address
from dispatch.testing.samples import an_email

BATCH = [
    an_email(1, to=Address("Ada@example.org")),
    an_email(2, to=Address("bob@bücher.example")),
    an_email(3, to=Address("ada@example.org")),
]


@pytest.mark.parametrize(
    ("named", "is_order"),
    [
        (["ada@example.org", "bob@xn--bcher-kva.example", "ada@example.org"], True),
        (['"Lovelace, Ada" <ada@example.org>', None, 7], True),
        (["as the service calls her", "", ["x"]], True),
        (["bob@xn--bcher-kva.example", "ada@example.org", "ada@example.org"], False),
        ([None, "ADA@example.org", None], False),
    ],
)
def test_an_answer_stands_for_the_reader_whom_it_names(named, is_order):
    with nullcontext() if is_order else pytest.raises(OutcomeUnknown, match=r"acme: .* - look"):
        check_order("acme", BATCH, named)
