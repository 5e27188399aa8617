"""Whether a template can make a page of the archive, where nobody is the reader."""

from collections.abc import Mapping
from dataclasses import replace

from dispatch.errors import DispatchError
from dispatch.model.editions.picture import Picture
from dispatch.render.digests.digest import DigestRenderer
from dispatch.render.digests.web_page import web_page
from dispatch.render.templates.words import read_words
from dispatch.render.trials.samples import trial_content


def check_page(name: str, sources: Mapping[str, str], pictures: Mapping[str, Picture]) -> list[str]:
    """Why the pages of editions would be plain lists of their posts; empty where they are not."""
    locale = next(iter(read_words(name, sources.get("words.yaml")) or ("en",)))
    content = replace(trial_content(name, sources, locale=locale), pictures=pictures)
    try:
        web_page(DigestRenderer(content), content, "/pictures")
    except DispatchError as error:
        return [str(error)]
    return []
