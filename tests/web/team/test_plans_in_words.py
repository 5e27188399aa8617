"""Standing plans as the pages tell them, and as their forms read and write them."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from markupsafe import Markup

from app_stage import change, opened, workspace_in
from dispatch.channels.provider import Carries
from dispatch.config.schedules.load import FILE
from dispatch.config.splice.change import Put, Remove
from dispatch.errors import BadInput, NotWritable, StoreUnavailable
from dispatch.model.campaigns.approval import ApprovalRule, Otherwise
from dispatch.model.campaigns.archive import Archive
from dispatch.model.campaigns.cadence import Cadence, CadenceOffer
from dispatch.model.campaigns.campaign import Campaign, EmailPlan, SocialPlan
from dispatch.model.campaigns.days import CronDays, MonthDay, MonthDays, Weekdays, Weeks
from dispatch.model.campaigns.new_posts import NewPosts
from dispatch.model.campaigns.schedule import Schedule
from dispatch.model.campaigns.sending import SendingRule
from dispatch.model.campaigns.sending_hours import QuietHours, SendingHours
from dispatch.model.intake.feed import Feed
from dispatch.model.intake.post import PostRule
from dispatch.model.team.role import Role
from dispatch.pipeline.workspace import write_file
from dispatch.testing.clock import FakeClock
from dispatch.web.team import campaign_fields as fields
from dispatch.web.team import campaign_snippets as snippets
from dispatch.web.team.campaign_words import PlanWords
from dispatch.web.team.times import Times
from dispatch.words.catalogues import team_words_in
from team_stage import join, signed_in

WEEK = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MAIL = EmailPlan("readers", "weekly", "post")
TUESDAYS = Schedule(Weekdays(frozenset({1})), (time(9),), "Europe/Paris")
PLAN = Campaign("letter", ("blog", "old"), "The letter", schedule=TUESDAYS, email=MAIL)
OFFER = CadenceOffer("letter", Cadence.EACH_POST, Cadence.WEEKLY, tuple(Cadence))

MONTHLY = (
    "On the first Monday, the last Friday, day 15, and the last day of every month "
    "at 09:00 and 17:30"
)


def words(locale: str = "en") -> PlanWords:
    times = Times(team_words_in(locale), ZoneInfo("Europe/Paris"), NOW)
    feeds = {"blog": Feed("blog", "https://x.example/", title="The Blog")}
    return PlanWords(times, feeds, {"marie": "Marie Le Goff"}, {"readers": 1})


def on(days) -> Campaign:
    return replace(PLAN, schedule=replace(TUESDAYS, days=days, at=(time(9), time(17, 30))))


def by_hand(**others) -> Campaign:
    return replace(PLAN, schedule=None, **others)


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        (by_hand(), "Only when somebody starts it"),
        (by_hand(new_posts=NewPosts("UTC")), "On each new post"),
        (on(Weekdays(frozenset(range(7)))), "Every day at 09:00 and 17:30"),
        (on(Weekdays(frozenset(range(5)))), "Monday to Friday at 09:00 and 17:30"),
        (on(Weekdays(frozenset({4, 0}))), "Every Monday and Friday at 09:00 and 17:30"),
        (
            on(Weeks(2, frozenset({1}), date(2026, 1, 6))),
            "Tuesday of every 2 weeks at 09:00 and 17:30",
        ),
        (
            on(MonthDays((MonthDay(1, 0), MonthDay(-1, 4), MonthDay(15), MonthDay(-1)))),
            MONTHLY,
        ),
        (
            on(CronDays("0 9 * * tue", frozenset(), frozenset(), frozenset())),
            "By the cron line 0 9 * * tue",
        ),
    ],
)
def test_each_way_to_say_when_has_its_words(plan, told):
    assert words().when(plan) == told


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        (PLAN, "<b>Every Tuesday at 09:00</b> in Paris, from <b>2 feeds</b>"),
        (by_hand(), "<b>Only when somebody starts it</b>, from"),
        (replace(PLAN, posts=PostRule(0)), "<b>with or without new posts</b>."),
        (replace(PLAN, posts=PostRule(2)), "with at least <b>2 new posts</b>."),
        (replace(PLAN, posts=PostRule(0, 1)), "with at most <b>1 new post</b>."),
        (replace(PLAN, posts=PostRule(1, 8)), "with <b>1 to 8 new posts</b>."),
        (PLAN, "It goes as a digest to <b>1 reader</b>."),
        (
            replace(PLAN, email=replace(MAIL, segment="vip")),
            "It goes as a digest to the audience <b>readers</b>.",
        ),
        (
            replace(PLAN, email=replace(MAIL, audience="nobody counted")),
            "It goes as a digest to the audience <b>nobody counted</b>.",
        ),
        (
            replace(PLAN, email=None, social=(SocialPlan("a", "x"), SocialPlan("a", "y"))),
            "It goes as snippets to <b>1 account</b>.",
        ),
        (
            replace(PLAN, social=(SocialPlan("a", "x"), SocialPlan("b", "x"))),
            "It goes as a digest to <b>1 reader</b> and as snippets to <b>2 accounts</b>.",
        ),
        (replace(PLAN, email=None), "new post</b>. Nobody need approve it."),
        (replace(PLAN, approval_needed=True), "<b>Somebody</b> approves it before it leaves."),
        (
            replace(PLAN, approval_needed=True, approval=ApprovalRule((" MARIE", "jean"))),
            "<b>Marie Le Goff or jean</b> approves it before",
        ),
        (
            replace(PLAN, approval_needed=True, approval=ApprovalRule(deadline=2 * HOUR)),
            "until 2 h after its time; otherwise it is skipped.",
        ),
        (
            replace(
                PLAN,
                approval_needed=True,
                approval=ApprovalRule(deadline=3 * DAY, otherwise=Otherwise.SEND),
            ),
            "until 3 days after its time; otherwise it leaves all the same.",
        ),
    ],
)
def test_a_plan_is_a_few_sentences(plan, told):
    assert told in words().sentence(plan)


def test_what_people_wrote_runs_as_no_markup():
    told = words().sentence(replace(PLAN, email=replace(MAIL, audience="<i>", segment="x")))

    assert isinstance(told, Markup)
    assert "<b>&lt;i&gt;</b>" in told


def limited(**limits) -> Campaign:
    return replace(PLAN, schedule=replace(TUESDAYS, **limits))


@pytest.mark.parametrize(
    ("plan", "name", "told"),
    [
        (PLAN, "Feeds", "The Blog and old"),
        (PLAN, "New posts", None),
        (
            replace(PLAN, posts=PostRule(1, 8, HOUR, frozenset({"art", "ink"}))),
            "New posts",
            "held 1 h; the newest 8, the rest wait; only about art and ink",
        ),
        (by_hand(new_posts=NewPosts("UTC", timedelta(0))), "After a new post", None),
        (
            by_hand(new_posts=NewPosts("UTC", 10 * HOUR, 0, 2 * HOUR)),
            "After a new post",
            "10 h after the last, at most 0 a day, 2 h apart",
        ),
        (by_hand(), "Late", None),
        (PLAN, "Late", "at most 6 h, then skipped"),
        (PLAN, "Made ahead by", None),
        (limited(ahead=DAY), "Made ahead by", "24 h"),
        (PLAN, "Quiet hours", None),
        (
            replace(PLAN, sending=SendingRule(SendingHours(QuietHours(time(22), time(7))))),
            "Quiet hours",
            "22:00 to 07:00",
        ),
        (PLAN, "Business days", None),
        (
            replace(PLAN, sending=SendingRule(SendingHours(business_days=True))),
            "Business days",
            "nothing leaves on weekends and days left out",
        ),
        (limited(first=date(2026, 12, 1)), "Runs", "from Tue 1 Dec"),
        (limited(last=date(2027, 1, 5)), "Runs", "until Tue 5 Jan 2027"),
        (
            limited(first=date(2026, 12, 1), last=date(2026, 12, 8)),
            "Runs",
            "from Tue 1 Dec until Tue 8 Dec",
        ),
        (PLAN, "Left out", None),
        (limited(days_off=frozenset({date(2026, 11, 23)})), "Left out", None),
        (
            limited(days_off=frozenset({date(2026, 11, 24), date(2026, 11, 23)})),
            "Left out",
            "Tue 24 Nov",
        ),
        (
            limited(days_off=frozenset(date(2026, 12, day) for day in range(1, 8))),
            "Left out",
            "Tue 1 Dec, Wed 2 Dec, Thu 3 Dec, Fri 4 Dec, Sat 5 Dec, and 2 more days",
        ),
        (replace(PLAN, email=None), "Cadence", None),
        (PLAN, "Cadence", None),
        (replace(PLAN, email=replace(MAIL, offer=OFFER)), "Cadence", "each post"),
        (
            replace(PLAN, email=replace(MAIL, offer=replace(OFFER, cadence=Cadence.WEEKLY))),
            "Cadence",
            "weekly, also for those who chose nothing",
        ),
        (replace(PLAN, email=replace(MAIL, segment="vip")), "Only for", "vip"),
        (
            replace(PLAN, sending=SendingRule(local_time=True)),
            "Hour",
            "at that hour by the clock of each reader",
        ),
        (replace(PLAN, email=replace(MAIL, failover=("b", "c"))), "Steps in", "b and c"),
        (PLAN, "Archive", None),
        (
            replace(PLAN, archive=Archive.UNLISTED),
            "Archive",
            "on the web, for whoever has the link",
        ),
    ],
)
def test_what_else_there_is_to_say_is_a_list(plan, name, told):
    found = {label: text for _, label, text in words().facts(plan)}

    assert found.get(name) == told


def test_another_language_has_its_own_way():
    every_day = replace(PLAN, schedule=replace(TUESDAYS, days=Weekdays(frozenset(range(7)))))

    assert words("fr").joined(["a", "b"]) == "a et b"
    assert words("fr").when(every_day) != words().when(every_day)


@pytest.mark.parametrize(
    ("tree", "shown"),
    [
        (
            {"schedule": {"on": "new post", "per_day": 3}},
            {"kind": "new post", "per_day": "3", "days": ""},
        ),
        ({"schedule": {"cron": "0 9 * * *"}}, {"kind": "cron", "cron": "0 9 * * *"}),
        (
            {"schedule": {"every": "month", "on": ["15", "last day"]}},
            {"kind": "month", "on": "15, last day"},
        ),
        (
            {"schedule": {"every": "3 weeks", "on": ["monday", "friday"]}},
            {"kind": "weeks", "weeks": "3", "days": "monday, friday"},
        ),
        (
            {"schedule": {"every": ["someday", "sunday", "weekday", 7], "at": ["09:00", "10:00"]}},
            {
                "kind": "days",
                "at": "09:00, 10:00",
                "days": "monday, tuesday, wednesday, thursday, friday, sunday",
            },
        ),
        ({}, {"kind": "hand", "title": "", "has_email": ""}),
        ({"title": True}, {"title": "yes"}),
        (
            {"feeds": [True, None, False]},
            {"feeds": "true, , false"},
        ),
    ],
)
def test_a_form_shows_what_the_file_says(tree, shown):
    found = fields.values_of(tree)

    assert {key: found[key][: len(text)] for key, text in shown.items()} == shown


FAMILY = {"cadences": {"default": "weekly", "weekly": {}, "monthly": {"schedule": {"cron": "x"}}}}


@pytest.mark.parametrize(
    ("tree", "typed", "social", "written"),
    [
        (FAMILY, {"default": "monthly"}, None, [Put(("cadences", "default"), "monthly")]),
        (
            FAMILY,
            {"monthly.kind": "hand"},
            None,
            [Remove(("cadences", "monthly", "schedule"))],
        ),
        (
            FAMILY,
            {"monthly.late": "2h"},
            None,
            [Put(("cadences", "monthly", "schedule", "late"), "2h")],
        ),
        ({"email": {"audience": "x"}}, {"has_email": ""}, None, [Remove(("email",))]),
        ({"email": {"audience": "x"}}, {"audience": "y"}, None, [Put(("email", "audience"), "y")]),
        ({}, {"audience": "y"}, None, []),
        ({}, {}, [], [Remove(("social",))]),
        ({}, {}, [{"via": "a"}], [Put(("social",), [{"via": "a"}])]),
        (
            {"approval": {"needed": True}},
            {"needed": ""},
            None,
            [Put(("approval", "needed"), False)],
        ),
        (
            {"approval": {"other_than_author": True}},
            {"other_than_author": ""},
            None,
            [Remove(("approval", "other_than_author"))],
        ),
        ({"posts": {"at_most": 3}}, {"at_most": ""}, None, [Remove(("posts", "at_most"))]),
        ({}, {"at_most": "many"}, None, [Put(("posts", "at_most"), "many")]),
        ({}, {"by": "marie"}, None, [Put(("approval", "by"), "marie")]),
        (
            {"schedule": {"every": "month", "on": "15", "at": "09:00"}},
            {"kind": "days", "days": "monday, tuesday, wednesday, thursday, friday", "on": ""},
            None,
            [Put(("schedule", "every"), "weekday"), Remove(("schedule", "on"))],
        ),
        (
            {"schedule": {"every": "monday", "at": "09:00"}},
            {"kind": "weeks", "days": "monday, friday"},
            None,
            [
                Put(("schedule", "every"), "2 weeks"),
                Put(("schedule", "on"), ["monday", "friday"]),
            ],
        ),
        (
            {"schedule": {"cron": "x"}},
            {"kind": "new post", "per_day": "few", "debounce": "5m"},
            None,
            [
                Put(("schedule", "on"), "new post"),
                Put(("schedule", "debounce"), "5m"),
                Put(("schedule", "per_day"), "few"),
                Remove(("schedule", "cron")),
            ],
        ),
    ],
)
def test_only_fields_that_are_another_are_written(tree, typed, social, written):
    was = fields.values_of(tree)

    found = fields.changes("letter", tree, was, was | typed, social)

    top = ("campaigns", "letter")
    assert found == [replace(one, path=(*top, *one.path)) for one in written]


@pytest.mark.parametrize(
    ("key", "field"),
    [
        ("campaigns.letter.posts.hold", "hold"),
        ("campaigns.letter.feeds[1]", "feeds"),
        ("campaigns.letter.schedule.every", "days"),
        ("campaigns.letter.schedule", "days"),
        ("campaigns.letter.schedule.timezone", "timezone"),
        ("campaigns.letter.cadences.monthly.schedule.at", "monthly.at"),
        ("campaigns.letter.cadences.default", "default"),
        ("campaigns.letter.cadences", "default"),
        ("campaigns.letter.social", "social"),
        ("campaigns.letter.social[1]", "social1.via"),
        ("campaigns.letter.social[1].each", "social1.each"),
        ("campaigns.letter.email", "audience"),
        ("campaigns.letter.approval", "needed"),
        ("campaigns.letter.posts", "at_least"),
        ("campaigns.letter.brand", ""),
        ("campaigns.letter", ""),
        ("campaigns.other.title", ""),
        ("feeds.blog", ""),
    ],
)
def test_a_problem_in_the_file_belongs_to_a_field(key, field):
    assert fields.field_of(key, "letter") == field


def test_what_a_form_has_no_field_for_is_named():
    known = {"title": "x", "schedule": {"every": "day", "x": 1}, "brand": {"color": "red"}}

    assert fields.others(known) == ["schedule.x", "brand.color"]
    assert not fields.others(FAMILY)
    assert fields.others("a word") == []


def test_snippets_keep_what_the_form_does_not_know():
    tree = {
        "social": [{"via": "a", "template": "t", "alt": "x"}, "no snippet", {"each": "edition"}]
    }
    rows = [{**one, "on": "yes"} for one in snippets.shown(tree)]

    assert [one["via"] for one in rows] == ["a", "outbox"]
    assert snippets.written(tree, rows) == [tree["social"][0], tree["social"][2]]
    rows[0] |= {"template": "", "via": "b"}
    rows[1]["on"] = ""
    added = {"at": "", "via": "c", "template": "t", "each": "post", "on": "yes"}
    assert snippets.written(tree, [*rows, added]) == [
        {"via": "b", "alt": "x"},
        {"via": "c", "template": "t"},
    ]


BY_HAND = """\
  now:
    title: Now and then
    feeds: [atelier]
    social: [{template: weekly}]
  daily:
    feeds: [atelier]
    schedule: {every: day, at: "09:00"}
    email: {audience: readers, template: weekly}
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory, migrated_sqlite):
    folder = workspace_in(tmp_path_factory.mktemp("plans") / "letters", migrated_sqlite)
    change(folder, "  bulletin:", BY_HAND + "  bulletin:")
    with opened(folder, FakeClock()) as app:
        join(app, "jean", Role.OWNER)
        with signed_in(app, "jean") as browser:
            yield SimpleNamespace(
                app=app, folder=folder, browser=browser, file=folder / "schedules.yaml"
            )


