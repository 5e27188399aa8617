"""The page of a preview: what does not fit its network is red, and told to who asked."""

from dataclasses import replace

from dispatch.model.campaigns.campaign import SocialPlan
from dispatch.pipeline.editions.preview import Preview
from dispatch.render.texts import Snippet
from dispatch.testing.samples import a_post
from dispatch.web.preview_page import preview_page
from render.render_samples import PLAIN, an_edition


def test_what_does_not_fit_is_shown_and_told_in_sentences(app, monkeypatch):
    takes = app.channels.takes
    limited = {"bird": 10}
    monkeypatch.setattr(
        app.channels,
        "takes",
        lambda name: type(takes(name))("bird", limited.get(name)),
    )
    plans = (SocialPlan("bird", PLAIN), SocialPlan("herd", PLAIN))
    made = replace(an_edition(PLAIN, [a_post(1)], locale="en"), social=plans)
    long = Snippet("1", "x" * 13 + " <b>", "", "A title", None, "", (), too_many=7)

    page = preview_page(made, Preview(None, {"bird": (long,)}, {"herd": "a link is longer"}), app)

    assert page.wrong == (
        "snippets/bird-01.txt: 7 characters too many - shorten it, or let its template use 'fit'",
        "a link is longer",
    )
    assert "7 characters too many" in page.html
    assert "2 snippets do not fit their networks." in page.html
    assert "a link is longer" in page.html
    assert "&lt;b&gt;" in page.html
    assert page.html.startswith("<!doctype html>")
