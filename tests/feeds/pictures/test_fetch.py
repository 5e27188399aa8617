"""A picture is fetched as a feed is: from public addresses, in bounds, and read apart."""

import pytest

from dispatch.errors import FeedError
from dispatch.feeds.pictures.fetch import LARGEST, fetch_picture
from dispatch.feeds.pictures.ordinary import make_ordinary
from dispatch.feeds.pictures.reader import PictureReader
from dispatch.feeds.web.limits import NORMAL
from dispatch.feeds.web.network import FeedNetwork
from dispatch.http import new_client
from odd_pictures import HTML, photograph, red, saved


@pytest.fixture
def picture_at(http, tmp_path, clock):
    def picture_at(url, **more):
        asked = {"http": http, "folder": tmp_path, "clock": clock, "read": make_ordinary, **more}
        return fetch_picture(url, **asked)

    return picture_at


def test_a_picture_comes_by_a_redirect(picture_at, server):
    server.gives(saved(red(), "PNG"), "/red.png", Content_Type="text/plain")
    url = server.redirects("/old.png", "/red.png")

    assert picture_at(url).kind == "image/png"


def test_a_page_in_its_place_is_told_in_words(picture_at, server):
    url = server.gives(HTML, "/red.png", Content_Type="image/png")

    with pytest.raises(FeedError, match=r"red\.png: is no JPEG"):
        picture_at(url)


def test_what_is_not_there_is_told_without_advice_about_feeds(picture_at, server):
    with pytest.raises(FeedError) as raised:
        picture_at(server.url("/gone.png"))

    assert str(raised.value).endswith("there is no such page (404)")


def test_a_picture_that_is_too_large_is_left_where_it_is(picture_at, server):
    url = server.gives(b"x" * (LARGEST + 1), "/huge.jpg")

    with pytest.raises(FeedError, match="larger than 10 MB"):
        picture_at(url)


def test_a_server_that_hangs_ends(picture_at, server):
    url = server.hangs("/slow.jpg")

    with pytest.raises(FeedError, match=r"does not answer|too slow"):
        picture_at(url, limits=NORMAL.within(silence=0.05, total=0.1))


def test_a_redirect_to_a_private_address_reaches_nobody(tmp_path, clock):
    with (
        new_client(transport=FeedNetwork(look_up=lambda *_: ["10.0.0.1"])) as http,
        pytest.raises(FeedError, match=r"10\.0\.0\.1, which is not on the public Internet"),
    ):
        fetch_picture(
            "http://pictures.example/a.png",
            http=http,
            folder=tmp_path,
            clock=clock,
            read=make_ordinary,
        )


def test_a_file_of_the_workspace_is_no_picture_of_the_web(picture_at):
    with pytest.raises(FeedError, match="not a picture of the web"):
        picture_at("file:secret.png")


def test_a_process_of_its_own_reads_the_same():
    data = photograph(300, 200)
    reader = PictureReader()
    try:
        first, again = reader(data), reader(data)
        with pytest.raises(ValueError, match="is no JPEG"):
            reader(HTML)
    finally:
        reader.close()

    assert first == again == make_ordinary(data)
    with pytest.raises(ValueError, match="dispatch stops"):
        reader(data)


def test_what_takes_too_long_costs_its_picture_only():
    reader = PictureReader(seconds=0.0)
    try:
        with pytest.raises(ValueError, match="takes too much time"):
            reader(photograph(2_000, 2_000))
    finally:
        reader.close()
