"""The page of a reader's choices: looking changes nothing, each button does what it says."""

import re
from datetime import timedelta
from html import unescape

import pytest
from starlette.testclient import TestClient

from app_stage import opened
from dispatch.model.campaigns.schedule import slot_at
from dispatch.model.people.reader_mail import Topic
from dispatch.model.people.subscriber import NOBODY, Consent, SubscriptionState
from dispatch.pipeline.people.erase_person import erase_person
from dispatch.pipeline.people.leave import leave
from dispatch.pipeline.people.suppress import suppress_address
from dispatch.web.routes import new_web

ENGLISH, FRENCH = "reader@readers.example", "camille.moreau@readers.example"
WORKSPACE = """\
campaigns:
  letter:
    title: The Atelier Letter
    feeds: [atelier]
    email: {audience: readers, template: weekly}
    cadences:
      default: monthly
      each post: {schedule: {every: day, at: "08:00"}}
      weekly: {schedule: {every: tuesday, at: "09:00"}}
      monthly: {schedule: {every: month, on: 1st, at: "09:00"}}
  notes:
    title: Le Carnet
    feeds: [atelier]
    schedule: {every: friday, at: "09:00"}
    email: {audience: notes, template: weekly}
audiences:
  notes: {about: One drawing and its story.}
forms:
  newsletter:
    audiences: [readers]
    fields: [topics: {choices: [AI, Drawing]}]
"""
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def app(folder, clock):
    file = folder / "schedules.yaml"
    text = file.read_text()
    file.write_text(text[: text.index("campaigns:")] + WORKSPACE)
    with opened(folder, clock) as app:
        list(app.people.import_files())
        yield app


@pytest.fixture
def person(app):
    """Somebody as they are now."""

    def person(email: str = ENGLISH):
        with app.store.read() as tx:
            return tx.subscribers.find(email)

    return person


@pytest.fixture
def path(app, person):
    """The path of somebody's page."""

    def path(email: str = ENGLISH, version: int | None = None) -> str:
        reader = person(email)
        version = reader.link_version if version is None else version
        token = app.tools.links.preferences_tokens("readers", version)(reader.public_id)
        return f"/preferences/{token}"

    return path


@pytest.fixture
def stands(app, person):
    """Audience to state, and what is on record since the beginning."""

    def stands(email: str = ENGLISH):
        with app.store.read() as tx:
            reader = person(email)
            states = {one.audience: one.state for one in tx.consents.standing(reader.id).values()}
            return states, [(one.audience, one.state) for one in tx.record.words(reader.id)][1:]

    return stands


def said(answer) -> str:
    return unescape(answer.text)


def test_looking_shows_what_there_is_and_changes_nothing(app, browser, path, person, stands):
    before = person()
    old = f"/cadence/{app.tools.links.cadence_token(before.public_id, 'readers')}"

    pages = [browser.get(one) for one in (path(), old, path() + "?done=saved&lang=en")]

    for answer in pages:
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers
        assert 'name="letter.readers" value="monthly" checked' in said(answer)
        assert 'name="letter.readers" value="end"' in said(answer)
        assert 'name="join.notes"' in said(answer)
        assert "One drawing and its story." in said(answer)
        assert all(f'name="topic" value="{one}"' in said(answer) for one in ("AI", "Drawing"))
        assert '<option value="Asia/Kathmandu">' in said(answer)
        assert ENGLISH in said(answer)
    assert (person(), stands()[1]) == (before, [])


def test_a_page_says_itself_in_the_reader_s_language(browser, path):
    page = said(browser.get(path(FRENCH)))

    assert "Ce que vous recevez, et à quelle fréquence" in page
    assert 'value="fr" lang="fr" selected>Français' in page
    assert '<option value="Europe/Paris">Europe/Paris</option>' in page