@pytest.fixture
def before(house):
    """What the file says, and says again after the test."""
    text = house.file.read_text()
    yield text
    house.file.write_text(text)


def test_a_plan_without_mails_or_a_schedule_has_its_pages(house):
    listed = house.browser.get("/team/campaigns?q=THEN").text
    page = house.browser.get("/team/campaigns/now")
    of_none = house.browser.get("/team/campaigns/now/simulate")
    of_no_posts = house.browser.get("/team/campaigns/daily/simulate?weeks=52")

    assert "Now and then" in listed
    assert "bulletin" not in listed.split("<tbody>")[1]
    assert "<b>Only when somebody starts it</b>" in page.text
    assert "as snippets to <b>1 account</b>" in page.text
    assert "has no schedule, so there are no slots" in of_none.text
    assert "no post yet" in of_no_posts.text


def alert(page) -> str:
    """What is said to be wrong, above a form."""
    return page.text.rpartition('role="alert"')[2].partition("</ul>")[0]


def form(house, **others: str) -> dict[str, str]:
    """What the form of a campaign posts that has a hold more."""
    tree = fields.values_of({"feeds": ["atelier"], "schedule": {"every": "day", "at": "09:00"}})
    tree |= {"has_email": "yes", "audience": "readers", "template": "weekly", "days": WEEK}
    seen = house.app.texts.plan.fingerprint
    posted = {key: text for key, text in tree.items() if text}
    return posted | {"seen": seen, "hold": "30m"} | others


