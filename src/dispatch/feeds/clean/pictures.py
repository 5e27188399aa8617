"""What is said of a picture, and which of several stands for a post."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

ENOUGH = 300  # pixels of width from which on a picture may be shown large: half of a mail's column
SHARP = 1200  # pixels of width from which on one is sharp over a whole column, on any screen
SMALL_WIDTH = 100  # pixels; narrower are faces, buttons and badges
SMALL_HEIGHT = 60

_SIDE = re.compile(
    r"(?:^|[;\s])(max-)?(width|height)\s*:\s*(\d{1,5}(?:\.\d{1,5})?|\.\d{1,5})(px|r?em|ex|pt)",
    re.IGNORECASE,
)
_UNITS = {"px": 1.0, "em": 16.0, "rem": 16.0, "ex": 8.0, "pt": 4 / 3}
_NUMBER = re.compile(r"\s*(\d{1,6})(?:\.\d*)?\s*(?:px)?\s*$")

_EMOJI_WORDS = r"emoji\w*|emoticons?|smil(?:ey|ie)s?|smil(?:ey|ie)s?-?face|twemoji"
_SIGN_CLASS = re.compile(
    rf"(?:^|[\s_-])(?:{_EMOJI_WORDS}|g?r?avatars?|badges?|(?:fav)?icons?|bullets?|buttons?|btn|logo"
    r"|sprite|spacer|separator|divider|ornament|pixel|beacon|tracker|tracking|share|sharing|social"
    r"|author|byline|userpic|profile|latex|tex|math|equation|formula)(?=[\s_\d-]|$)",
    re.IGNORECASE,
)
_EMOJI = re.compile(rf"(?:^|[\s/_.-])(?:{_EMOJI_WORDS})(?=[\s/_.\d-]|$)", re.IGNORECASE)
_SIGN_ADDRESS = re.compile(
    rf"https?://(?:[\w-]+\.)?(?:gravatar\.com/avatar|(?:img\.)?shields\.io|badgen\.net|badge\.fury\.io"
    r"|s\.w\.org/images/core/emoji)"
    rf"|/(?:{_EMOJI_WORDS}|avatars?|badges?|icons?|favicons?)(?:/|[_-]?\d*\.(?:gif|ico|jpe?g|png|svg|webp)\b)"
    r"|/badge\.svg|/favicon|/latex\.php|latex\.codecogs\.com|/math/render/",
    re.IGNORECASE,
)
# A name that may be a sign's, but a photograph's as well: such a picture leads only without others.
_SIGN_NAME = re.compile(
    rf"/[^/?#]*(?<![a-z])(?:{_EMOJI_WORDS}|avatar|badge|btn|button|\w+button|icon|logo|banner|sprite"
    r"|divider|separator)(?![a-z])[^/?#]*\.\w{2,4}(?:[?#]|$)",
    re.IGNORECASE,
)
_DRAWING = re.compile(r"\.svgz?(?:[?#]|$)", re.IGNORECASE)  # which mail programs do not show
# Services that shrink pictures have the width in the address.
_WIDTH_IN_ADDRESS = re.compile(
    r"[/?&,;_](?:w|wid|width|size|sz|s)[=_:](\d{1,2})(?=\D|$)", re.IGNORECASE
)
# As WordPress (-300x200, -scaled) and Blogger (/s1600/) write it.
_SIZE_IN_PATH = re.compile(
    r"-\d{2,5}x\d{2,5}(?=\.\w{3,4}$)|-scaled(?=\.\w{3,4}$)|@\dx(?=\.\w{3,4}$)|(?<=/)s\d{2,4}(?:-\w+)?(?=/)"
)
_SHORT_NAME = re.compile(r":[\w+-]{1,40}:|[:;8=][-'o]?[)(\]\[DPpOo|/\\*]")
_DECORATION = frozenset({"presentation", "none"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture as a post or its feed has it; sides are in pixels, None where nothing is said.

    `is_sign` is what says of itself that it is an emoji, a face, a badge or the like, `in_line`
    what follows text on the same line.
    """

    url: str
    alt: str = ""
    width: int | None = None
    height: int | None = None
    is_sign: bool = False
    in_line: bool = False

    @property
    def is_small(self) -> bool:
        """Whether it is said to be too small to be looked at for itself."""
        return (self.width is not None and self.width < SMALL_WIDTH) or (
            self.height is not None and self.height < SMALL_HEIGHT
        )

    @property
    def is_large(self) -> bool:
        """Whether it is said to be wide enough to be shown large."""
        return self.width is not None and self.width >= ENOUGH and not self.is_small

    @property
    def may_lead(self) -> bool:
        """Whether it can stand for a post."""
        if self.is_small or _DRAWING.search(self.url):
            return False
        return self.is_large or not self.is_sign


def picture_of(attributes: Mapping[str, str], url: str) -> Picture:
    """The picture at `url`, by what its `<img>` says of it."""
    width, height = sides(attributes)
    if width is None and (small := _WIDTH_IN_ADDRESS.search(url)):
        width = int(small[1])
    return Picture(
        url=url,
        alt=attributes.get("alt", ""),
        width=width,
        height=height,
        is_sign=is_sign(attributes, url),
    )


