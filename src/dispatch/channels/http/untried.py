"""Addresses that cannot be tried: whatever comes to them is posted, as with a chat's webhook."""

from contextlib import suppress
from urllib.parse import urlsplit

from dispatch.channels.http.calls import Api
from dispatch.channels.provider import Account
from dispatch.errors import CredentialsRefused, RateLimited


def account_of_host(api: Api) -> Account:
    """The host of such an address, if anybody answers there; the address itself is not called.

    Raises ProviderUnavailable.
    """
    url = urlsplit(api.url)
    host = Api(api.name, f"{url.scheme}://{url.netloc}", api.http, api.clock)
    with suppress(CredentialsRefused, RateLimited):  # it turns down who only asks, and is there
        host.call("HEAD")
    note = "its address cannot be tried without posting: the first post proves it"
    return Account(f"{url.hostname} (it answers)", notes=(note,), can=("post messages",))
