"""Joining by a form: what it asks, what it answers whoever it is, and what comes of it."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app_stage import change, opened
from dispatch.model.people.form import FormField
from dispatch.model.people.reader_mail import Topic
from dispatch.pipeline.people.subscribe import end_all_subscriptions
from dispatch.web.routes import new_web
from joining_stage import (
    CROSS_SITE,
    FILLED,
    NEW,
    confirm_path,
    mails,
    person,
    token_of,
    with_forms,
)

KNOWN = "reader@readers.example"
PAGE = "/subscribe/newsletter"
FAMILY = """\
    cadences:
      default: weekly
      weekly: {schedule: {every: tuesday, at: "09:00"}}
      monthly: {schedule: {every: month, on: 1st, at: "09:00"}}"""
OFTEN = """
forms:
  often:
    audiences: [readers]
    confirm: single
    fields: [cadence, {company: {required: true}}]
"""


@pytest.fixture
def app(folder, clock):
    with_forms(folder)
    with opened(folder, clock) as app:
        yield app


@pytest.fixture
def join(app, browser, clock):
    """Fill in a form as somebody does: the page, a while, the button."""

    def join(path=PAGE, wait=5, **others):
        token = token_of(browser.get(path).text)
        clock.advance(timedelta(seconds=wait))
        return browser.post(path, data={**FILLED, "token": token, **others})

    return join


def test_a_form_asks_for_its_fields_and_looking_changes_nothing(browser, app):
    for method in ("GET", "HEAD", "GET"):
        answer = browser.request(method, PAGE)
        assert answer.status_code == 200

    page = unescape(answer.text)
    assert "Get The Atelier Letter" in page
    assert "Every Tuesday." in page
    assert "I agree to get the letter (2026-11)." in page
    assert page.count('type="checkbox" name="topics"') == 2
    assert 'name="company"' in page
    assert "set-cookie" not in answer.headers
    assert mails(app) == []


def test_nobody_is_a_reader_before_they_confirm_and_then_all_that_they_said_counts(
    browser, app, join
):
    answer = join()

    assert "Now look in your mailbox." in answer.text
    assert person(app) == (None, {}, [])
    assert [(topic, to) for topic, to, _ in mails(app)] == [(Topic.CONFIRM, NEW)]

    path = confirm_path(app)
    for method in ("GET", "HEAD", "GET"):
        looked = browser.request(method, path)
    assert looked.status_code == 200
    assert "set-cookie" not in looked.headers
    assert person(app) == (None, {}, [])

    done = browser.post(path)

    found, standing, [word] = person(app)
    assert "You are subscribed." in done.text
    assert "/preferences/" in done.text
    assert standing == {"readers": "active"}
    assert (found.name, found.topics, found.fields) == (
        "Ada Lovelace",
        ("ai",),
        {"company": "Engines"},
    )
    assert found.locale == "en"
    assert (word.ground, word.form, word.confirmed) == (
        "form newsletter",
        "newsletter",
        "link in a mail",
    )
    assert word.page.endswith(PAGE)
    assert word.trace.email == NEW
    assert word.trace.network == ""
    with app.store.read() as tx:
        [wording] = tx.record.wordings({word.wording}).values()
    assert wording.text == "I agree to get the letter (2026-11)."

    again = browser.post(path)

    assert "This is done already." in again.text
    assert len(person(app)[2]) == 1


def test_the_answer_is_the_same_for_who_is_known_has_left_or_is_suppressed(app, join, clock):
    with app.store.begin() as tx:
        tx.suppressions.add("gone@example.org", reason="never write here again", now=clock())
    answers = {
        join(email=email).text.replace(email, "X") for email in (NEW, KNOWN, "gone@example.org")
    }

    assert len(answers) == 1
    assert [(topic, to) for topic, to, _ in mails(app)] == [
        (Topic.CONFIRM, NEW),
        (Topic.ALREADY, KNOWN),
    ]


@pytest.mark.parametrize(
    ("wrong", "field", "told"),
    [
        ({"email": ""}, "email", "Please fill this in."),
        ({"email": "ada@"}, "email", "This is not an e-mail address."),
        ({"email": "a@b.org\r\nBcc: x@y.org"}, "email", "This is not an e-mail address."),
        ({"email": "a@" + "b" * 3000 + ".org"}, "email", "This is not an e-mail address."),
        ({"email": "info@example.org"}, "email", "We cannot write to this kind of address."),
        ({"email": "x@eu.mailinator.com"}, "email", "We cannot write to this kind of address."),
        ({"agree": ""}, "agree", "Please tick the box"),
        ({"agree": "no"}, "agree", "Please tick the box"),
        ({"agree": ["0", "OFF "]}, "agree", "Please tick the box"),
        ({"name": "x" * 201}, "name", "This is too long: 200 characters at most."),
        ({"name": "Win at https://spam.example"}, "name", "A name has no web address in it."),
        ({"topics": "Cooking"}, "topics", "Please choose one of those shown."),
        ({"timezone": "Mars/Base"}, "timezone", "Please choose one of those shown."),
        ({"locale": "xx-yy-zz"}, "locale", "Please choose one of those shown."),
    ],
)
def test_what_cannot_be_used_is_named_at_the_top_and_under_the_field(app, join, wrong, field, told):
    answer = join(**wrong)

    page = unescape(answer.text)
    assert answer.status_code == 422
    assert 'role="alert"' in page
    assert page.count(told) == 2
    assert f'id="{field}-error"' in page
    assert f'aria-describedby="{field}-error"' in page
    if "company" not in wrong:
        assert 'value="Engines"' in page  # what was typed stays
    assert mails(app) == []


def test_html_in_what_was_typed_is_text(join):
    answer = join(email="x", name='"><script>alert(1)</script>')

    assert "<script>alert" not in answer.text


@pytest.mark.parametrize(
    "email",
    ["ada+news@example.org", "ADA@Example.org", "ada@müller.example", "δοκιμή@example.org"],
)
def test_odd_addresses_join_once_however_they_are_written(app, browser, join, email):
    join(email=email, name="Zoë 李 🦉")
    join(email=email.replace("ADA@E", "ada@e"), name="Zoë 李 🦉")

    [(_, to, _)] = mails(app)
    browser.post(confirm_path(app))
    found, _, _ = person(app, to)
    assert found.name == "Zoë 李 🦉"


def test_a_button_pressed_twice_is_one_sign_up_and_later_it_is_the_same_once_more(
    app, browser, join, clock
):
    join()
    join()
    assert len(mails(app)) == 1

    clock.advance(timedelta(hours=2))
    join()

    assert len(mails(app)) == 2
    assert confirm_path(app, 0) == confirm_path(app, 1)


def test_what_somebody_else_fills_in_for_an_address_is_confirmed_by_its_own_link_only(
    app, browser, join
):
    join()
    join(name="Mallory")

    browser.post(confirm_path(app, 0))

    assert person(app)[0].name == "Ada Lovelace"


def test_an_address_gets_three_mails_a_day_at_most_and_is_never_told_of(app, join, clock):
    answers = set()
    for number in range(8):
        answers.add(join(name=f"Ada {number}").text)
        clock.advance(timedelta(hours=1))

    assert len(answers) == 1
    assert len(mails(app)) == 3


def test_a_program_is_told_what_all_are_told_and_nothing_comes_of_it(app, join):
    answer = join(leave_empty="https://spam.example")

    assert "Now look in your mailbox." in answer.text
    assert mails(app) == []


@pytest.mark.parametrize(
    ("wait", "told"),
    [(0, "That was very quick."), (25 * 3600, "This page was open for a long time.")],
)
def test_who_is_too_quick_or_too_slow_presses_once_more(app, browser, join, wait, told):
    answer = join(wait=wait)

    assert answer.status_code == 422
    assert told in unescape(answer.text)
    assert mails(app) == []

    again = browser.post(PAGE, data={**FILLED, "token": token_of(answer.text)})

    assert again.status_code == 200
    assert len(mails(app)) == 1


def test_a_form_on_another_site_needs_no_token_and_leads_back_where_it_may(app, browser):
    home = "https://example.org/thanks"
    for back, status in ((home, 303), ("https://evil.example/", 200)):
        answer = browser.post(
            PAGE,
            data={**FILLED, "return": back},
            headers={**CROSS_SITE, "Referer": "https://example.org/about?x=1"},
            follow_redirects=False,
        )
        assert answer.status_code == status
        assert answer.headers.get("location") == (home if status == 303 else None)

    [(_, _, about)] = mails(app)
    with app.store.read() as tx:
        assert tx.sign_ups.find(about).page == "https://example.org/about"


def test_a_network_has_had_enough_after_some_and_the_rest_costs_no_database(
    app, clock, monkeypatch
):
    program = TestClient(new_web(app), client=("192.0.2.7", 4711))

    def post(number):
        return program.post(PAGE, data={**FILLED, "email": f"junk{number}@example.org"})

    answers = [post(number).status_code for number in range(40)]

    assert answers.count(200) == 20
    assert set(answers[20:]) == {429}
    assert len(mails(app)) == 20

    monkeypatch.setattr(app.store, "begin", None)
    refused = post(99)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) <= 180
    monkeypatch.undo()

    clock.advance(timedelta(minutes=4))
    assert post(100).status_code == 200


def test_a_form_has_an_hours_measure_whatever_networks_they_come_from(folder, clock, app, browser):
    workspace = app.tools.files.workspace
    form = replace(workspace.form("newsletter"), per_hour=2)
    app.tools.files.workspace = replace(workspace, forms={"newsletter": form})

    answers = [
        browser.post(PAGE, data={**FILLED, "email": f"junk{number}@example.org"}).status_code
        for number in range(4)
    ]

    assert answers == [200, 200, 429, 429]


def test_without_confirmation_they_are_in_at_once_and_the_record_says_so(app, join):
    join("/subscribe/quick")

    _, standing, [word] = person(app)
    assert standing == {"readers": "active"}
    assert word.confirmed == "unconfirmed"


def test_who_left_comes_back_by_a_confirmation_only_and_the_old_word_stays(
    app, browser, join, clock
):
    end_all_subscriptions(
        KNOWN, source="link", store=app.store, clock=clock, endings=app.tools.endings
    )
    clock.advance(timedelta(days=1))

    join("/subscribe/quick", email=KNOWN)

    assert person(app, KNOWN)[1] == {"readers": "ended"}
    browser.post(confirm_path(app))
    found, standing, words = person(app, KNOWN)
    assert standing == {"readers": "active"}
    assert [word.state for word in words] == ["active", "ended", "active"]
    markers = app.tools.markers.all_left(KNOWN, found.public_id, "readers")
    with app.store.read() as tx:
        assert not tx.endings.known(list(markers))


def test_single_forms_do_not_change_what_is_known_of_somebody(app, join):
    with app.store.begin() as tx:
        found = tx.subscribers.find(KNOWN)
        tx.subscribers.end(found.id, "readers", source="x", now=app.clock())
    before = person(app, KNOWN)[0]

    join("/subscribe/quick", email=KNOWN, name="Mallory")

    assert person(app, KNOWN)[0] == before


def test_who_is_suppressed_is_told_after_confirming_and_can_ask_the_team(app, browser, join, clock):
    with app.store.begin() as tx:
        tx.suppressions.add(NEW, reason="mailbox unknown", now=clock())
    join()
    path = confirm_path(app)

    done = browser.post(path)

    assert "Confirmed, but letters do not reach you." in done.text
    assert 'name="ask" value="team"' in done.text
    for _ in range(2):
        asked = browser.post(path, data={"ask": "team"})
        assert "The team knows that you ask" in asked.text
    with app.store.read() as tx:
        assert list(tx.suppressions.asked()) == [NEW]


def test_a_pasted_form_keeps_its_language_whatever_the_browser_speaks(app, browser):
    pasted = browser.get("/subscribe/quick?embed&lang=fr")
    consent = unescape(re.search(r"yes\" required>\s*(.*)</label>", pasted.text)[1])
    action = re.search(r'action="https://letter.atelier.example([^"]+)"', pasted.text)[1]

    browser.post(
        action,
        data={"email": NEW, "agree": ["0", "1"]},  # a hidden field before the box, as some sites do
        headers=CROSS_SITE | {"Accept-Language": "en", "Referer": "https://u:secret@a.example/x"},
    )

    found, _, [word] = person(app)
    with app.store.read() as tx:
        [wording] = tx.record.wordings({word.wording}).values()
    assert wording.text == consent
    assert found.locale == "fr"
    assert word.page == "https://a.example/x"


def test_the_link_tells_who_has_left_since_that_nothing_comes(app, browser, join, clock):
    join()
    path = confirm_path(app)
    browser.post(path)
    end_all_subscriptions(
        NEW, source="link", store=app.store, clock=clock, endings=app.tools.endings
    )

    for method in ("GET", "POST"):
        answer = browser.request(method, path)
        assert answer.status_code == 410
        assert f"The Atelier Letter does not come to {NEW} any more." in unescape(answer.text)
        assert f'href="{PAGE}"' in answer.text
    assert person(app)[1] == {"readers": "ended"}


def test_the_link_shows_no_way_to_the_choices_once_links_were_made_useless(app, browser, join):
    join()
    path = confirm_path(app)
    assert "/preferences/b1" in browser.post(path).text
    with app.store.begin() as tx:
        tx.preferences.revoke_links(tx.subscribers.find(NEW).id, source="x", now=app.clock())

    answer = browser.get(path)

    assert 'href="/preferences"' in answer.text
    assert "/preferences/" not in answer.text


def test_a_clock_that_was_a_year_ahead_keeps_nobody_out_for_a_year(app, clock):
    program = TestClient(new_web(app), client=("192.0.2.7", 4711))
    clock.advance(timedelta(days=365))
    for number in range(22):
        late = program.post(PAGE, data={**FILLED, "email": f"ada{number}@example.org"})
    clock.advance(timedelta(days=-365))

    answers = [
        program.post(PAGE, data={**FILLED, "email": f"ada{number}@example.org"}).status_code
        for number in range(22)
    ]

    assert late.status_code == 429
    assert answers.count(200) == 20
    assert len(mails(app)) == 20  # beside those of a year from now


def test_a_link_is_over_after_seven_days_and_leads_to_the_form(app, browser, join, clock):
    join()
    clock.advance(timedelta(days=7))

    for method in ("GET", "POST"):
        answer = browser.request(method, confirm_path(app))
        assert answer.status_code == 410
        assert "This link no longer works." in answer.text
        assert f'href="{PAGE}"' in answer.text
    assert person(app)[0] is None
    with app.store.begin() as tx:
        path = confirm_path(app)
        tx.sign_ups.forget(before=clock())
    assert browser.get(path).status_code == 410


def test_forged_links_and_unknown_forms_are_not_found(browser):
    assert browser.get("/confirm/b1forged").status_code == 404
    assert browser.post("/confirm/b1forged").status_code == 404
    assert browser.get("/subscribe/nothing").status_code == 404
    assert browser.post("/subscribe/nothing", data=FILLED).status_code == 404


def test_the_page_gives_its_html_for_other_sites(browser):
    answer = browser.get(PAGE + "?embed")

    assert answer.headers["content-type"].startswith("text/plain")
    assert 'action="https://letter.atelier.example/subscribe/newsletter?lang=en"' in answer.text
    assert 'accept-charset="utf-8"' in answer.text
    assert 'name="return" value="https://example.org/thanks"' in answer.text


def test_a_line_with_the_address_alone_leads_to_the_form(app, browser):
    answer = browser.post(PAGE, data={"email": NEW})

    assert answer.status_code == 200
    assert f'value="{NEW}"' in answer.text
    assert 'role="alert"' not in answer.text
    assert mails(app) == []


def test_a_page_in_french_is_in_french_and_so_is_who_joins_by_it(app, browser, join):
    token = token_of(browser.get(PAGE + "?lang=fr").text)
    app.clock.advance(timedelta(seconds=3))
    answer = browser.post(PAGE + "?lang=fr", data={**FILLED, "token": token})

    assert "Regardez maintenant dans votre boîte de réception." in answer.text
    browser.post(confirm_path(app))
    assert person(app)[0].locale == "fr"


def test_who_confirms_is_to_get_the_latest_edition_once(app, browser, join):
    join()
    browser.post(confirm_path(app))

    with app.store._engine.connect() as connection:
        rows = connection.execute(text("SELECT campaign FROM welcomes")).all()
    assert [row.campaign for row in rows] == ["weekly"]


def test_what_waits_for_a_channel_that_is_gone_goes_by_what_the_form_names_now(app, join):
    workspace = app.tools.files.workspace
    form = workspace.form("newsletter")
    app.tools.files.workspace = replace(
        workspace, forms={**workspace.forms, "newsletter": replace(form, via="post")}
    )
    join()
    app.tools.files.workspace = workspace

    [report] = app.reader_mails.send()

    assert str(report).endswith("is accepted")
    assert report.reader_mail.via == "outbox"


class TestHowOften:
    """A form that asks how often, of a letter that there is weekly and monthly."""

    @pytest.fixture
    def app(self, folder, clock):
        change(folder, '    schedule: {every: tuesday, at: "09:00"}', FAMILY)
        change(folder, "    social: [{template: weekly, each: post}]\n", "")
        with_forms(folder, OFTEN)
        with opened(folder, clock) as app:
            yield app

    def test_what_there_is_can_be_chosen_and_counts(self, app, browser, join):
        page = unescape(browser.get("/subscribe/often").text)

        assert re.findall(r'name="cadence" value="([^"]+)"', page) == ["weekly", "monthly"]
        assert "the month’s posts together" in page
        join("/subscribe/often", cadence="monthly")
        assert person(app)[0].cadence == "monthly"

    @pytest.mark.parametrize("cadence", ["daily", "sometimes"])
    def test_what_there_is_not_is_refused_and_the_rest_stays(self, app, join, cadence):
        answer = join("/subscribe/often", cadence=cadence)

        assert answer.status_code == 422
        assert 'id="cadence-error">Please choose one of those shown.' in answer.text
        assert 'value="Engines"' in answer.text
        assert person(app)[0] is None

    def test_what_is_required_is_asked_for_and_the_choice_stays(self, app, join):
        answer = join("/subscribe/often", cadence="monthly", company="  ")

        assert answer.status_code == 422
        assert 'id="company-error">Please fill this in.' in answer.text
        assert 'name="cadence" value="monthly" checked' in answer.text
        assert person(app)[0] is None


def test_a_form_does_not_ask_how_often_where_there_is_nothing_to_choose(app, browser, join):
    workspace = app.tools.files.workspace
    form = workspace.form("quick")
    quick = replace(form, fields=(*form.fields, FormField("cadence")))
    app.tools.files.workspace = replace(workspace, forms={"quick": quick})

    page = browser.get("/subscribe/quick").text

    assert 'name="name"' in page
    assert 'name="cadence"' not in page
    assert "How often" not in page


def test_a_sign_up_that_was_forgotten_cannot_be_confirmed(app, browser, join, clock):
    join()
    path = confirm_path(app)
    clock.advance(timedelta(days=7))
    with app.store.begin() as tx:
        tx.sign_ups.forget(before=clock())

    answer = browser.post(path)

    assert answer.status_code == 410
    assert "This link no longer works." in answer.text
    assert f'href="{PAGE}"' in answer.text
    assert person(app)[0] is None
