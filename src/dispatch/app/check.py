"""Everything that is looked at in the files of a workspace, and what is wrong with them."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from dispatch.config.files.permissions import check_private
from dispatch.config.keys.references import DEFAULT_CHANNEL
from dispatch.config.process.endings_file import FILE as ENDINGS
from dispatch.config.process.known_database import FILE as KNOWN
from dispatch.config.process.secret_key import FILE as SECRET
from dispatch.errors import BadInput, Problem, UnknownDatabase
from dispatch.pipeline.workspace.check import check_workspace
from dispatch.pipeline.workspace.check_access import check_access
from dispatch.pipeline.workspace.check_approvers import check_approvers
from dispatch.pipeline.workspace.check_archives import check_archives
from dispatch.pipeline.workspace.check_bounces import check_bounces
from dispatch.pipeline.workspace.check_notify import check_notify
from dispatch.pipeline.workspace.check_people import PeopleCheck
from dispatch.pipeline.workspace.check_segments import check_segments
from dispatch.pipeline.workspace.check_sign_in import check_sign_in
from dispatch.pipeline.workspace.check_zones import check_zones
from dispatch.pipeline.workspace.notices import who_asks, worth_a_look

if TYPE_CHECKING:
    from dispatch.app.opened import App


def check_files(app: "App") -> list[Problem]:
    """What is to be mended, and then what is worth a look."""
    with app.store.read() as tx:
        audiences = tx.subscribers.audiences()
        asked = list(who_asks(tx))
        hints = list(check_zones(app.workspace, tx=tx, now=app.clock()))
        hints += check_approvers(app.workspace, tx)
        has_key = bool(app.settings.token_keys)
        hints += check_access(app.workspace, tx, now=app.clock(), has_key=has_key)
    campaigns = app.workspace.campaigns.values()
    people = PeopleCheck(app.workspace, campaigns, app.store, audiences, domains=True)
    problems = check_workspace(
        app.workspace,
        secret=app.channels.secret,
        audiences=audiences,
        check_template=app.tools.trials.check_template,
        check_mail_template=app.tools.trials.check_mail_template,
        check_segment=app.tools.trials.check_segment,
        look_at=people.look_at,
    )
    hints += people.problems()
    with app.store.read() as tx:
        problems += check_segments(app.workspace, tx=tx, renderer=app.tools.trials)
        problems += check_bounces(
            app.workspace,
            secret=app.channels.secret,
            channels=app.bounces.channels(),
            tx=tx,
        )
    problems += check_notify(
        app.workspace, secret=app.channels.secret, allowed=app.settings.private_networks
    )
    problems += check_sign_in(app.workspace, secret=app.channels.secret)
    try:
        app.check_database()
    except BadInput as error:
        problems += error.problems
    except UnknownDatabase as error:
        problems.append(error)
    if trouble := app.tools.endings.file.problem():
        problems.append(trouble)
    hints += [*asked, *worth_a_look(app.workspace)]
    hints += check_archives(app.workspace, check_page=app.tools.trials.check_page)
    return [*problems, *hints, *check_private(_private_files(app), folder=app.folder)]


def _private_files(app: "App") -> Iterator[Path]:
    """What tells of readers, or signs for us."""
    yield app.folder / SECRET
    for name in (KNOWN, ENDINGS):
        yield app.settings.state_folder / name
    if app.store.file is not None:
        yield app.store.file
    for plan in app.workspace.channels.values():
        if plan.provider == DEFAULT_CHANNEL:
            yield app.folder / str(plan.options.get("folder", DEFAULT_CHANNEL))