def test_all_that_is_filled_in_counts_and_the_same_again_changes_nothing_more(
    browser, path, person, stands
):
    form = {
        "do": "save",
        "letter.readers": "weekly",
        "join.notes": "yes",
        "topics": "shown",
        "topic": ["Drawing", "nonsense"],
        "name": "  Ada   Lovelace ",
        "locale": "fr",
        "timezone": "Asia/Tokyo",
    }

    answers = [browser.post(path(), data=form) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert "Vos choix sont enregistrés." in said(answers[1])
    reader = person()
    assert (reader.cadence, reader.topics, reader.name) == ("weekly", ("Drawing",), "Ada Lovelace")
    assert (reader.locale, reader.timezone) == ("fr", "Asia/Tokyo")
    states, words = stands()
    assert states == dict.fromkeys(("notes", "readers"), SubscriptionState.ACTIVE)
    assert words == [("", "chose"), ("notes", "active")]


def test_no_file_takes_back_what_a_reader_said_of_themselves(app, browser, path, person):
    browser.post(path(FRENCH), data={"name": "Moi", "topics": "shown", "timezone": "Asia/Tokyo"})
    list(app.people.import_files())

    reader = person(FRENCH)

    assert (reader.name, reader.topics, reader.timezone) == ("Moi", (), "Asia/Tokyo")


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        ("", FORM, 422),
        ("cadence=", FORM, 422),
        ("cadence=daily", FORM, 422),
        ("letter.readers=daily", FORM, 422),
        ("cadence=<b>", FORM, 422),
        ("do=save", FORM, 422),
        ("cadence=weekly&cadence=weekly", FORM, 422),
        ("letter.readers=weekly&letter.readers=end", FORM, 422),
        ("&".join(f"a{number}=1" for number in range(400)), FORM, 422),
        ("cadence=%FFweekly", FORM, 422),
        (b"cadence=weekly\xff", FORM, 422),
        (b"\x00\xff" * 500, FORM, 422),
        ("cadence=" + "weekly" * 5_000, FORM, 413),
        ('{"cadence": "weekly"}', "application/json", 422),
        ("cadence=weekly", "text/plain", 422),
        ("cadence=weekly", "multipart/form-data; boundary=x", 422),
        ("do=pause", FORM, 422),
        ("do=pause&weeks=day&day=yesterday", FORM, 422),
        ("do=pause&weeks=day&day=2026-11-24", FORM, 422),
        ("do=pause&weeks=day&day=2028-11-24", FORM, 422),
        ("do=address&email=nonsense", FORM, 422),
        (f"do=address&email={ENGLISH.upper()}", FORM, 422),
    ],
)
def test_what_is_no_choice_changes_nothing_and_asks_again(
    browser, path, person, stands, *, body, kind, expected
):
    before = person()

    answer = browser.post(path(), content=body, headers={"Content-Type": kind})

    assert answer.status_code == expected
    assert "Nothing was changed." in said(answer)
    assert 'role="alert"' in answer.text
    assert (person(), stands()[1]) == (before, [])


def test_not_at_all_leaves_and_the_page_after_it_can_take_that_back(browser, path, stands):
    left = browser.post(path(), data={"letter.readers": "end", "name": "Ada"})
    assert stands()[0] == {"readers": SubscriptionState.ENDED}
    assert "You are unsubscribed." in said(left)
    undo = re.search(r'action="([^"]+/undo)".*?name="undo" value="(\w+)"', left.text)

    for _ in range(2):
        back = browser.post(undo[1], data={"undo": undo[2]})

        assert "You are back." in said(back)
        assert stands()[0] == {"readers": SubscriptionState.ACTIVE}
    assert [what for _, what in stands()[1]] == ["chose", "ended", "active"]


def test_leaving_altogether_ends_all_of_it(browser, path, stands):
    browser.post(path(), data={"join.notes": "yes"})

    answer = browser.post(path(), data={"do": "leave"})

    assert "The Atelier Letter" in said(answer)
    assert "Le Carnet" in said(answer)
    assert set(stands()[0].values()) == {SubscriptionState.ENDED}
    again = browser.get(path())
    assert "At the moment you get nothing from us." in said(again)
    assert 'name="join.readers"' in again.text


