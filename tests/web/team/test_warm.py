"""What is made ready beside the start."""

from dispatch.model.team.role import Role
from dispatch.web.team.frame import templates
from dispatch.web.team.warm import PAGES, warm_up
from team_stage import join


def test_first_pages_are_made_ready_where_somebody_may_ask_for_them(app):
    templates.cache_clear()
    for_nobody = warm_up(app)
    join(app, "ada", Role.EDITOR)

    for_ada = warm_up(app)

    assert for_nobody is None
    assert for_ada is not None
    for_ada.join()
    ready = {name for _, name in templates().cache or {}}
    assert ready >= {f"team/{page}" for page in (*PAGES, "frame.html")}
