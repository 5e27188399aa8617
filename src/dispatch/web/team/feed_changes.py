"""Feeds are added, changed and removed: schedules.yaml is written, and the change shown first."""

from collections.abc import Mapping, Sequence

from starlette.responses import Response

from dispatch.config.files.problems import FileProblem
from dispatch.config.intake.feed_names import feed_name, same_address
from dispatch.config.intake.new_feeds import text_with_feeds
from dispatch.config.intake.opml import OpmlFile, parse_opml
from dispatch.config.splice.change import Change, Put
from dispatch.errors import BadInput, Conflict, NotFound, NotWritable, Problem
from dispatch.feeds.pages.discover import FoundFeed
from dispatch.feeds.web.address import shown
from dispatch.pipeline.intake.change_feeds import (
    FLAGS,
    added,
    edited,
    hides_secret,
    new_ones,
    only_feed_of,
    removed,
)
from dispatch.pipeline.workspace.write_plan import diff
from dispatch.web.team.feeds import feeds_page, one_page
from dispatch.web.team.frame import in_english
from dispatch.web.team.numbers import number_in
from dispatch.web.team.visit import Visit

MOST_AT_ONCE = 1_500
"""Feeds of one list: a form has no more fields than MOST_FIELDS."""


def add(visit: Visit) -> Response:
    """Add the feed that was chosen of those found."""
    form, taken = visit.form, visit.app.workspace.feeds
    url, title = _chosen(form("feed"))
    typed = {name: form(name) for name in ("name", "backfill", "since")}
    name = typed["name"] or feed_name(title, url, taken=taken)
    errors: dict[str, str] = {}
    if not url:
        errors["url"] = visit.words("feeds.choose_one")
    if name in taken:
        errors["name"] = visit.words("feeds.taken", name=name)
    backfill = _backfill(visit, errors)
    offer = [FoundFeed(url, title, "", 0, None)] if url else []
    if errors:
        return feeds_page(visit, errors=errors, url=form("url"), found=offer, typed=typed)
    changes = added(name, url, backfill=backfill)
    try:
        written = visit.app.texts.change_plan(
            changes, by=visit.by, act="feed.add", kind="feed", subject=name
        )
    except BadInput as error:
        wrong = _at_fields(error.problems, name, {"url": "url", "backfill": "backfill"}, "name")
        return feeds_page(visit, errors=wrong, url=form("url"), found=offer, typed=typed)
    except NotWritable as error:
        return _to_copy(visit, visit.app.texts.look(changes).diff(), error)
    return visit.to(f"/feeds/{name}", said="feed_added" if written.changed else "")


def edit(visit: Visit) -> Response:
    """Change what the file says of one feed."""
    name = visit.part("name")
    visit.app.workspace.check_feeds([name])
    feed, form = visit.app.workspace.feeds[name], visit.form
    typed = {key: form(key) for key in ("url", "title", *FLAGS)}
    if hides_secret(typed["url"], feed):
        return one_page(visit, name, errors={"url": visit.words("feeds.whole")}, typed=typed)
    changes = edited(name, feed, {**typed, **{flag: form.has(flag) for flag in FLAGS}})
    if not changes:
        return visit.to(f"/feeds/{name}")
    try:
        visit.app.texts.change_plan(
            changes,
            by=visit.by,
            seen=form("seen") or None,
            act="feed.edit",
            kind="feed",
            subject=name,
        )
    except BadInput as error:
        wrong = _at_fields(error.problems, name, {key: key for key in typed}, "url")
        return one_page(visit, name, errors=wrong, typed=typed)
    except Conflict:
        return _changed_meanwhile(visit, name, typed)
    except NotWritable as error:
        return _to_copy(visit, visit.app.texts.look(changes).diff(), error)
    return visit.to(f"/feeds/{name}", said="feed_saved")


def move(visit: Visit) -> Response:
    """Write down the address to which a feed has moved for good."""
    name = visit.part("name")
    visit.app.workspace.check_feeds([name])
    feed = visit.app.workspace.feeds[name]
    with visit.app.store.read() as tx:
        moved_to = tx.feeds.memory(name, feed.url).moved_to
    if not moved_to:
        return visit.to(f"/feeds/{name}")
    changes: list[Change] = [Put(("feeds", name, "url"), moved_to)]
    try:
        visit.app.texts.change_plan(
            changes, by=visit.by, act="feed.edit", kind="feed", subject=name
        )
    except NotWritable as error:
        return _to_copy(visit, visit.app.texts.look(changes).diff(), error)
    return visit.to(f"/feeds/{name}", said="feed_saved")


