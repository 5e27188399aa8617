"""Calls that are proven by a secret which both sides know, in any way a service may send it."""

from pydantic import SecretStr

from dispatch.channels.hooks.call import HookCall
from dispatch.channels.hooks.proof import check_basic, check_configured, login_in, same
from dispatch.errors import NotGenuine

HEADER = "x-webhook-secret"


def check_shared(call: HookCall, secret: SecretStr, option: str = "webhook_secret") -> None:
    """That the call has the secret.

    `name:password` is a login (RFC 7617). Any other one stands in `Authorization`, alone, behind
    `Bearer` or as the password of a login, or in the header `X-Webhook-Secret`.
    """
    right = check_configured(secret, option)
    if ":" in right:
        check_basic(call, secret, option)
        return
    given = [call.header(HEADER), _token(call.header("authorization"))]
    if not any(given):
        raise NotGenuine(
            "the call has no login and no secret - have the service send that of the channel",
            unsigned=True,
        )
    if not any(one and same(one, right) for one in given):
        raise NotGenuine("the call has another secret - give the service that of the channel")


def _token(header: str) -> str | bytes:
    scheme, _, rest = header.strip().partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip()
    login = login_in(header)
    if login is not None:
        return login.partition(b":")[2] or rest.strip()
    return header.strip()
