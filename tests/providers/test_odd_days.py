"""What every vendor may get or answer, though its documentation has nothing of the kind."""

import httpx
import pytest
from pydantic import SecretStr

from dispatch.http import new_client
from dispatch.model.delivery.message import Accepted, Address, Refused
from dispatch.testing.contract import SECRET
from dispatch.testing.contract.handing_over import hand_over
from dispatch.testing.samples import a_filled, a_mail, an_email
from vendors.every import EVERY


@pytest.fixture(params=EVERY)
def vendor(request):
    return EVERY[request.param]


def send(vendor, answer, **changes):
    """What becomes of one message, and the mails that the vendor would send."""
    mails = []

    def service(request):
        mails.extend(vendor.mails(request))
        return answer(request)

    http = httpx.Client(transport=httpx.MockTransport(service))
    provider = vendor.provider(http, SecretStr(SECRET))
    declared = provider.capabilities
    make = a_mail if declared.takes_mail else a_filled if declared.takes_form else an_email
    return hand_over(provider, [make(1, **changes)])[0], mails


@pytest.mark.parametrize(
    "said",
    [
        {"name": ["x"], "code": ["x"], "type": ["x"], "ErrorCode": ["x"], "message": {"a": 1}},
        {"name": {"x": 1}, "code": {"x": 1}, "type": {"x": 1}, "ErrorCode": {"x": 1}},
        {"errors": [{"code": ["7001"], "field": f"personalizations.{'9' * 5000}.to.0.email"}]},
        {"errors": {}, "message": "The given data was invalid."},
        {"errors": [{"code": "1902", "message": "Message generation rejected"}]},
    ],
)
def test_a_refusal_of_odd_shape_is_no_lost_answer_and_no_readers_fault(vendor, said):
    came, _ = send(vendor, lambda _: httpx.Response(400, json=said))

    assert isinstance(came, Refused)
    assert not came.sure


@pytest.mark.parametrize("name", ["Ada\r\nBcc: all@example.org", "\x00Ada Bcc: all@example.org"])
def test_a_name_and_an_international_address_are_as_mail_has_them(vendor, name):
    came, [mail] = send(vendor, vendor.answer, to=Address("ada@bücher.example", name))

    assert isinstance(came, Accepted)
    assert mail.to == "ada@xn--bcher-kva.example"
    assert mail.name == "Ada Bcc: all@example.org"


def test_an_address_that_cannot_be_written_is_its_readers_trouble(vendor):
    if vendor.provider(new_client(), SecretStr(SECRET)).capabilities.takes_mail:
        return  # which is found when the mail is made

    came, mails = send(vendor, vendor.answer, to=Address("a@b@example.org"))

    assert not mails
    assert came.reason == "address: not one that mail can be sent to - correct it"
