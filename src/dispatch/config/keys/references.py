"""Whether the names in schedules.yaml lead anywhere: feeds, channels, templates, files."""

import os
from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Any

from dispatch.config.files.line_numbers import Path
from dispatch.config.files.problems import InvalidValueError, did_you_mean, quoted
from dispatch.config.values import as_written as written
from dispatch.config.values import schedule as schedule_words
from dispatch.config.values import simple as words
from dispatch.config.values.as_written import Finding, group_at, list_at
from dispatch.regular_files import NO_FILE

DEFAULT_CHANNEL = "outbox"
DIGEST_FILES = ("subject.txt", "digest.mjml", "digest.txt")


def broken_references(tree: Any, folder: FilePath) -> Iterator[Finding]:
    """Everything in the file that leads nowhere."""
    yield from _feed_files(tree, folder)
    for path, campaign in written.campaigns(tree):
        yield from _plans(campaign, path)
        yield from _feeds(campaign, path, tree)
        yield from _channels(campaign, path, tree)
        yield from _templates(campaign, path, tree, folder)
        for place, cadence in written.cadences(campaign, path):
            yield from _of_cadence(cadence, place, group_at(campaign, "email"), tree, folder)
    yield from _holiday_files(tree, folder)
    yield from _publisher(tree)


def holiday_files(tree: Any, folder: FilePath) -> list[str]:
    """The paths of the calendars that campaigns name and that are there, each once."""
    return [
        path
        for path in dict.fromkeys(path for _, path in _calendars(tree))
        if _inside(folder / path, folder) and _is_file(folder / path)
    ]


def _holiday_files(tree: Any, folder: FilePath) -> Iterator[Finding]:
    for place, name in _calendars(tree):
        if not _inside(folder / name, folder):
            yield place, "is a link that leads out of the workspace", "copy the file into it"
        elif not _is_file(folder / name):
            yield place, *_no_file(name, folder / name)


def _calendars(tree: Any) -> Iterator[tuple[Path, str]]:
    for path, schedule in written.schedules(tree):
        days_off = schedule.get("except")
        several = isinstance(days_off, list)
        for index, one in enumerate(days_off if isinstance(days_off, list) else [days_off]):
            try:
                found = schedule_words.day_off(one)
            except InvalidValueError:
                continue
            if isinstance(found, str):
                place = (*path, "except")
                yield (*place, index) if several else place, found


def _of_cadence(
    cadence: dict[str, Any], path: Path, email: dict[str, Any], tree: Any, folder: FilePath
) -> Iterator[Finding]:
    yield from _channels({"social": cadence.get("social")}, path, tree)
    own = cadence.get("template")
    if isinstance(own, str) and words.NAME.fullmatch(own):
        yield from broken_template((*path, "template"), own, None, folder / "templates")
    for place, plan in _all_plans({"social": cadence.get("social")}, path):
        name = plan.get("template", own or email.get("template"))
        if isinstance(name, str) and words.NAME.fullmatch(name):
            at, provider = (*place, "template"), _provider(plan, tree)
            yield from broken_template(at, name, provider, folder / "templates")


def _feed_files(tree: Any, folder: FilePath) -> Iterator[Finding]:
    for name, feed in group_at(tree, "feeds").items():
        file = _file_of(feed.get("url") if isinstance(feed, dict) else None, folder)
        path = ("feeds", name, "url")
        if file is None:
            continue
        if not _inside(file, folder):
            yield path, "is a link that leads out of the workspace", "copy the file into it"
        elif not _is_file(file):
            yield path, *_no_file(feed["url"], file)


def _file_of(url: Any, folder: FilePath) -> FilePath | None:
    try:
        address = words.feed_address(url) if isinstance(url, str) else ""
    except InvalidValueError:
        return None
    return folder / address.removeprefix("file:") if address.startswith("file:") else None


def _plans(campaign: dict[str, Any], path: Path) -> Iterator[Finding]:
    if "cadences" in campaign:
        return  # families.py says what they need
    if "email" not in campaign and not campaign.get("social"):
        yield path, "has neither email nor social", "add at least one of them"


def _feeds(campaign: dict[str, Any], path: Path, tree: Any) -> Iterator[Finding]:
    known = group_at(tree, "feeds")
    seen: set[str] = set()
    for index, name in enumerate(list_at(campaign, "feeds")):
        if not isinstance(name, str):
            continue
        if name not in known:
            yield (*path, "feeds", index), f"unknown feed {quoted(name)}", did_you_mean(name, known)
        elif name in seen:
            yield (*path, "feeds", index), f"feed {quoted(name)} is named twice", "name it once"
        seen.add(name)


