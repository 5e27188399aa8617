"""What providers and their options are called: ours in the page's language, others as they say."""

from dataclasses import dataclass

from markupsafe import Markup

from dispatch.web.team.option_fields import OptionField
from dispatch.words.catalogues import Words


def title_of(words: Words, provider: str) -> str:
    """What people call a provider."""
    try:
        return words(f"channels.provider_{provider}")
    except LookupError:
        return provider


@dataclass(frozen=True, slots=True)
class ProviderWords:
    """The words for one provider; those of a plugin are its own, in English."""

    words: Words
    provider: str

    @property
    def title(self) -> str:
        """What people call it."""
        return title_of(self.words, self.provider)

    def label(self, name: str) -> str:
        """An option's name above its field."""
        try:
            return self.words(f"channels.option_{self.provider}_{name}")
        except LookupError:
            return name

    def hint(self, field: OptionField) -> Markup:
        """What an option is for, and what holds where it is left empty, or an example."""
        try:
            text = Markup("{}").format(self.words(f"channels.hint_{self.provider}_{field.name}"))
        except LookupError:
            text = Markup('<span lang="en">{}</span>').format(field.hint)
        return text + Markup(" ({})").format(field.placeholder) if field.placeholder else text