def remove(visit: Visit) -> Response:
    """Take a feed out of the file and of the campaigns that use it."""
    name = visit.part("name")
    visit.app.workspace.check_feeds([name])
    alone = only_feed_of(visit.app.workspace, name)
    if alone:
        sentence = visit.words("feeds.only_feed", campaigns=", ".join(alone))
        return one_page(visit, name, errors={"remove": sentence})
    changes = removed(name, visit.app.texts.plan.text)
    try:
        visit.app.texts.change_plan(
            changes,
            by=visit.by,
            seen=visit.form("seen") or None,
            act="feed.remove",
            kind="feed",
            subject=name,
        )
    except BadInput as error:
        sentences = {"remove": in_english("; ".join(map(str, error.problems)))}
        return one_page(visit, name, errors=sentences)
    except Conflict:
        return _changed_meanwhile(visit, name)
    except NotWritable as error:
        return _to_copy(visit, visit.app.texts.look(changes).diff(), error)
    return visit.to("/feeds", said="feed_removed")


def bring_in(visit: Visit) -> Response:
    """Look at a list of feeds (OPML), then add those of it that are chosen."""
    if visit.form.has("save"):
        return _add_chosen(visit)
    file = visit.form.files.get("file")
    if file is None or not file.filename:
        return feeds_page(visit, errors={"file": visit.words("feeds.choose_file")})
    try:
        opml = parse_opml(file.file.read(), file.filename[:80])
    except BadInput as error:
        sentence = "; ".join(map(str, error.problems))
        return feeds_page(visit, errors={"file": in_english(sentence)})
    return _look_at(visit, opml, file.filename[:80])


def _look_at(visit: Visit, opml: OpmlFile, file: str) -> Response:
    known = {same_address(one.url) for one in visit.app.workspace.feeds.values()}
    seen, new = set(known), []
    for outline in opml.outlines:
        if same_address(outline.url) not in seen:
            seen.add(same_address(outline.url))
            new.append(outline)
    return visit.page(
        "feeds_import.html",
        here="feeds",
        file=file,
        new=new[:MOST_AT_ONCE],
        rest=max(0, len(new) - MOST_AT_ONCE),
        known=len(opml.outlines) - len(new),
        problems=list(map(str, opml.problems)),
    )


def _add_chosen(visit: Visit) -> Response:
    chosen = map(_chosen, visit.form.all("feed"))
    new = new_ones(chosen, visit.app.workspace.feeds)
    if not new:
        return visit.to("/feeds", said="feeds_none_added")
    before = visit.app.texts.plan
    try:
        after = text_with_feeds(before.text, new)
        visit.app.texts.write(
            before.name,
            after,
            by=visit.by,
            seen=before.fingerprint,
            act="feed.import",
            kind="feed",
            feeds=len(new),
        )
    except BadInput as error:
        sentence = "; ".join(map(str, error.problems[:5]))
        return feeds_page(visit, errors={"file": in_english(sentence)})
    except NotWritable as error:
        return _to_copy(visit, diff(before.text, after), error)
    return visit.to("/feeds", said="feeds_added", count=len(new))


def _changed_meanwhile(visit: Visit, name: str, typed: Mapping[str, str] | None = None) -> Response:
    """409: what was typed stays, and what the file says by now stands above it."""
    feed = visit.app.texts.look([]).workspace.feeds.get(name)
    if feed is None:
        raise NotFound(f"feed {name}: is not in schedules.yaml any more")
    sentence = visit.words("feeds.changed", url=shown(feed.url), title=feed.title or "-")
    return one_page(visit, name, errors={"changed": sentence}, typed=typed, status_code=409)


def _chosen(text: str) -> tuple[str, str]:
    """Address and title of a feed that was ticked: they stand in one field, a space between."""
    url, _, title = text.partition(" ")
    return url, title.strip()


def _backfill(visit: Visit, errors: dict[str, str]) -> str | int:
    wanted, since = visit.form("backfill", "none"), visit.form("since")
    if wanted == "since":
        if not since:
            errors["since"] = visit.words("feeds.which_day")
        return f"since {since}"
    number = number_in(wanted)
    return wanted if number is None else number


def _at_fields(
    problems: Sequence[Problem], name: str, fields: Mapping[str, str], other: str
) -> dict[str, str]:
    """Each problem at the field of its key; what is about no field at `other`."""
    errors: dict[str, str] = {}
    for problem in problems:
        field, sentence = other, str(problem)
        if isinstance(problem, FileProblem):
            key = problem.key.removeprefix(f"feeds.{name}.")
            field, sentence = fields.get(key, other), f"{problem.problem} - {problem.advice}"
        errors.setdefault(field, in_english(sentence))
    return errors


def _to_copy(visit: Visit, lines: Sequence[str], error: NotWritable) -> Response:
    """What somebody else has to write into the file, as this machine may not."""
    return visit.page(
        "feeds_copy.html",
        status_code=422,
        here="feeds",
        reason=in_english(str(error)),
        file=visit.app.texts.plan.name,
        diff=lines,
    )
