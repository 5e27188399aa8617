"""The steps beside the ticks: when they may work, what they say, and what stops none of them."""

from contextlib import contextmanager, nullcontext
from threading import Event
from types import SimpleNamespace

import httpx
import pytest
import structlog

from cli.dispatch_command import DispatchCommand
from dispatch import descriptors
from dispatch.cli.process import up
from dispatch.errors import BadInput
from dispatch.scheduling import attempts, editions, feeds, mails, people, runs
from dispatch.scheduling.due import Waiting
from dispatch.scheduling.expecting import LONGEST
from dispatch.scheduling.tick import tick


class Pulse:
    """Remembers what worked and what failed."""

    def __init__(self) -> None:
        self.known: list[tuple[str, str]] = []

    def worked(self, what: str) -> None:
        self.known.append((what, "worked"))

    def failed(self, what: str, why: str) -> None:
        self.known.append((what, why))


def raising(error):
    def call(*_given, **_more):
        raise error

    return call


class Reports(SimpleNamespace):
    """A report whose sentence is its problem."""

    def __str__(self) -> str:
        return self.problem


MAIL = SimpleNamespace(
    id=7, edition_id="e1", address="ada@example.org", about=SimpleNamespace(value="confirm")
)
OF_ALL = {"reader_mail": MAIL, "team_mail": MAIL, "review_mail": MAIL, "campaign": "weekly"}
CAME = (Reports(problem="", **OF_ALL), Reports(problem="refused", **OF_ALL))
HUBS = (Reports(problem="", feed="blog"), Reports(problem="no hub", feed="shop"))


@pytest.fixture
def service():
    """What a step uses of the app: everything is due, and one of two things fails."""
    uploads = iter([True, True, False])
    return SimpleNamespace(
        stopping=Event(),
        pulse=Pulse(),
        check_database=lambda: None,
        editions=SimpleNamespace(send_review_mails=lambda: CAME, check_links=lambda: 3),
        reader_mails=SimpleNamespace(are_due=lambda: True, send=lambda: CAME),
        signing_in=SimpleNamespace(mails_are_due=lambda: True, send_mails=lambda: CAME),
        uploads=SimpleNamespace(are_due=lambda: True, work=lambda: next(uploads)),
        intake=SimpleNamespace(
            renew_subscriptions=lambda: HUBS, make_feeds_due=lambda: None, poll_due=lambda: ()
        ),
    )


ALL = {
    feeds.check_links: ("links", []),
    feeds.poll_due: ("polling", []),
    feeds.renew_subscriptions: ("hubs", ["websub.request_failed"]),
    mails.send_review_mails: ("reviewers", ["review_mail.accepted", "review_mail.failed"]),
    mails.send_reader_mails: ("readers' mails", ["reader_mail.accepted", "reader_mail.failed"]),
    mails.send_team_mails: ("mails to the team", ["team_mail.accepted", "team_mail.failed"]),
    people.work_on_uploads: ("files of people", []),
}
every_step = pytest.mark.parametrize("step", ALL)


@every_step
def test_each_says_what_came_of_it_and_is_known_to_work(service, said, step):
    name, events = ALL[step]

    step(service)

    assert service.pulse.known == [(name, "worked")]
    assert [line["event"] for line in said] == events


@every_step
@pytest.mark.parametrize("why", ["told to stop", "another database"])
def test_none_works_once_it_is_to_stop_or_over_a_database_that_is_not_known(
    service, said, step, why
):
    if why == "told to stop":
        service.stopping.set()
    else:
        service.check_database = raising(BadInput([why]))

    step(service)

    assert service.pulse.known == said == []


@pytest.mark.parametrize(
    ("step", "asked", "question"),
    [
        (mails.send_reader_mails, "reader_mails", "are_due"),
        (mails.send_team_mails, "signing_in", "mails_are_due"),
        (people.work_on_uploads, "uploads", "are_due"),
    ],
)
def test_what_cannot_even_be_asked_is_for_the_next_tick_to_say(
    service, said, step, asked, question
):
    for answer in (lambda: False, raising(BadInput(["the database is away"]))):
        setattr(getattr(service, asked), question, answer)
        step(service)

    assert service.pulse.known == said == []


