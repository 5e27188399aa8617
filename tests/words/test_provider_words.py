"""Each provider that comes with dispatch has its words, and there are none besides."""

from importlib.metadata import entry_points

from dispatch.channels.find import GROUP, find_provider
from dispatch.web.team.option_fields import fields_of
from words.test_team_sentences import sentences

BUNDLED = sorted(
    entry.name for entry in entry_points(group=GROUP) if entry.value.startswith("dispatch.")
)
SAID = {name for name in sentences("en") if name.startswith("providers.")}


def wanted(kind: str, provider: str, option: str) -> str:
    """The name of the words for an option: its own, or those that several providers share."""
    own, shared = f"providers.{kind}_{provider}_{option}", f"providers.{kind}_any_{option}"
    return own if own in SAID or shared not in SAID else shared


def all_wanted() -> set[str]:
    found = set()
    for name in BUNDLED:
        found |= {f"providers.title_{name}", f"providers.about_{name}"}
        for field in fields_of(find_provider(name).Options, {}):
            found.add(wanted("option", name, field.name))
            found.add(wanted("hint", name, field.name))
    return found


def test_each_provider_and_each_of_its_options_has_its_words_and_no_word_is_left_over():
    assert (sorted(all_wanted() - SAID), sorted(SAID - all_wanted())) == ([], [])


def test_words_that_are_shared_serve_more_than_one():
    shared = {name for name in SAID if "_any_" in name}
    uses = dict.fromkeys(shared, 0)
    for provider in BUNDLED:
        for field in fields_of(find_provider(provider).Options, {}):
            for kind in ("option", "hint"):
                if (name := wanted(kind, provider, field.name)) in uses:
                    uses[name] += 1

    assert [name for name, count in uses.items() if count < 2] == []
