"""Posts and people to try a template with, the awkward ones first of all."""

from collections.abc import Mapping
from datetime import UTC, datetime

from dispatch.model.campaigns.campaign import Each, EmailPlan, Publisher, SocialPlan
from dispatch.model.delivery.message import Address
from dispatch.model.editions.edition import EditionContent, FeedTitle
from dispatch.model.editions.piece import Piece, PieceKind, PiecePicture
from dispatch.model.intake.feed import Image
from dispatch.model.intake.post import Post
from dispatch.model.people.subscriber import Subscriber

POSTS = 12
AWKWARD_READERS = 2
"""Of the readers those who come first and try the most: no name, and one that must be escaped."""

CHOOSE = "https://news.example.org/often/trial?a=1&b=2"
UNSUBSCRIBE = "https://news.example.org/leave/trial?a=1&b=2"

_NAMES = ("", "<&>\"'", "Ada Lovelace", "ليلى", "🏳️‍🌈 Zoë", "{{ name }}")
_TITLES = (
    "Plain words",
    "<b>Bold</b> & \"quoted\" 'words' </mj-text>",
    "عنوان من اليمين إلى اليسار",
    "👩‍💻 Émojis & accents 🎨",
    "A very long title " * 12,
    "Donaudampfschifffahrtsgesellschaft" * 4,
)
_SUMMARIES = ("Some words. " * 20, "", "<script>alert(1)</script> & so on", "短い文章です。")
PIECES = (
    Piece(
        id="h1",
        kind=PieceKind.HEADING,
        text="A <heading> & {{ subscriber.name or 'you' }}",
        after=0,
    ),
    Piece(
        id="t1",
        kind=PieceKind.TEXT,
        text="Dear **{{ subscriber.name or '<friend> & co' }}**,\n\n- [one](https://one.example.org)\n"
        "- two\n\n> <b>quoted</b> {{ name }}",
        after=0,
    ),
    Piece(
        id="p1",
        kind=PieceKind.PICTURE,
        picture=PiecePicture("0" * 64, "image/png", 1200, 800),
        alt='What it "shows" & more',
        address="https://one.example.org/?a=1&b=2",
        after=1,
    ),
    Piece(
        id="p2",
        kind=PieceKind.PICTURE,
        picture=PiecePicture("1" * 64, "image/gif", 9, 9),
        decorates=True,
        after=2,
    ),
    Piece(
        id="l1",
        kind=PieceKind.LINK,
        text="اقرأ <المزيد>",
        address="https://two.example.org",
        after=POSTS,
    ),
)
"""What a team may write, among as many posts as there are."""

_MOMENT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def trial_content(
    template: str,
    sources: Mapping[str, str],
    *,
    locale: str,
    posts: int = POSTS,
    pieces: tuple[Piece, ...] = (),
) -> EditionContent:
    """An edition of two feeds whose posts lack things or have too much."""
    return EditionContent(
        campaign="trial",
        title="Trial & <error>",
        slot=_MOMENT.replace(tzinfo=None),
        publisher=Publisher(
            Address("news@example.org", 'The "Trial" & Co'),
            "https://news.example.org",
            "Europe/Paris",
            locale,
        ),
        feeds=(
            FeedTitle("one", "One & <only>", "https://one.example.org"),
            FeedTitle("two", "Two", ""),
        ),
        posts=tuple(_post(number) for number in range(posts)),
        templates={template: sources},
        email=EmailPlan("readers", template, "mail"),
        social=tuple(SocialPlan("account", template, each) for each in Each),
        intro="" if posts == 1 else 'An <intro> & "more".\n\nIn two paragraphs.',
        pieces=pieces,
    )


def trial_readers(locale: str) -> list[Subscriber]:
    """People of one language: without a name, with a strange one, known well or hardly at all."""
    return [
        Subscriber(number, f"reader+{number}@example.org", name=name, locale=locale)
        for number, name in enumerate(_NAMES, 1)
    ]


def _post(number: int) -> Post:
    title = _TITLES[number % len(_TITLES)]
    picture = Image(f"https://one.example.org/{number}.jpg?a=1&b=2", "" if number % 4 else title)
    return Post(
        id=number + 1,
        feed="one" if number % 3 else "two",
        guid=str(number),
        link="" if number % 5 == 1 else f"https://one.example.org/posts/{number}?a=1&b=2",
        title=title,
        summary=_SUMMARIES[number % len(_SUMMARIES)],
        content=(
            "<p>Some <em>content</em>,<br> and an "
            "<img src='https://one.example.org/a.png' alt=''></p>"
        ),
        authors=((), ("Zoë <&> Co",), ("Ada", "Grace"))[number % 3],
        topics=(("IA", "Méthode"), (), ("a & b",))[number % 3],
        image=picture if number % 3 else None,
        language=("fr", "", "ar")[number % 3],
        published=None if number % 4 == 2 else _MOMENT,
        updated=None,
        first_seen=_MOMENT,
        licence_link=("", "https://creativecommons.org/licenses/by/4.0/")[number % 2],
        rights=('© <One> & "Co"', "")[number % 2],
    )