def test_a_pause_begins_and_ends_by_a_button(browser, path, stands):
    paused = browser.post(path(), data={"do": "pause", "weeks": "4"})

    assert "Paused until Tuesday, 22 December 2026." in said(paused)
    assert stands()[0] == {"readers": SubscriptionState.PAUSED}
    browser.post(path(), data={"do": "pause", "weeks": "day", "day": "2027-01-02"})
    resumed = browser.post(path(), data={"do": "resume"})
    assert "The pause is over" in said(resumed)
    assert [what for _, what in stands()[1]] == ["paused", "paused", "resumed"]


def test_a_new_address_is_asked_and_counts_once_it_is_confirmed(app, browser, path, person, clock):
    old = path()
    public_id = person().public_id
    asked = browser.post(old, data={"do": "address", "email": "New@Readers.Example"})
    assert "We have written to your new address." in said(asked)
    assert person().email == ENGLISH
    with app.store.read() as tx:
        [mail] = tx.reader_mails.due(now=clock(), limit=9)
    confirm = app.tools.links.new_address_url(mail.subject_id).partition(".example")[2]

    assert person("new@readers.example") is None
    looked = browser.get(confirm)
    assert "New@Readers.Example" in said(looked)
    assert ENGLISH not in looked.text
    done = [browser.post(confirm) for _ in range(2)]

    assert [answer.status_code for answer in done] == [200, 200]
    assert person(ENGLISH) is None
    moved = person("new@readers.example")
    assert moved.public_id == public_id
    assert browser.get(old).status_code == 410
    assert browser.get(path("new@readers.example")).status_code == 200


def test_no_letters_are_promised_to_a_new_address_that_mail_came_back_from(
    app, browser, path, clock
):
    new = "new@readers.example"
    with app.store.begin() as tx:
        tx.suppressions.add(new, reason="mailbox unknown", now=clock())
    browser.post(path(), data={"do": "address", "email": new})
    with app.store.read() as tx:
        [mail] = tx.reader_mails.due(now=clock(), limit=9)

    done = browser.post(app.tools.links.new_address_url(mail.subject_id).partition(".example")[2])

    assert "Confirmed, but letters do not reach you." in said(done)
    assert f"Letters go to {new}" not in said(done)


def test_who_gets_nothing_as_mail_came_back_asks_the_team(app, browser, path, clock):
    suppress_address(
        ENGLISH, reason="bounced", store=app.store, clock=clock, endings=app.tools.endings
    )

    page = browser.get(path())
    assert "Your mailbox returned our mail." in said(page)
    asked = [browser.post(path(), data={"do": "ask"}) for _ in range(2)]

    assert "The team knows. You need not do anything more." in said(asked[1])
    with app.store.read() as tx:
        assert list(tx.suppressions.asked()) == [ENGLISH]


def test_all_that_is_kept_is_a_file_of_json(browser, path):
    answer = browser.get(f"{path()}/data.json")

    assert answer.json()["profile"]["email"] == ENGLISH
    assert answer.headers["Content-Disposition"] == 'attachment; filename="data.json"'
    assert answer.headers["Cache-Control"] == "no-store"


def test_who_types_their_address_is_erased_and_nothing_leads_back(app, browser, path, person):
    here = path()
    for typed in ("", "other@readers.example"):
        assert browser.post(f"{here}/erase", data={"email": typed}).status_code == 422
    assert person() is not None

    answer = browser.post(f"{here}/erase", data={"email": f" {ENGLISH.upper()} "})

    assert re.search(r"E-2026-\d{4}", answer.text)
    assert ENGLISH not in answer.text
    assert person() is None
    assert {browser.get(here + end).status_code for end in ("", "/erase", "/data.json")} == {410}
    list(app.people.import_files())
    with app.store.read() as tx:
        assert ENGLISH not in {one.email for one in tx.subscribers.active("readers")}