@pytest.mark.parametrize("was", ["[1]", "{", "7", '{"social": 7}', '{"social": [1]}'])
def test_a_form_that_brings_nonsense_along_is_read_by_the_file(house, was):
    answer = house.browser.post("/team/campaigns/daily/edit", data=form(house, was=was, look="y"))

    assert answer.status_code == 200
    assert "<ins>+    posts: {hold: 30m}" in answer.text


def test_a_file_that_changes_while_it_is_saved_is_shown(house, before, monkeypatch):
    texts, write = house.app.texts, house.app.texts.change_plan
    posted = form(house, save="yes")

    def late(*args, **named):
        change(house.folder, "title: Now and then", "title: Now")
        return write(*args, **named)

    monkeypatch.setattr(texts, "change_plan", late)
    answer = house.browser.post("/team/campaigns/daily/edit", data=posted)

    assert answer.status_code == 409
    assert "title: Now and then" in answer.text
    assert house.file.read_text() == before.replace("title: Now and then", "title: Now")


def test_a_disk_that_takes_nothing_is_said_above_the_form(house, monkeypatch):
    def full(*_args, **_named):
        raise NotWritable("schedules.yaml: the disk is full - free some space")

    monkeypatch.setattr(house.app.texts, "change_plan", full)
    answer = house.browser.post("/team/campaigns/daily/edit", data=form(house, save="yes"))

    assert "the disk is full" in answer.text
    assert "hold: 30m" not in house.file.read_text()


