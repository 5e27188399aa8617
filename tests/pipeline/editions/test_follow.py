"""Since when campaigns follow their feeds."""

from datetime import timedelta

import pytest

from app_stage import change, opened, workspace_in

DAY = timedelta(days=1)
LATER = """\
  later:
    feeds: [spare]
    email: {audience: readers, template: weekly}
"""


@pytest.fixture
def app(tmp_path, migrated_sqlite, clock):
    folder = workspace_in(tmp_path / "letters", migrated_sqlite)
    spare = '  spare: {url: "file:samples/notebook.atom.xml", backfill: 3}\n'
    change(folder, "feeds:\n", f"feeds:\n{spare}")
    with opened(folder, clock) as app:
        list(app.people.import_files())
        list(app.intake.poll(app.workspace.feeds))
        yield app


def named(app):
    change(app.folder, "campaigns:\n", f"campaigns:\n{LATER}")
    app.reload_if_changed()
    return app.campaign("later")


def test_the_first_campaign_that_names_a_feed_has_the_posts_that_waited_for_it(app, clock):
    clock.advance(2 * DAY)

    edition = app.campaigns.run(named(app)).edition

    assert len(edition.content.posts) == 3


def test_not_those_that_waited_for_longer_than_a_week(app, clock):
    clock.advance(8 * DAY)

    assert app.campaigns.run(named(app)).edition is None


def test_a_campaign_that_names_what_another_follows_begins_with_what_comes_then(app, clock):
    clock.advance(DAY)
    named(app)
    change(app.folder, "feeds: [spare]", "feeds: [atelier]")
    app.reload_if_changed()

    assert app.campaigns.run(app.campaign("later")).edition is None