def test_a_link_that_is_over_or_none_of_ours_says_what_to_do(app, browser, path, person):
    old = path()
    with app.store.begin() as tx:
        tx.preferences.revoke_links(person().id, source="the team", now=app.clock())
    cadence = f"/cadence/{app.tools.links.cadence_token(person().public_id, 'readers')}"

    for link, status in [
        (old, 410),
        (cadence, 410),
        (path(version=1296), 410),
        (old[:-2], 404),
        (f"{old}x", 404),
        (old.replace("/preferences/", "/preferences/x"), 404),
        (f"/preferences/{app.tools.links.unsubscribe_token(person().public_id, 'readers')}", 404),
        ("/address/" + old.rpartition("/")[2], 404),
    ]:
        for answer in (browser.get(link), browser.post(link, data={"do": "leave"})):
            assert answer.status_code == status, link
            assert 'href="/preferences"' in answer.text
    assert browser.get(path()).status_code == 200


def test_the_link_of_a_test_mail_is_nobody_s(app, browser):
    token = app.tools.links.preferences_tokens("readers")(NOBODY)

    for answer in (browser.get(f"/preferences/{token}"), browser.post(f"/preferences/{token}")):
        assert answer.status_code == 200
        assert "the link of a test letter" in said(answer)


class TestAskingForTheLink:
    def sent(self, app, clock):
        with app.store.read() as tx:
            return [(one.about, one.address) for one in tx.reader_mails.due(now=clock(), limit=50)]

    def test_the_same_is_said_to_everybody_and_the_mail_goes_to_who_is_known(
        self, app, browser, clock
    ):
        answers = [
            said(browser.post("/preferences", data={"email": email})).replace(email, "X")
            for email in (ENGLISH, "stranger@readers.example")
        ]

        assert answers[0] == answers[1]
        assert "Now look in your mailbox." in answers[0]
        assert self.sent(app, clock) == [("preferences", ENGLISH)]

    def test_it_goes_out_though_another_mail_has_just_done_so(self, app, browser, clock):
        with app.store.begin() as tx:
            tx.reader_mails.add(Topic.CONFIRM, ENGLISH, subject_id="1", via="outbox", now=clock())

        browser.post("/preferences", data={"email": ENGLISH})

        assert self.sent(app, clock)[1:] == [("preferences", ENGLISH)]

    def test_it_is_limited_by_address_and_by_network(self, app, browser, clock):
        for _ in range(4):
            for _ in range(2):  # a button pressed twice is one wish
                browser.post("/preferences", data={"email": ENGLISH})
            clock.advance(timedelta(minutes=5))
        assert len(self.sent(app, clock)) == 3

        with TestClient(new_web(app), client=("192.0.2.9", 1)) as other:
            answers = [
                other.post("/preferences", data={"email": f"{number}@readers.example"})
                for number in range(31)
            ]

        assert [answer.status_code for answer in answers[-2:]] == [200, 429]
        assert "Retry-After" in answers[-1].headers

    @pytest.mark.parametrize("typed", ["", "nonsense", "a@b@c", "x" * 500])
    def test_what_is_no_address_is_asked_again(self, browser, typed):
        answer = browser.post("/preferences", data={"email": typed})

        assert answer.status_code == 422
        assert "This is not an e-mail address" in said(answer)


def test_two_browsers_at_once_the_last_choice_stands_and_both_are_on_record(
    browser, path, stands, person
):
    browser.get(path())
    with TestClient(browser.app) as other:
        other.post(path(), data={"letter.readers": "weekly"})
    browser.post(path(), data={"letter.readers": "each post"})

    assert person().cadence == "each post"
    assert stands()[1] == [("", "chose"), ("", "chose")]


