"""Runs as JSON: what each field means, and how it is filled.

Other people's programs read these names: one is added now and then, none changes its meaning.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dispatch.model.editions.run import MadeEdition, Run, RunPost

RUN_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "run": "the run's number, in the order in which they started",
        "campaign": "the campaign's name, which `schedules.yaml` may not have any more",
        "slot": "the key of the slot, unique within the campaign: wall time and zone",
        "local": "the slot by the clock on the wall",
        "timezone": "the zone of that clock",
        "moment": "the slot in UTC",
        "started": "when the run began, or when the slot was passed over, in UTC",
        "late_seconds": "how long after the slot that was",
        "by": "`schedule`, or `hand` if a person started it",
        "outcome": "`skipped`, or where its edition stands now, in the words of `editions list`",
        "sentence": "all of it as `runs list` says it",
        "skipped": "why there is no edition, or empty",
        "edition": "the edition it made, or null; its fields are below",
        "never_used": "posts that no run will ever use: why, and how many were looked at",
        "posts": "each post that it decided about; not in `runs list`; its fields are below",
    }
)

EDITION_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "id": "its id",
        "state": "its state, as stored",
        "posts": "how many posts it has",
        "author": "who edited it last, or empty",
        "note": "the changes that somebody asked for, until it is approved",
        "approved_by": "who approved it, or empty",
        "approved": "when, in UTC, or null",
        "reason": "why it was rejected, cancelled or paused, or empty",
        "ended_by": "who rejected or cancelled it, or empty",
        "finished": "when everybody was served, in UTC, or null",
        "deliveries": "how many deliveries are in each state",
        "came_later": "of how many of them each was told later (delivered, deferred, bounced, "
        "bounced softly, complained, dropped)",
    }
)

POST_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "post": "its number, as `posts list` gives it",
        "feed": "the feed's name",
        "title": "its title now",
        "link": "its link",
        "in": "whether it is in the edition, after all edits",
        "chosen": "whether the run took it; null if a person brought it in from elsewhere",
        "reason": "why the run took it or left it out",
        "edits": "what people did about it, in order: `what` (added, dropped, pinned), `by`, `at`",
    }
)


def run_row(run: "Run", now: datetime) -> dict[str, Any]:
    """A run as JSON, its `posts` only where they were asked for."""
    row = {
        "run": run.id,
        "campaign": run.campaign,
        "slot": run.slot,
        "local": run.local,
        "timezone": run.timezone,
        "moment": run.moment,
        "started": run.started,
        "late_seconds": int(run.late.total_seconds()),
        "by": "hand" if run.manual else "schedule",
        "outcome": run.outcome(now),
        "sentence": run.sentence(now),
        "skipped": run.skipped,
        "edition": _edition(run.edition) if run.edition else None,
        "never_used": dict(run.never_used),
    }
    return row if run.posts is None else {**row, "posts": [_post(post) for post in run.posts]}


def _edition(made: "MadeEdition") -> dict[str, Any]:
    return {
        "id": made.id,
        "state": made.state.value,
        "posts": made.posts,
        "author": made.author,
        "note": made.note,
        "approved_by": made.approved_by,
        "approved": made.approved_at,
        "reason": made.reason,
        "ended_by": made.ended_by,
        "finished": made.finished_at,
        "deliveries": {state.value: number for state, number in made.deliveries.items()},
        "came_later": {state.value: number for state, number in made.came_later.items()},
    }


def _post(post: "RunPost") -> dict[str, Any]:
    return {
        "post": post.id,
        "feed": post.feed,
        "title": post.title,
        "link": post.link,
        "in": post.included,
        "chosen": post.chosen,
        "reason": post.reason,
        "edits": [{"what": one.what.value, "by": one.by, "at": one.at} for one in post.edits],
    }
