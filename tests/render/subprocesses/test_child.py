"""What the process that renders makes of what it is asked."""

from dispatch.errors import TemplateFailed
from dispatch.render.digests.mjml import MrmlGaveUp
from dispatch.render.subprocesses.child import Child
from dispatch.render.subprocesses.request import Request
from dispatch.render.trials.samples import trial_content
from dispatch.subprocesses.messages import FULL


def test_a_panic_is_the_templates_fault_only_where_nothing_was_done_before(monkeypatch):
    def panic(_content):
        raise MrmlGaveUp("not MJML (mrml gave up)")

    exits: list[int] = []
    monkeypatch.setattr("os._exit", exits.append)
    child = Child()
    child._tasks = {"proof": panic}
    request = Request("proof", 1.0, 1, trial_content("own", {}, locale="en"), (), {})

    _, at_first = child.do(request)
    told_at_first = list(exits)
    child.do(request)

    assert isinstance(at_first, TemplateFailed)
    assert (told_at_first, exits) == ([], [FULL])
