"""Messages of topics: whose signature counts, where certificates are, and how one subscribes."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from dispatch.errors import CallUnreadable, NotGenuine, ProviderUnavailable
from vendors.hooks import own, signing
from vendors.hooks.recorded import status_of
from vendors.hooks.signing import CERTIFICATE, Served, certificate

HERE = "https://sns.us-east-1.amazonaws.com"


def told(**values):
    return signing.notification({"eventType": "Send"}, **values)


def subscription(url=f"{HERE}/?Action=ConfirmSubscription&TopicArn=a&Token=b", **values):
    said = {"Type": "SubscriptionConfirmation", "Message": "You have chosen", "Token": "b"}
    return signing.sns({**said, "SubscribeURL": url}, **values)


@pytest.mark.parametrize(
    "call",
    [
        told(),
        told(version="2"),
        told(Subject="Amazon SES Email Event Notification"),
        told(SigningCertURL=f"{HERE}.cn/SimpleNotificationService-0123abcd.pem"),
        told(UnsubscribeURL="https://example.org/what-is-not-signed"),
        told(TopicArn="arn:aws:sns:us-east-1:111111111111:complaints"),
    ],
)
def test_what_a_topic_of_the_channel_signed_is_believed(call):
    cert = certificate()
    served = Served({CERTIFICATE: cert, CERTIFICATE.replace(".com/", ".com.cn/"): cert})
    topics = f"{signing.TOPIC}, arn:aws:sns:us-east-1:111111111111:complaints"

    assert status_of(own.ses(served, topic=topics), call) == 202


SIGNED_BY_NOBODY = {
    "another key": told(key="another"),
    "another topic": told(TopicArn="arn:aws:sns:us-east-1:222222222222:SES_Events"),
    "no signature": told(Signature=""),
    "no base64": told(Signature="???"),
    "a list as signature": told(Signature=["x"]),
    "another version": told(version="3"),
    "version as a number": told(SignatureVersion=1),
    "no certificate": told(SigningCertURL=None),
    "no moment": told(Timestamp="yesterday"),
    "another type": signing.sns({"Type": "Greeting", "Message": "hello"}),
    "no type": signing.sns({"Message": "hello"}),
    "a confirmation without a token": subscription(Token=None),
}


@pytest.mark.parametrize("name", SIGNED_BY_NOBODY)
def test_what_anybody_else_says_is_refused(name):
    assert status_of(own.ses(), SIGNED_BY_NOBODY[name]) in {401, 403}


@pytest.mark.parametrize(
    "url",
    [
        "http://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123abcd.pem",
        "https://sns.us-east-1.amazonaws.com:8443/SimpleNotificationService-0123abcd.pem",
        "https://sns.us-east-1.amazonaws.com@example.org/SimpleNotificationService-0123abcd.pem",
        "https://sns.us-east-1.amazonaws.com.example.org/SimpleNotificationService-0123abcd.pem",
        "https://example.org/sns.us-east-1.amazonaws.com/SimpleNotificationService-0123abcd.pem",
        "https://bucket.s3.amazonaws.com/SimpleNotificationService-0123abcd.pem",
        "https://sns.s3.amazonaws.com/SimpleNotificationService-0123abcd.pem",
        "https://sns.s3-us-west-2.amazonaws.com/SimpleNotificationService-0123abcd.pem",
        "https://sns.s3-website-us-west-2.amazonaws.com/SimpleNotificationService-0123abcd.pem",
        "https://sns.s3-accelerate.amazonaws.com/SimpleNotificationService-0123abcd.pem",
        "https://sns.amazonaws.com/SimpleNotificationService-0123abcd.pem",
        "https://sns.us.east.amazonaws.com/SimpleNotificationService-0123abcd.pem",
        f"{HERE}/?Action=GetTopic&Name=SimpleNotificationService-0123abcd.pem",
        f"{HERE}/SimpleNotificationService-0123abcd.pem?x=.pem",
        f"{HERE}/topics/SimpleNotificationService-0123abcd.pem",
        f"{HERE}/SimpleNotificationService-0123abcd.pem\n",
        f" {HERE}/SimpleNotificationService-0123abcd.pem",
        f"{HERE}\\@example.org/SimpleNotificationService-0123abcd.pem",
        "https://169.254.169.254/latest/meta-data",
        "",
    ],
)
def test_a_certificate_from_elsewhere_is_not_even_looked_at(url):
    served = Served({})

    assert status_of(own.ses(served), told(SigningCertURL=url)) in {401, 403}
    assert served.asked == []


def test_a_certificate_is_fetched_once():
    served = Served({CERTIFICATE: certificate()})
    provider = own.ses(served)

    for _ in range(3):
        provider.verify(told())

    assert served.asked == [CERTIFICATE]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (0, ProviderUnavailable),
        (500, ProviderUnavailable),
        (429, ProviderUnavailable),
        (b"x" * 65_000, ProviderUnavailable),  # no certificate is that large: somebody's page
        (403, NotGenuine),
        (301, NotGenuine),
        (b"no certificate", NotGenuine),
        (lambda: certificate(over=datetime(2020, 1, 1, tzinfo=UTC)), NotGenuine),
        (lambda: certificate(since=datetime(2039, 1, 1, tzinfo=UTC)), NotGenuine),
    ],
)
def test_a_certificate_that_is_not_to_be_had_is_asked_for_once_in_a_while(answer, error):
    if callable(answer):
        answer = answer()
    served = Served({CERTIFICATE: answer})
    provider = own.ses(served)

    for _ in range(3):  # nobody who calls us can have us call others as often
        with pytest.raises(error):
            provider.verify(told())

    assert len(served.asked) == 1


def test_a_subscription_is_confirmed_by_itself():
    url = f"{HERE}/?Action=ConfirmSubscription&TopicArn=a&Token=b"
    served = Served({CERTIFICATE: certificate(), url: b""})
    provider = own.ses(served)

    assert status_of(provider, subscription()) == 202
    assert served.asked[-1] == url


@pytest.mark.parametrize(
    ("url", "answer", "error"),
    [
        (f"{HERE}/?Action=ConfirmSubscription&Token=b", 0, ProviderUnavailable),
        (f"{HERE}/?Action=ConfirmSubscription&Token=b", 503, ProviderUnavailable),
        (f"{HERE}/?Action=ConfirmSubscription&Token=b", 403, CallUnreadable),
        (f"{HERE}/?Action=Unsubscribe&Token=b", b"", CallUnreadable),
        ("https://example.org/?Action=ConfirmSubscription&Token=b", b"", CallUnreadable),
        ("http://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&T=b", b"", CallUnreadable),
        ("https://sns.s3.amazonaws.com/?Action=ConfirmSubscription&Token=b", b"", CallUnreadable),
    ],
)
def test_a_subscription_is_confirmed_where_the_service_is_or_not_at_all(url, answer, error):
    served = Served({CERTIFICATE: certificate(), url: answer})
    provider = own.ses(served)
    call = subscription(url)
    provider.verify(call)

    with pytest.raises(error):
        provider.parse_events(call)

    assert served.asked[1:] == ([url] if not isinstance(answer, bytes) else [])


def test_a_raw_delivery_is_refused_with_a_word_on_why():
    raw = signing.HookCall(b'{"eventType": "Send"}', {"x-amz-sns-rawdelivery": "true"})

    with pytest.raises(NotGenuine, match="switch off raw message delivery") as refused:
        own.ses().verify(raw)
    assert refused.value.unsigned


def by_scaleway(key="scaleway", **values):
    said = {"TopicArn": own.SCALEWAY_TOPIC, "SigningCertURL": own.SCALEWAY_CERTIFICATE, **values}
    return signing.notification({"type": "email_queued"}, key=key, **said)


def test_scaleway_signs_with_a_certificate_of_its_own_authority():
    forged = Served({**own.certificates(), own.SCALEWAY_CERTIFICATE: certificate("scaleway")})
    none = Served({own.SCALEWAY_CERTIFICATE: certificate("scaleway", "its CA")})

    assert status_of(own.scaleway(), by_scaleway()) == 202
    assert status_of(own.scaleway(forged), by_scaleway()) == 403
    assert status_of(own.scaleway(none), by_scaleway()) == 403
    for url in (CERTIFICATE, "https://attacker.s3.fr-par.scw.cloud/fr-par/sns/a.crt"):
        assert status_of(own.scaleway(), by_scaleway(SigningCertURL=url)) == 403


@pytest.mark.parametrize("topic", ["mails", "https://sns.amazonaws.com/", f"{signing.TOPIC} mails"])
def test_a_topic_is_written_as_its_arn(topic):
    for provider in (own.ses, own.scaleway):
        with pytest.raises(ValidationError, match="write its ARN"):
            provider(topic=topic)
