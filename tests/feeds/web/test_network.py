"""Where a fetch connects to and where it refuses to: real sockets, and a resolver of our own."""

import ssl
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_network

import httpx
import pytest

from dispatch import __version__
from dispatch.errors import FeedUnreachable
from dispatch.feeds.web.limits import Limits
from dispatch.feeds.web.network import FeedNetwork
from dispatch.http import new_client, user_agent

FEED = b"<rss version='2.0'><channel><title>News</title></channel></rss>"
HERE = [ip_network("127.0.0.1")]


class Resolver:
    """Answers with these, one after the other, and with the last one from then on."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    def __call__(self, host, port):
        self.asked.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
def network():
    """A client on a network made with these arguments, closed at the end."""
    clients = []

    def make(**more):
        clients.append(new_client(transport=FeedNetwork(**more)))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def named(server):
    """An address at the server by a name that only our resolver knows."""

    def address(path="/feed.xml", *, host="blog.example", scheme="http"):
        return server.url(path).replace("127.0.0.1", host).replace("http:", f"{scheme}:")

    return address


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    """A certificate for blog.example alone."""
    folder = tmp_path_factory.mktemp("blog")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-keyout", folder / "key.pem", "-out", folder / "cert.pem",
         "-subj", "/CN=blog.example", "-addext", "subjectAltName=DNS:blog.example"],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return folder


def refusal(get, url, **more):
    with pytest.raises(FeedUnreachable) as caught:
        get(url, **more)
    return str(caught.value)


class TestPrivateAddresses:
    @pytest.mark.parametrize(
        "host",
        ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "localhost", "0", "[::ffff:127.0.0.1]"],
    )
    def test_are_refused_however_they_are_written(self, get, server, named, network, host):
        server.gives(FEED)

        said = refusal(get, named(host=host), http=network())

        assert "which is not on the public Internet - if you know that network" in said
        assert server.requests == []

    def test_are_refused_where_a_name_leads_there(self, get, server, named, network):
        server.gives(FEED)

        said = refusal(get, named(), http=network(look_up=Resolver(["127.0.0.1"])))

        assert said == (
            f"{named()}: leads to 127.0.0.1, which is not on the public Internet - if you know "
            "that network, have it added to DISPATCH_PRIVATE_NETWORKS"
        )
        assert server.requests == []

    @pytest.mark.parametrize("target", ["http://127.0.0.2/", "http://10.0.0.1/", "//[::1]/feed"])
    def test_are_refused_where_a_redirect_leads_there(self, get, server, target):
        url = server.redirects("/feed.xml", target)

        said = refusal(get, url)

        assert "is not on the public Internet" in said

    def test_that_are_allowed_are_fetched_from(self, get, server, named, network):
        server.gives(FEED)

        answer = get(named(), http=network(allowed=HERE, look_up=Resolver(["127.0.0.1"])))

        assert answer.body == FEED

    def test_of_a_cloud_are_refused_whatever_is_allowed(self, get, network):
        http = network(allowed=[ip_network("0.0.0.0/0")])

        said = refusal(get, "http://169.254.169.254/latest/meta-data/", http=http)

        assert "where a cloud keeps the secrets of its machines - look for" in said


class TestNames:
    def test_that_mean_something_else_a_moment_later_find_nobody_who_asks(
        self, get, server, named, network
    ):
        server.gives(FEED)
        changing = Resolver(["127.0.0.1"], ["10.0.0.1"])
        http = network(allowed=HERE, look_up=changing)

        answer = get(named(), http=http)

        assert answer.body == FEED
        assert changing.asked == ["blog.example"]
        assert "leads to 10.0.0.1" in refusal(get, named(), http=http)

    def test_that_change_their_meaning_for_a_redirect_are_refused(
        self, get, server, named, network
    ):
        server.gives(FEED, "/new.xml")
        server.redirects("/feed.xml", "/new.xml")
        changing = Resolver(["127.0.0.1"], ["10.0.0.1"])

        said = refusal(get, named(), http=network(allowed=HERE, look_up=changing))

        assert "leads to 10.0.0.1" in said
        assert [path for path, _ in server.requests] == ["/feed.xml"]

    def test_of_many_addresses_are_used_at_those_that_are_allowed(
        self, get, server, named, network
    ):
        server.gives(FEED)
        mixed = Resolver(["10.0.0.1", "::1", "127.0.0.1"])

        assert get(named(), http=network(allowed=HERE, look_up=mixed)).body == FEED

    def test_of_many_addresses_are_used_at_the_one_that_answers(self, get, server, named, network):
        server.gives(FEED)
        first_is_down = Resolver(["127.0.0.2", "127.0.0.1"])
        http = network(allowed=[ip_network("127.0.0.0/8")], look_up=first_is_down)

        assert get(named(), http=http).body == FEED

    def test_that_nobody_answers_for_do_not_hold_up_the_rest(self, get, network):
        never = threading.Event()

        def hang(host, port):
            never.wait(30)
            return []

        said = refusal(
            get,
            "https://blog.example/feed",
            http=network(look_up=hang),
            limits=Limits(connect=0.05),
        )

        never.set()
        assert "the server does not answer (no reply within 0.05 s)" in said

    def test_without_any_address_are_a_sentence(self, get, named, network):
        said = refusal(get, named(), http=network(look_up=Resolver([])))

        assert "the server cannot be reached" in said


class TestTls:
    @pytest.fixture
    def names_asked_for(self, server, key):
        """Makes the server speak TLS; the names that clients say they want."""
        names = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(key / "cert.pem", key / "key.pem")
        context.sni_callback = lambda _socket, name, _context: names.append(name)
        server.speaks_tls(context)
        return names

    @pytest.fixture
    def trusting(self, network, key):
        certificates = ssl.create_default_context(cafile=str(key / "cert.pem"))
        return network(allowed=HERE, look_up=Resolver(["127.0.0.1"]), certificates=certificates)

    def test_goes_by_the_name_and_not_by_the_address(
        self, get, server, named, names_asked_for, trusting
    ):
        server.gives(FEED)

        answer = get(named(scheme="https"), http=trusting)

        assert answer.body == FEED
        assert names_asked_for == ["blog.example"]

    @pytest.mark.usefixtures("names_asked_for")
    def test_refuses_a_certificate_for_another_name(self, get, server, named, trusting):
        server.gives(FEED)

        said = refusal(get, named(host="other.example", scheme="https"), http=trusting)

        assert "the server's certificate is not valid" in said

    @pytest.mark.usefixtures("names_asked_for")
    def test_follows_to_plain_http_but_keeps_the_address(
        self, get, server, named, trusting, other_server
    ):
        target = other_server.gives(FEED)
        server.redirects("/feed.xml", target)

        answer = get(named(scheme="https"), http=trusting)

        assert (answer.body, answer.url, answer.moved_to) == (FEED, target, "")


class TestProxies:
    def test_of_the_environment_are_not_used(self, get, server, monkeypatch, network):
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
        url = server.gives(FEED)

        assert get(url, http=network(allowed=HERE)).body == FEED

    def test_that_are_set_connect_for_us(self, get, server, network):
        server.gives(FEED, "http://blog.example/feed.xml")
        looked_up = Resolver(["127.0.0.1"])
        proxy = server.url("", userinfo="ada:s3cret@").replace("127.0.0.1", "proxy.example")

        answer = get("http://blog.example/feed.xml", http=network(proxy=proxy, look_up=looked_up))

        assert answer.body == FEED
        assert looked_up.asked == ["proxy.example"]
        [(_, headers)] = server.requests
        assert headers["Proxy-Authorization"].startswith("Basic ")

    @pytest.mark.parametrize("host", ["10.0.0.1", "127.1", "localhost", "[::1]"])
    def test_are_not_asked_for_a_private_number(self, get, server, network, host):
        said = refusal(get, f"http://{host}/feed.xml", http=network(proxy=server.url("")))

        assert "is not on the public Internet" in said
        assert server.requests == []


def test_many_threads_use_one_client(get, server, network):
    paths = [f"/{number}.xml" for number in range(200)]
    for path in paths:
        server.gives(path.encode(), path)
    http = network(allowed=HERE)

    with ThreadPoolExecutor(16) as pool:
        bodies = list(pool.map(lambda path: get(server.url(path), http=http).body, paths))

    assert bodies == [path.encode() for path in paths]


def test_the_user_agent_names_the_product_and_who_to_ask(get, server):
    url = server.gives(FEED)
    network = FeedNetwork(allowed=HERE)

    with new_client(transport=network, contact="https://news.é.example") as http:
        get(url, http=http)

    [(_, headers)] = server.requests
    assert headers["User-Agent"] == f"dispatch/{__version__} (+https://news.xn--9ca.example)"


def test_a_public_address_that_no_request_can_name_is_left_out():
    assert user_agent("https://news..é.example") == user_agent("")


def test_cookies_are_not_kept(get, server, http):
    url = server.gives(FEED, Set_Cookie="visitor=1; Path=/")

    get(url)
    get(url)

    assert all("Cookie" not in headers for _, headers in server.requests)
    assert not http.cookies


def test_a_request_for_something_else_than_a_feed_is_under_the_same_rules(server, network):
    with pytest.raises(httpx.ConnectError, match=r"127\.0\.0\.1 is not on the public Internet"):
        network().get(server.url())