@pytest.mark.parametrize(
    ("error", "why", "event"),
    [
        (BadInput(["a key is wrong"]), "a key is wrong", "step.failed"),
        (ZeroDivisionError(), "ZeroDivisionError", "step.crashed"),
    ],
)
def test_trouble_is_said_and_known_and_goes_no_further(service, said, error, why, event):
    service.editions.check_links = raising(error)

    feeds.check_links(service)

    assert service.pulse.known == [("links", why)]
    assert [(line["event"], line["step"]) for line in said] == [(event, "links")]


def test_a_file_of_people_is_left_where_it_is_once_the_service_is_to_stop(service):
    worked = []
    service.uploads.work = lambda: worked.append(1) or service.stopping.set() or True

    people.work_on_uploads(service)

    assert worked == [1]


def test_a_tick_ends_between_two_steps_once_it_is_told_to_stop(app, said):
    asked = []
    reload, app.reload_if_changed = app.reload_if_changed, lambda: asked.append(app.stopping.set())
    try:
        tick(app)
    finally:
        app.reload_if_changed = reload

    assert asked == [None]
    with app.store.read() as tx:
        assert tx.editions.latest() == []
        assert tx.reader_counts.latest() == {}


@pytest.mark.parametrize(
    ("come", "events"),
    [
        ({"edition": SimpleNamespace(id="e1"), "welcomed": 2, "dropped": 0}, ["welcome.made"]),
        ({"edition": None, "welcomed": 0, "dropped": 3}, ["welcome.dropped"]),
        (
            {"edition": SimpleNamespace(id="e1"), "welcomed": 2, "dropped": 1},
            ["welcome.dropped", "welcome.made"],
        ),
    ],
)
def test_who_is_welcomed_and_who_is_not_is_told(said, come, events):
    report = SimpleNamespace(campaign="weekly", reason="not for them", **come)
    app = SimpleNamespace(delivery=SimpleNamespace(make_welcomes=lambda: [report]))

    editions.welcome(app)

    assert [line["event"] for line in said] == events
    assert all(line["readers"] for line in said)


def test_a_feed_that_says_nothing_any_more_or_too_much_is_told(said):
    kept = SimpleNamespace(new=2)
    of = {"feed": "blog", "kept": kept, "problem": "", "over_limit": "", "silent": ""}
    for change in ({}, {"problem": "404"}, {"silent": "for a year"}, {"over_limit": "9 MB"}):
        feeds.tell_poll(SimpleNamespace(**of | change))

    assert [line["event"] for line in said] == [
        "feed.polled",
        "feed.failed",
        "feed.polled",
        "feed.silent",
        "feed.polled",
        "feed.page_over_limit",
    ]


def test_those_who_have_lapsed_are_erased_and_counted_in_the_log(said):
    numbers = iter([0, 4])
    app = SimpleNamespace(people=SimpleNamespace(erase_lapsed=lambda: next(numbers)))
    for _ in range(2):
        people.erase_lapsed(app)

    assert [(line["event"], line["readers"]) for line in said] == [("people.erased", 4)]


def test_no_campaign_is_begun_and_nothing_addressed_once_it_is_to_stop(app, clock):
    clock.advance(LONGEST)
    app.stopping.set()

    runs.run_due(app, Waiting())
    editions.address(app)

    with app.store.read() as tx:
        assert tx.editions.latest() == []


def test_what_was_approved_waits_where_the_service_is_to_stop(app):
    list(app.intake.poll(app.workspace.feeds))
    campaign = app.campaign("weekly")
    made = app.editions.compose(campaign, app.editions.this_slot(campaign)).edition
    app.stopping.set()

    editions.address(app)

    with app.store.read() as tx:
        assert [one for one, _ in tx.editions.to_address(app.clock())] == [made.id]