def test_several_letters_with_a_cadence_have_one_choice_for_all(app, browser, path, person, folder):
    with app.store.begin() as tx:
        tx.consents.give(person().id, "notes", Consent(app.clock(), "x"), now=app.clock())

    page = said(browser.get(path()))

    assert 'name="letter.notes" value="yes" checked' in page
    assert 'name="letter.readers" value="weekly"' in page
    left = leave(
        person(), ["notes"], source="x", store=app.store, clock=app.clock,
        endings=app.tools.endings,
    )  # fmt: skip
    assert list(left.audiences) == ["notes"]


def test_a_page_in_another_language_stays_in_it_after_a_button(browser, path):
    answer = browser.post(
        path() + "?lang=fr", data={"letter.readers": "weekly"}, follow_redirects=False
    )

    assert answer.status_code == 303
    assert answer.headers["Location"] == "?done=saved&lang=fr"
    assert answer.headers["Cache-Control"] == "no-store"


def test_who_asks_the_team_though_nothing_is_held_back_is_not_told_that_it_knows(
    app, browser, path
):
    answer = browser.post(path(), data={"do": "ask"})

    assert answer.status_code == 200
    assert "Your choices are saved." in said(answer)
    assert "The team knows" not in said(answer)
    with app.store.read() as tx:
        assert list(tx.suppressions.asked()) == []


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        (f"email={ENGLISH}", "text/plain", 422),
        (f"email={ENGLISH}&email={ENGLISH}", FORM, 422),
        (f"email={ENGLISH}&x=" + "x" * 100_000, FORM, 413),
    ],
)
def test_what_is_no_form_erases_nobody(browser, path, person, *, body, kind, expected):
    before = person()

    answer = browser.post(f"{path()}/erase", content=body, headers={"Content-Type": kind})

    assert answer.status_code == expected
    assert "Nothing was erased." in said(answer)
    assert person() == before


def test_the_page_after_erasing_counts_the_letters_that_went_out(app, browser, path, clock):
    list(app.intake.poll(app.workspace.feeds))
    made = app.editions.compose(app.campaign("letter-monthly"), slot_at(clock(), "UTC"))
    app.delivery.send(made.edition.id)

    answer = browser.post(f"{path()}/erase", data={"email": ENGLISH})

    assert re.search(r"\d+ pieces? of data about you", said(answer))
    assert "1 subscription, your address on 1 letter that went out" in said(answer)


def test_who_has_left_before_is_told_of_no_subscription_that_was_erased(browser, path):
    browser.post(path(), data={"do": "leave"})

    answer = browser.post(f"{path()}/erase", data={"email": ENGLISH})

    assert "Everything is erased" in said(answer)
    assert re.search(r"\d+ pieces? of data about you<", said(answer))


@pytest.mark.parametrize(
    ("end", "reader_of_forms", "posted"),
    [
        ("/erase", "dispatch.web.public.own_data.read_form", {"email": ENGLISH}),
        ("", "dispatch.web.public.preferences.read_fields", {"do": "pause"}),
    ],
)
def test_who_is_erased_while_they_press_a_button_is_told_that_the_link_is_over(
    app, browser, path, person, monkeypatch, *, end, reader_of_forms, posted
):
    async def erased_meanwhile(*_args, **_limits):
        erase_person(
            person(), source="x", store=app.store, clock=app.clock, endings=app.tools.endings
        )
        return posted if end else {name: [one] for name, one in posted.items()}

    monkeypatch.setattr(reader_of_forms, erased_meanwhile)

    answer = browser.post(path() + end, data=posted)

    assert answer.status_code == 410
    assert "This link no longer works." in said(answer)
    assert ENGLISH not in answer.text
    assert person() is None


def test_nobody_can_be_erased_or_exported_by_the_link_of_a_test_mail(app, browser):
    token = app.tools.links.preferences_tokens("readers")(NOBODY)

    for end in ("/erase", "/data.json"):
        assert browser.get(f"/preferences/{token}{end}").status_code == 404
    assert browser.post(f"/preferences/{token}/erase", data={"email": "x"}).status_code == 404
