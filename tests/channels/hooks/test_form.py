"""Forms are read, whatever they are made of, in bounds."""

import pytest

from dispatch.channels.hooks.call import HookCall
from dispatch.channels.hooks.form import form_of
from dispatch.errors import CallUnreadable

PARTED = "multipart/form-data; boundary=b"
FIELD = b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'


def form(body, kind=PARTED):
    return form_of(HookCall(body, {"content-type": kind}))


def test_fields_come_in_their_order_and_files_are_left_out():
    file = b'--b\r\nContent-Disposition: form-data; name="mail"; filename="a.eml"\r\n\r\nhello\r\n'
    body = FIELD % (b"tag", b"one") + file + FIELD % (b"tag", "zw\u00f6lf".encode()) + b"--b--"

    assert form(body) == {"tag": ["one", "zw\u00f6lf"]}


NESTED = b"".join(
    b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (at, at + 1)
    for at in range(1500)
)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (NESTED, "multipart/form-data; boundary=b0"),
        (b"a=b&" * 1001, "application/x-www-form-urlencoded"),
        (b"a" * 1_000_001, PARTED),
    ],
    ids=["nested", "many fields", "large"],
)
def test_what_goes_over_a_bound_is_not_read(body, kind):
    with pytest.raises(CallUnreadable):
        form(body, kind)


def test_what_is_no_form_has_no_fields():
    for body in (b"", b"\0\xff" * 99, b"--b", b"--b\r\n\r\nno name\r\n--b--"):
        assert form(body) == {}
        assert form(body, "multipart/form-data") == {}
    odd = b"--b\r\nContent-Disposition: form-data; name*=zz'x'%FF\r\n\r\nx\r\n--b--"
    assert form(odd) == {}