def test_a_run_says_what_is_wrong_in_files_of_people_and_raises_what_kept_it(said):
    problem = "readers.csv:3: no address"
    file = SimpleNamespace(problems=[problem])
    report = SimpleNamespace(
        imports=[SimpleNamespace(file=file)], polls=(), errors=[BadInput(["no room"])]
    )
    making = SimpleNamespace(make_edition=lambda *_: report)

    with pytest.raises(BadInput, match="no room"):
        runs._make(SimpleNamespace(campaigns=making), SimpleNamespace(name="weekly"), None)

    assert [(line["event"], line["problem"]) for line in said] == [("subscribers.problem", problem)]


def test_files_that_nobody_has_changed_have_no_trouble_of_their_own_in_the_pulse(service, said):
    attempts.attempt(service, "", raising(BadInput(["schedules.yaml:3: no"])))

    assert service.pulse.known == []
    assert [line["step"] for line in said] == ["schedules.yaml"]


@pytest.mark.parametrize(
    ("words", "most"),
    [
        (("worker", "--processes", "2"), "2 processes"),
        (("worker", "--threads", "1"), "1 process"),
        (("up", "--role", "worker"), "4 processes"),
    ],
)
def test_a_worker_alone_works_until_it_is_told_to_stop(folder, capsys, monkeypatch, words, most):
    @contextmanager
    def stopping_at_once():
        yield lambda stop: stop()

    monkeypatch.setattr(up, "stopping_at_signals", stopping_at_once)
    monkeypatch.setattr(descriptors, "raise_limit", lambda: None)  # it would be ours
    try:
        ended = DispatchCommand(folder, capsys, monkeypatch)(*words)
    finally:
        structlog.reset_defaults()

    assert ended.code == 0
    assert f"a worker with up to {most} is up - stop it" in ended.err
    assert "stopping after the hand-over under way" in ended.err


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (lambda: "abc-def", "/team/first with the code abc-def"),
        (lambda: "", ""),
        (raising(BadInput(["the database is another"])), ""),
    ],
)
def test_how_the_first_owner_joins_is_said_while_there_is_nobody(capsys, code, said):
    publisher = SimpleNamespace(public_url="https://news.example/letter/")
    app = SimpleNamespace(
        signing_in=SimpleNamespace(code_for_first_owner=code),
        workspace=SimpleNamespace(publisher=publisher),
    )

    up._say_code(app, "http://127.0.0.1:8025")

    shown = capsys.readouterr().err
    assert shown.rstrip().endswith(f"http://127.0.0.1:8025/letter{said}" if said else "")
    assert bool(shown) is bool(said)


def test_the_pages_alone_are_served_by_a_process_that_does_no_other_work(
    folder, capsys, monkeypatch
):
    where, answers = [], []
    monkeypatch.setattr(descriptors, "raise_limit", lambda: None)
    monkeypatch.setattr(up, "_say_code", lambda _, address: where.append(address))
    monkeypatch.setattr(up, "_wait", lambda _: answers.append(httpx.get(f"{where[0]}/health")))
    try:
        ended = DispatchCommand(folder, capsys, monkeypatch)("up", "--role", "web", "--port", "0")
    finally:
        structlog.reset_defaults()

    assert ended.code == 0
    assert f"dispatch is up on {where[0]}" in ended.err
    assert [one.status_code for one in answers] == [200]
    assert "a worker" not in ended.err


def test_no_campaign_is_asked_for_news_once_the_service_is_to_stop(service):
    asked = []
    campaign = SimpleNamespace(name="news", new_posts=True)
    service.workspace = SimpleNamespace(campaigns={"news": campaign})
    news = SimpleNamespace(numbers=lambda: {"blog": 1})
    service.store = SimpleNamespace(read=lambda: nullcontext(SimpleNamespace(news=news)))
    service.clock = lambda: asked.append(service.stopping.set())

    runs.answer_news(service, SimpleNamespace(pick=lambda *_, **__: [campaign]))

    assert asked == [None]  # the time was asked for once, to pick it
    assert service.pulse.known == []
