"""What schedules.yaml said before: each version, what it changed, and the way back."""

from dispatch.config.keys.rights import rights_to_change
from dispatch.config.schedules.load import FILE
from dispatch.model.team.role import Right
from dispatch.pipeline.workspace.write_plan import diff
from dispatch.web.api.answers import Answer
from dispatch.web.api.call import Call
from dispatch.web.api.cursors import PageQuery
from dispatch.web.api.in_order import page_in_order
from dispatch.web.api.operation import Operation
from dispatch.web.api.plan import plan_of, plan_tag, seen_plan
from dispatch.web.api.shapes.templates import Versions, VersionWhole, WentBack
from dispatch.web.api.templates import version_shape


def list_plan_versions(call: Call) -> Versions:
    """List what schedules.yaml said before, the newest first."""
    found = call.app.texts.versions()
    page, onward = page_in_order(found, call.query(PageQuery), lambda one: str(one.id))
    return Versions(items=[version_shape(one) for one in page], next=onward)


def show_plan_version(call: Call) -> Answer:
    """Show what schedules.yaml said then, and what going back to it would change."""
    version = call.app.texts.version(call.number("version"))
    model = VersionWhole(
        **version_shape(version).model_dump(),
        source=version.content,
        diff=diff(plan_of(call).text, version.content),
    )
    return Answer(model, headers=seen_plan(call))


def restore_plan_version(call: Call) -> WentBack:
    """Have schedules.yaml say again what it said.

    What differs may take more rights than 'plan': those of all keys that change.
    """
    version, file = call.app.texts.version(call.number("version")), plan_of(call)
    for right in rights_to_change(file.text, version.content):
        call.need(right)
    written = call.app.texts.write(
        FILE,
        version.content,
        by=call.by,
        seen=file.fingerprint,
        act="plan.back",
        kind="plan",
        subject=str(version.id),
    )
    now = call.again("plan", written.after)
    return WentBack(changed=written.changed, fingerprint=now.fingerprint)


_VERSION = "/schedules/versions/{version}"
OPERATIONS = (
    Operation(
        "GET",
        "/schedules/versions",
        list_plan_versions,
        Right.LOOK,
        gives=Versions,
        query=PageQuery,
    ),
    Operation("GET", _VERSION, show_plan_version, Right.PLAN, gives=VersionWhole),
    Operation(
        "POST",
        f"{_VERSION}/restore",
        restore_plan_version,
        Right.PLAN,
        gives=WentBack,
        tag=plan_tag,
        slow=True,
    ),
)