def test_a_campaign_that_has_left_the_file_is_not_there(house, before):
    house.file.write_text(before.replace(BY_HAND, ""))

    answer = house.browser.get("/team/campaigns/daily/edit")

    assert answer.status_code == 404


def test_a_version_that_is_in_no_order_is_not_gone_back_to(house, before):
    with house.app.store.begin() as tx:
        tx.file_versions.add(
            FILE, "timezone: nowhere\n", "of nowhere", by="", now=house.app.clock()
        )
    number, seen = house.app.texts.versions()[0].id, house.app.texts.plan.fingerprint

    answer = house.browser.post(f"/team/schedules/versions/{number}", data={"seen": seen})

    assert answer.status_code == 422
    assert "unknown time zone &#39;nowhere&#39;" in alert(answer)
    assert house.file.read_text() == before
    for wrong in ("x", "0", "9" * 30):
        assert house.browser.get(f"/team/schedules/versions/{wrong}").status_code == 404


def test_only_accounts_that_take_snippets_are_offered(house):
    channels = house.app.workspace.channels
    others = {one: replace(channels["outbox"], provider=one) for one in ("gone", "smtp")}

    found = snippets.carrying(SimpleNamespace(channels=others | channels), Carries.SOCIAL)

    assert found == snippets.carrying(house.app.workspace, Carries.SOCIAL)
    assert "outbox" in found


