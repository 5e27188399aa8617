"""The document of one edition: the digest, and a narrow frame of ours around it.

Our frame has its own sheet, with every rule below an id: the digest brings styles for whole
documents, and neither is to change the other.
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dispatch.model.campaigns.campaign import Campaign
from dispatch.pipeline.archive.shelf import ReadPage
from dispatch.store.editions.archive import PastEdition
from dispatch.web.look import Look
from dispatch.web.page import pages
from dispatch.words.catalogues import Words

_FRAME = (Path(__file__).parent.parent / "pages" / "edition.css").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Document:
    """A page, and the policy that allows its one style sheet and nothing else."""

    html: bytes
    policy: str


def edition_page(
    read: ReadPage,
    edition: PastEdition,
    *,
    words: Words,
    look: Look,
    campaign: Campaign,
    archive_path: str,
    public_url: str,
    before: str,
    after: str,
    form: str,
    base: str,
) -> Document:
    """The page; `before` and `after` are the names of its neighbours, or empty, as is `form`."""
    told, web = read.told, read.web
    sheet = f"{_FRAME}\n{look.sheet}\n{web.styles if web else ''}"
    html = (
        pages()
        .get_template("edition.html")
        .render(
            words=words,
            look=look,
            told=told,
            web=web,
            edition=edition,
            campaign=campaign,
            sheet=sheet,
            day=day_of(told.slot, words),
            notes=[(day_of(at, words), note) for at, note in told.notes],
            archive_path=archive_path,
            url=f"{public_url}/archive/{campaign.name}/{edition.name}",
            before=before,
            after=after,
            form=form,
            base=base,
        )
    )
    return Document(html.encode(), _policy(sheet))


def day_of(moment: datetime, words: Words) -> str:
    """The day, as the pages of the archive say it."""
    return words.moment(moment, words("archive.day"))


def _policy(sheet: str) -> str:
    """Pictures of old sites come by http; from a page by https, browsers ask for them so, too."""
    told = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{told}'; img-src 'self' https: http: data:; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
