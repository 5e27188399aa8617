"""The document of one edition: the digest, and a narrow frame of ours around it.

Our frame has its own sheet, with every rule below an id: the digest brings styles for whole
documents, and neither is to change the other.
"""

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from starlette.responses import HTMLResponse

from dispatch.model.campaigns.campaign import Campaign
from dispatch.pipeline.archive.shelf import ReadPage
from dispatch.store.editions.archive import PastEdition
from dispatch.web.look import Look
from dispatch.web.page import pages
from dispatch.words.catalogues import Words

_FRAME = (Path(__file__).parent.parent / "pages" / "edition.css").read_text(encoding="utf-8")


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
    headers: Mapping[str, str],
) -> HTMLResponse:
    """The page, with the policy that allows its one style sheet and nothing else.

    What had to do without its template is not to be kept: it may be whole a minute later.
    """
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
    sent = {**headers, **_safety(sheet)}
    if web is None:
        del sent["ETag"]
        sent["Cache-Control"] = "no-cache"
    return HTMLResponse(html, headers=sent)


def day_of(moment: datetime, words: Words) -> str:
    """The day, as the pages of the archive say it."""
    return words.moment(moment, words("archive.day"))


def _safety(sheet: str) -> dict[str, str]:
    told = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    return {
        "Content-Security-Policy": (
            f"default-src 'none'; style-src 'sha256-{told}'; img-src 'self' https: data:; "
            "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        ),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