NOTE = "templates/weekly/note.txt"


def note(house, text: str) -> None:
    write_file.write_file(
        NOTE,
        text,
        folder=house.folder,
        seen=None,
        act=write_file.Act(name="note", kind="text", subject=NOTE),
        by="jean",
        store=house.app.store,
        now=house.app.clock(),
    )


@pytest.mark.parametrize("meanwhile", ["", "by somebody else"])
def test_a_new_file_goes_again_where_the_database_does_not_keep_it(house, monkeypatch, meanwhile):
    file, put = house.folder / NOTE, write_file._put
    file.unlink(missing_ok=True)

    def then_away(path, text):
        put(path, meanwhile or text)
        raise StoreUnavailable("the database does not answer")

    monkeypatch.setattr(write_file, "_put", then_away)
    with pytest.raises(StoreUnavailable):
        note(house, "ours")

    assert (file.read_text() if file.exists() else "") == meanwhile
    assert not house.app.texts.versions(NOTE)


def test_what_is_no_text_is_not_written_over(house):
    file = house.folder / NOTE
    file.write_bytes(b"\xff\xfe")

    with pytest.raises(BadInput):
        note(house, "ours")

    assert file.read_bytes() == b"\xff\xfe"


def test_a_folder_that_may_only_be_read_says_so(house, monkeypatch):
    asked = []

    def closed(path, mode):
        asked.append((path, mode))
        return False

    monkeypatch.setattr(write_file.os, "access", closed)
    told = write_file.why_not(house.folder, "templates/none/here/a.txt", edit_files=True)

    assert told.startswith("templates/none/here/a.txt: its folder may only be read")
    assert asked == [(house.folder.resolve() / "templates", write_file.os.W_OK)]


def test_a_template_that_is_not_there_is_wrong_at_its_field(house):
    answer = house.browser.post(
        "/team/campaigns/daily/edit", data=form(house, template="none", save="yes")
    )

    assert answer.status_code == 422
    assert 'href="#template"' in alert(answer)
    assert "none" in alert(answer)
