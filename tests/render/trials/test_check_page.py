"""The pages of editions are tried with the template as its mails are."""

import pytest

from dispatch.render.templates.files import load_template
from dispatch.render.trials.check_page import check_page
from reader_mail_stage import TEMPLATES


@pytest.mark.parametrize("name", ["weekly", "bulletin"])
def test_the_templates_of_a_new_workspace_make_pages(name):
    assert check_page(name, load_template(TEMPLATES, name), {}) == []


def test_one_that_makes_no_page_is_told():
    sources = load_template(TEMPLATES, "weekly") | {"digest.mjml": "<mjml><mj-body></mjml>"}

    [problem] = check_page("weekly", sources, {})

    assert problem.startswith("templates/weekly/digest.mjml:1: <mj-body> is not closed")
