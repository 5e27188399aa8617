"""What a shell offers at Tab: the names of this workspace.

Whatever goes wrong offers nothing, and says nothing: somebody is in the middle of a line.
"""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

import typer

Completion = str | tuple[str, str]
Offer = Callable[[typer.Context, str], list[Completion]]


def campaigns(context: typer.Context, incomplete: str) -> list[Completion]:
    """The campaigns."""
    from dispatch.config.schedules import names

    return _offered(names.campaign_names, context, incomplete)


def feeds(context: typer.Context, incomplete: str) -> list[Completion]:
    """The feeds."""
    from dispatch.config.schedules import names

    return _offered(names.feed_names, context, incomplete)


def channels(context: typer.Context, incomplete: str) -> list[Completion]:
    """The channels."""
    from dispatch.config.schedules import names

    return _offered(names.channel_names, context, incomplete)


def forms(context: typer.Context, incomplete: str) -> list[Completion]:
    """The forms."""
    from dispatch.config.schedules import names

    return _offered(names.form_names, context, incomplete)


def audiences(context: typer.Context, incomplete: str) -> list[Completion]:
    """The audiences: those of campaigns, and those that a file brings people into."""
    from dispatch.config.people.subscribers import read_audience_files
    from dispatch.config.schedules import names

    def found(folder: Path) -> Iterable[str]:
        files = [path.stem for path in read_audience_files(folder)]
        return dict.fromkeys((*names.audience_names(folder), *files))

    return _offered(found, context, incomplete)


def segments(context: typer.Context, incomplete: str) -> list[Completion]:
    """The saved segments."""
    from dispatch.config.schedules import names

    return _offered(names.segment_names, context, incomplete)


def editions(context: typer.Context, incomplete: str) -> list[Completion]:
    """The ids of the newest editions."""
    from dispatch.store.editions.newest import newest_editions

    def found(folder: Path) -> Iterable[Completion]:
        url = os.environ.get("DISPATCH_DATABASE_URL", "").strip() or "sqlite:///dispatch.db"
        scheme, _, file = url.partition(":///")
        return newest_editions(f"{scheme}:///{folder.absolute() / file}")

    return _offered(found, context, incomplete)


def _offered(
    find: Callable[[Path], Iterable[Completion]], context: typer.Context, incomplete: str
) -> list[Completion]:
    try:
        folder = Path(context.find_root().params.get("workspace") or ".").expanduser()
        return [one for one in find(folder) if _word(one).startswith(incomplete)]
    except Exception:  # noqa: BLE001 - nobody has asked for a reason
        return []


def _word(one: Completion) -> str:
    return one if isinstance(one, str) else one[0]