def _channels(campaign: dict[str, Any], path: Path, tree: Any) -> Iterator[Finding]:
    known = {DEFAULT_CHANNEL, *group_at(tree, "channels")}
    used: dict[str, set[str]] = {"email": set(), "social": set()}
    for place, via in _all_channels(campaign, path):
        kind = "email" if "email" in place[2:] else "social"
        if via not in known:
            yield place, f"unknown channel {quoted(via)}", did_you_mean(via, known)
        elif via in used[kind] and kind == "social":
            advice = "one entry for each channel; remove this one or name another"
            yield place, f"channel {quoted(via)} is used twice", advice
        elif via in used[kind]:
            yield place, f"channel {quoted(via)} is named twice", "name it once"
        used[kind].add(via)


def _all_channels(campaign: dict[str, Any], path: Path) -> Iterator[tuple[Path, str]]:
    for plan_at, plan in _all_plans(campaign, path):
        at, via = (*plan_at, "via"), plan.get("via", DEFAULT_CHANNEL)
        if isinstance(via, str):
            yield at, via
        elif plan_at[-1] == "email":
            names = list_at(plan, "via")
            yield from (((*at, i), one) for i, one in enumerate(names) if isinstance(one, str))


def _templates(
    campaign: dict[str, Any], path: Path, tree: Any, folder: FilePath
) -> Iterator[Finding]:
    email = group_at(campaign, "email")
    for place, plan in _all_plans(campaign, path):
        at = (*place, "template")
        name = plan.get("template", email.get("template"))
        if name is None:
            if place[2] == "social" and "template" not in plan and "email" not in campaign:
                yield at, "missing key", "name a folder of templates/, such as weekly"
        elif isinstance(name, str) and words.NAME.fullmatch(name):
            provider = _provider(plan, tree) if place[2] == "social" else None
            yield from broken_template(at, name, provider, folder / "templates")


def broken_template(
    at: Path, name: str, snippet_for: str | None, templates: FilePath
) -> Iterator[Finding]:
    """What a template lacks for a digest, or for snippets by a provider."""
    if not (templates / name).is_dir():
        known = [found.name for found in templates.glob("*/")]
        yield at, f"there is no folder templates/{name}", did_you_mean(name, known)
        return
    needed: list[tuple[str, ...]] = [(file,) for file in DIGEST_FILES]
    if snippet_for is not None:
        needed = [("snippet.txt", f"snippet.{snippet_for}.txt")]
    for choices in needed:
        if not any(_is_file(templates / name / file) for file in choices):
            problem = f"templates/{name} has no {choices[0]}"
            yield at, *(_kept_from(templates / name / choices[0]) or (problem, "add that file"))


def _publisher(tree: Any) -> Iterator[Finding]:
    with_email = [path[1] for path, campaign in written.campaigns(tree) if campaign.get("email")]
    examples = {
        "sender": "{name: The Weekly, email: news@example.org}",
        "public_url": "https://news.example.org",
    }
    for key, example in examples.items():
        if with_email and key not in tree:
            problem = f"missing key, as campaign {quoted(with_email[0])} has email"
            yield (key,), problem, f"add '{key}: {example}'"


def _all_plans(campaign: dict[str, Any], path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    if isinstance(campaign.get("email"), dict):
        yield (*path, "email"), campaign["email"]
    for index, plan in enumerate(list_at(campaign, "social")):
        if isinstance(plan, dict):
            yield (*path, "social", index), plan


def _provider(plan: dict[str, Any], tree: Any) -> str:
    channel = group_at(tree, "channels").get(str(plan.get("via", DEFAULT_CHANNEL)))
    return str(channel.get("provider")) if isinstance(channel, dict) else DEFAULT_CHANNEL


def _inside(file: FilePath, folder: FilePath) -> bool:
    try:
        return file.resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):  # a path no file can have; a circle of links
        return False


def _is_file(file: FilePath) -> bool:
    try:
        return file.is_file()
    except (OSError, ValueError):
        return False


def _no_file(name: str, file: FilePath) -> tuple[str, str]:
    try:
        if file.exists() and not file.is_dir():
            return f"{quoted(name)} {NO_FILE}", "put a file in its place"
    except (OSError, ValueError):
        pass
    return _kept_from(file) or (f"there is no file {quoted(name)}", "check the path")


def _kept_from(file: FilePath) -> tuple[str, str] | None:
    """Which folder around a file we may not look into; None where that is not what is wrong."""
    for folder in file.parents:
        if folder.is_dir() and not os.access(folder, os.X_OK | os.R_OK):
            problem = f"the folder {folder.name} cannot be read (permission denied)"
            return problem, "check its permissions"
    return None