def choose(named: Iterable[Picture], shown: Iterable[Picture]) -> Picture | None:
    """The picture that stands for a post: of those its feed names, else of those in it.

    The first one counts that is not said to be small or a mere sign; what stands in a line of text
    without a size, or is narrower than half a column, only where there is no other. A small one
    that the feed names is better than none. Of the sizes of one picture, the smallest that is sharp
    over a whole column is taken, else the largest: originals have many megabytes.
    """
    offered, seen = list(named), list(shown)
    fit = [picture for picture in offered if picture.may_lead]
    if fit:
        wide = (one for one in fit if one.width is None or one.is_large)
        first = next(wide, max(fit, key=lambda one: one.width or 0))
        return _best_size(first, [*fit, *seen])
    fit = [picture for picture in seen if picture.may_lead]
    rest = [picture for picture in offered if not picture.is_sign and picture.width not in (0, 1)]
    return min(fit, key=_doubts) if fit else next(iter(rest), None)


def is_sign(attributes: Mapping[str, str], url: str) -> bool:
    """Whether a picture says of itself that it is an emoji, an icon, a face or decoration."""
    return bool(
        _of_class(attributes.get("class", ""))[0]
        or attributes.get("role", "") in _DECORATION
        or _SIGN_ADDRESS.search(url)
        or stands_for_character(attributes.get("alt", ""))
    )


def is_emoji(attributes: Mapping[str, str], url: str) -> bool:
    """Whether a picture that is a sign stands in a text for one character."""
    return bool(
        _of_class(attributes.get("class", ""))[1]
        or _EMOJI.search(url)
        or stands_for_character(attributes.get("alt", ""))
    )


@lru_cache(maxsize=1024)  # a site has a few dozen
def _of_class(classes: str) -> tuple[bool, bool]:
    """Whether an image of these classes is a sign, and one for a character."""
    return bool(_SIGN_CLASS.search(classes)), bool(_EMOJI.search(classes))


def stands_for_character(alt: str) -> bool:
    """Whether these words are those of an emoji: `:smile:`, `:-)` or the character."""
    alt = alt.strip()
    if not alt or alt[0].isalnum():
        return False
    return _SHORT_NAME.fullmatch(alt) is not None or is_character(alt)


def is_character(text: str) -> bool:
    """Whether the text is an emoji, or a few.

    >>> is_character("😀"), is_character("5"), is_character("👩‍🚀")
    (True, False, True)
    """
    if not text or len(text) > 16 or text.isascii():
        return False
    kinds = [unicodedata.category(char) for char in text]
    return "So" in kinds and all(kind in {"So", "Sk", "Mn", "Me", "Cf"} for kind in kinds)


def sides(attributes: Mapping[str, str]) -> tuple[int | None, int | None]:
    """Width and height that an `<img>` says, in its attributes or its style."""
    styled = dict(_styled(attributes.get("style", ""))) if attributes.get("style") else {}
    return (
        _first(pixels(attributes.get("width")), styled.get("width")),
        _first(pixels(attributes.get("height")), styled.get("height")),
    )


def pixels(value: str | None) -> int | None:
    """A number of pixels as an attribute has it; None for `50%` and the like."""
    match = _NUMBER.match(value or "")
    return int(match.group(1)) if match else None


def _best_size(picture: Picture, others: Iterable[Picture]) -> Picture:
    """The picture in the size that a mail needs, where it is there in several."""
    if picture.width is not None and picture.width == SHARP:
        return picture
    same = [one for one in others if one.width and _shows_the_same(one, picture)]
    sharp = [one for one in same if (one.width or 0) >= SHARP]
    if sharp:
        chosen = min(sharp, key=lambda one: one.width or 0)
    elif picture.width is not None and same:
        chosen = max(same, key=lambda one: one.width or 0)
    else:
        return picture
    return replace(chosen, alt=picture.alt or chosen.alt)


def _shows_the_same(one: Picture, other: Picture) -> bool:
    """Whether two are sizes of one picture: of one shape, and of addresses that differ in numbers.

    Of those without a height the addresses decide.
    """
    if one.width and one.height and other.width and other.height:
        shapes = one.width * other.height, other.width * one.height
        if min(shapes) < 0.97 * max(shapes):
            return False
    return _stem(one) == _stem(other)


def _stem(picture: Picture) -> str:
    """The address without what says how large the picture is.

    >>> small, large = "https://x.example/500.jpg?w=500", "https://x.example/1000.jpg"
    >>> _stem(Picture(url=small, width=500)) == _stem(Picture(url=large, width=1000))
    True
    """
    path = picture.url.partition("#")[0].partition("?")[0].partition("//")[2]
    path = _SIZE_IN_PATH.sub("", path)
    for side in filter(None, (picture.width, picture.height)):
        path = re.sub(rf"(?<!\d){side}(?!\d)", "", path)
    return path


def _doubts(picture: Picture) -> int:
    if picture.is_large:
        return 0
    named = _SIGN_NAME.search(picture.url) is not None
    return (picture.width is not None) + 2 * picture.in_line + 4 * named


def _styled(style: str) -> Iterator[tuple[str, int]]:
    # What is only limited may be smaller, never larger: that counts where it is small itself.
    for limit, side, number, unit in _SIDE.findall(style.lower()):
        size = round(float(number) * _UNITS[unit])
        if not limit or size < SMALL_HEIGHT:
            yield side, size


def _first(said: int | None, styled: int | None) -> int | None:
    size = styled if styled is not None and (said is None or styled < said) else said
    return None if size is not None and size <= 1 else size  # a placeholder's
