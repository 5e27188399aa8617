"""Pictures of pieces in the team's preview of a mail."""

from dispatch.web.team.frame import BARE
from dispatch.web.team.review.previews import at_hand

MAIL = (
    '<img src="https://news.example.org/in/pictures/ab.png"><a href="https://news.example.org/in/">'
)


def test_they_come_from_the_page_itself_which_its_frame_allows():
    shown = at_hand(MAIL, "https://news.example.org/in")

    assert shown == MAIL.replace("https://news.example.org/in/pictures", "/in/pictures")
    assert "img-src 'self' https: data:;" in BARE["Content-Security-Policy"]
