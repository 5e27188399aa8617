"""What is mutated, and the tests that belong to it."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "src"


@dataclass(frozen=True, slots=True)
class Target:
    """Files below `src/dispatch` and the tests that judge them.

    `on_servers` says that the tests run on PostgreSQL, too: there is SQL among the code. `without`
    are tests that take long and find out little that the others do not.
    """

    name: str
    files: tuple[str, ...]
    tests: tuple[str, ...]
    on_servers: bool = False
    without: tuple[str, ...] = ()


TARGETS = (
    Target(
        "ledger",
        (
            "store/delivery/ledger.py",
            "store/delivery/ledger_statements.py",
            "store/delivery/usual_chunks.py",
        ),
        (
            "tests/store/delivery/test_ledger.py",
            "tests/store/delivery/test_ledger_guards.py",
            "tests/store/delivery/test_usual_chunks.py",
        ),
        on_servers=True,
    ),
    Target("settle", ("pipeline/delivery/settle.py",), ("tests/pipeline/delivery/test_settle.py",)),
    Target(
        "delivery",
        ("model/delivery/state.py", "model/delivery/batch.py", "model/delivery/message.py"),
        ("tests/model/delivery",),
    ),
    Target(
        "clean",
        (
            "feeds/clean/embeds.py",
            "feeds/clean/equivalents.py",
            "feeds/clean/formulas.py",
            "feeds/clean/hidden.py",
            "feeds/clean/html.py",
            "feeds/clean/inline_images.py",
            "feeds/clean/late_images.py",
            "feeds/clean/nodes.py",
            "feeds/clean/pictures.py",
            "feeds/clean/plain.py",
            "feeds/clean/player_pages.py",
            "feeds/clean/trackers.py",
        ),
        (
            "tests/feeds/clean/test_embeds.py",
            "tests/feeds/clean/test_players.py",
            "tests/feeds/clean/test_equivalents.py",
            "tests/feeds/clean/test_formulas.py",
            "tests/feeds/clean/test_hidden.py",
            "tests/feeds/clean/test_html.py",
            "tests/feeds/clean/test_images.py",
            "tests/feeds/clean/test_inline_images.py",
            "tests/feeds/clean/test_late_images.py",
            "tests/feeds/clean/test_nodes.py",
            "tests/feeds/clean/test_pictures.py",
            "tests/feeds/clean/test_plain.py",
            "tests/feeds/clean/test_player_pages.py",
            "tests/feeds/clean/test_trackers.py",
        ),
        without=(
            *("any_text_fits", "any_soup", "long_runs", "awkward_html", "real_attacks"),
            "hostile_formulas",
        ),
    ),
    Target(
        "tokens",
        ("pipeline/messages/links.py", "pipeline/messages/tokens.py", "signing.py"),
        (
            "tests/pipeline/messages/test_links.py",
            "tests/pipeline/messages/test_tokens.py",
            "tests/test_signing.py",
        ),
        without=("nothing_in_a_token",),
    ),
)
