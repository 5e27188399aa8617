"""What goes wrong at a tick is known until it works, and stops nothing else."""

from datetime import timedelta

from app_stage import change
from dispatch.config.process.known_database import KnownDatabase
from dispatch.model.workspace.database_identity import Identity
from dispatch.scheduling.feeds import poll_due
from dispatch.scheduling.mails import send_review_mails
from dispatch.scheduling.tick import tick

MINUTE = timedelta(minutes=1)
BROKEN = "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}"


def test_a_template_that_fails_is_known_until_it_is_mended(app, clock, folder):
    tick(app)
    change(folder, "{{", "{{ nothing.at.all }}{{", "templates/weekly/subject.txt")
    clock.advance(MINUTE)
    tick(app)
    broken = app.check_readiness()
    change(folder, "{{ nothing.at.all }}", "", "templates/weekly/subject.txt")
    tick(app)

    assert broken.problems == ("campaign weekly: failed when it was last tried - see the log",)
    assert app.check_readiness().problems == ()


def test_one_campaigns_endless_template_stops_no_other(app, clock, folder):
    change(folder, "{{", BROKEN + "{{", "templates/weekly/subject.txt")
    change(folder, 'every: friday, at: "17:30"', 'every: tuesday, at: "09:00"')
    tick(app)
    clock.advance(MINUTE)

    tick(app)

    with app.store.read() as tx:
        made = {one.campaign for one in tx.editions.latest()}
    assert made == {"bulletin"}


def test_over_a_database_that_is_not_known_nothing_is_done(app, clock, folder, said):
    KnownDatabase(folder).adopt(Identity("another", 7))
    clock.advance(MINUTE)

    tick(app)
    poll_due(app)
    send_review_mails(app)

    with app.store.read() as tx:
        assert tx.editions.latest() == []
        assert tx.posts.counts() == {}
    [line] = said
    assert line["event"] == "database.refused"
    assert "'dispatch db adopt'" in line["problem"]


def test_once_a_person_has_adopted_it_the_service_goes_on_by_itself(app, clock, folder):
    KnownDatabase(folder).adopt(Identity("another", 7))
    tick(app)
    with app.store.read() as tx:
        here = tx.identity.get()
    KnownDatabase(folder).adopt(here)
    clock.advance(MINUTE)

    tick(app)

    with app.store.read() as tx:
        assert len(tx.editions.latest()) == 1
