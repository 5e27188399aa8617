"""What is not there has a page that leads to the others, whatever it would have been."""

import pytest

from dispatch.model.team.role import Role
from dispatch.web.team.problems import PLURAL
from team_stage import join, signed_in


@pytest.fixture
def jean(app):
    join(app, "jean", Role.OWNER)
    with signed_in(app, "jean") as jean:
        yield jean


def test_of_each_noun_what_is_not_there_leads_to_those_that_are(jean):
    for noun in PLURAL:
        answer = jean.get(f"/team/{noun}/nowhere")
        assert (noun, answer.status_code) == (noun, 404)
        assert f'href="/team/{noun}"' in answer.text
