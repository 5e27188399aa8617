"""What rendering gives: digests and snippets, as values that can go from process to process."""

from dataclasses import dataclass

from dispatch.model.intake.feed import Image
from dispatch.model.text.threads import as_written

MOST_SUBJECT = 150
"""In code points, of one that somebody wrote; mail programs show 30 to 80 of them."""

MOST_MADE_SUBJECT = 70
"""Of one that a template made, so that it ends with a word and not where a window does."""

MOST_PREHEADER = 200


@dataclass(frozen=True, slots=True)
class Digest:
    """What one subscriber gets; `subject` and `preheader` are one line, `text` is plain text."""

    subject: str
    preheader: str
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class Snippet:
    """A text for one account; `part` is the post's id, or empty for the whole edition.

    `thread` are the texts that follow it, in order, where its channel takes such. `too_many` is how
    many characters it has more than its channel takes, of the longest of them; 0: all fit.
    """

    part: str
    text: str
    link: str
    title: str
    image: Image | None
    language: str
    topics: tuple[str, ...]
    thread: tuple[str, ...] = ()
    too_many: int = 0

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts of all its posts, in order: one, or those of a thread."""
        return self.text, *self.thread

    @property
    def whole(self) -> str:
        """All of it, as somebody may write it."""
        return as_written(self.texts)
