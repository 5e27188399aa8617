"""What providers and their options are called: ours in the page's language, others as they say."""

from dataclasses import dataclass

from markupsafe import Markup

from dispatch.channels.find import find_provider
from dispatch.errors import NotFound
from dispatch.web.team.frame import in_english
from dispatch.web.team.option_fields import OptionField
from dispatch.words.catalogues import Words


def title_of(words: Words, provider: str) -> str:
    """What people call a provider."""
    try:
        return words(f"providers.title_{provider}")
    except LookupError:
        return provider


@dataclass(frozen=True, slots=True)
class ProviderWords:
    """The words for one provider; those of a plugin are its own, in English.

    What several of ours ask for alike, such as an API key, stands once in the catalogue.
    """

    words: Words
    provider: str

    @property
    def title(self) -> str:
        """What people call it."""
        return title_of(self.words, self.provider)

    @property
    def about(self) -> Markup:
        """What it is, in a sentence."""
        try:
            return Markup("{}").format(self.words(f"providers.about_{self.provider}"))
        except LookupError:
            return in_english(_first_line(self.provider))

    def label(self, name: str) -> str:
        """An option's name above its field."""
        return self._said("option", name) or name

    def hint(self, field: OptionField) -> Markup:
        """What an option is for, and what holds where it is left empty, or an example."""
        said = self._said("hint", field.name)
        text = Markup("{}").format(said) if said else in_english(field.hint)
        return text + Markup(" ({})").format(field.placeholder) if field.placeholder else text

    def _said(self, kind: str, name: str) -> str:
        try:
            return self.words(f"providers.{kind}_{self.provider}_{name}")
        except LookupError:
            return self._shared(kind, name) if self._is_ours else ""

    def _shared(self, kind: str, name: str) -> str:
        try:
            return self.words(f"providers.{kind}_any_{name}")
        except LookupError:
            return ""

    @property
    def _is_ours(self) -> bool:
        return self.title != self.provider


def _first_line(provider: str) -> str:
    try:
        return (find_provider(provider).__doc__ or "").strip().partition("\n")[0]
    except NotFound:
        return ""
