"""An edition before it goes out, as the team reads it, mends it and decides about it."""

import re
from datetime import timedelta
from html import unescape

import pytest

from app_stage import change, opened, workspace_in
from dispatch.model.editions.edition import EditionState
from dispatch.model.team.role import Role
from dispatch.pipeline.reviews.decide import reject_edition
from dispatch.store.delivery.channels import Stop
from dispatch.testing.clock import FakeClock
from team_stage import join, signed_in

APPROVAL = "approval: {needed: true, by: [marie, jean], other_than_author: true, deadline: 4h}"
TOOTS = """channels:
  toots: {provider: mastodon, options: {server: "https://social.example", token: "env:TOKEN"}}

campaigns:
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory, migrated_sqlite):
    """One workspace for all of them, as its processes take a while to start."""
    folder = workspace_in(tmp_path_factory.mktemp("editions") / "letters", migrated_sqlite)
    change(folder, 'at: "09:00"}', f'at: "09:00"}}\n    {APPROVAL}')
    change(folder, "each: post}", "each: post, via: toots}")
    change(folder, "\ncampaigns:\n", f"\n{TOOTS}")
    with opened(folder, FakeClock(), environ={"TOKEN": "secret"}) as app:
        join(app, "ada", Role.AUTHOR, name="Ada Lindqvist")
        join(app, "eve", Role.EDITOR, name="Eve Moreau")
        join(app, "marie", Role.APPROVER, name="Marie Aubert")
        join(app, "max", Role.APPROVER)
        join(app, "jean", Role.OWNER, name="Jean Kervella", locale="fr")
        join(app, "vera", Role.VIEWER)
        list(app.people.import_files())
        list(app.intake.poll(list(app.workspace.feeds)))
        yield app


@pytest.fixture
def app(house):
    house.clock.advance(timedelta(seconds=61))
    return house


@pytest.fixture
def edition(app):
    """Its id: it waits for approval. Afterwards its posts are free for the next one."""
    weekly = app.campaign("weekly")
    made = app.editions.compose(weekly, app.editions.this_slot(weekly))
    yield made.edition.id
    if stored(app, made.edition.id).state is not EditionState.REJECTED:
        reject_edition(made.edition.id, reason="over", store=app.store, clock=app.clock)


def stored(app, edition):
    with app.store.read() as tx:
        return tx.editions.get(edition)


def acts(app, edition):
    with app.store.read() as tx:
        return [one.act for one in tx.audit.about("edition", edition)]


def read(answer) -> str:
    """The words of a page, without its tags."""
    assert "Traceback" not in answer.text
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def post_ids(app, edition):
    return [str(post.id) for post in stored(app, edition).content.posts]


class TestTheList:
    def test_it_has_editions_and_the_slots_that_made_none(self, app, edition):
        app.clock.advance(timedelta(seconds=61))
        weekly = app.campaign("weekly")
        assert app.editions.compose(weekly, app.editions.this_slot(weekly)).edition is None

        with signed_in(app, "vera") as vera:
            everything = vera.get("/team/editions").text
            skipped = vera.get("/team/editions?state=skipped").text
            waiting = vera.get("/team/editions?state=in+review&q=brouillon&campaign=weekly")
            nothing = read(vera.get("/team/editions?q=nobody+wrote+this"))

        assert f"/team/editions/{edition}" in everything
        assert "/team/campaigns/weekly/runs" in everything
        assert "/team/campaigns/weekly/runs" in skipped
        assert f"/team/editions/{edition}" not in skipped
        assert f"/team/editions/{edition}" in waiting.text
        assert "Le brouillon a de nouveau droit de cité, and 7 others" in read(waiting)
        assert "until" not in nothing
        assert "No edition with “nobody wrote this”" in nothing

    def test_what_is_not_there_says_so(self, app, edition):
        with signed_in(app, "jean") as jean:
            answer = jean.get("/team/editions/nowhere")

        assert answer.status_code == 404
        assert "Cette édition n’existe pas" in read(answer)


class TestLooking:
    def test_the_page_says_when_to_whom_and_who_decides(self, app, edition):
        with signed_in(app, "ada") as ada:
            page = read(ada.get(f"/team/editions/{edition}"))

        assert "8 readers, 1 account" in page
        assert "otherwise skipped" in page
        assert "May approve Marie Aubert, Jean Kervella" in page
        assert "Le brouillon a de nouveau droit de cité" in page
        assert "It waits for approval: Marie Aubert, Jean Kervella." in page
        assert "Ask for approval" in page

    def test_who_may_only_look_has_no_button_but_approve_with_its_reason(self, app, edition):
        with signed_in(app, "vera") as vera:
            answer = vera.get(f"/team/editions/{edition}")

        assert "Save words" not in answer.text
        assert 'name="drop"' not in answer.text
        assert re.search(r"<button[^>]*disabled[^>]*>Approve", answer.text)
        assert "Your roles do not approve editions." in answer.text

    def test_the_bare_preview_runs_nothing_and_is_nobodys(self, app, edition):
        with app.store.read() as tx:
            reader = tx.subscribers.find("kenji.sato@readers.example")
        with signed_in(app, "eve") as eve:
            light = eve.get(f"/team/editions/{edition}/preview/mail?as=fr")
            dark = eve.get(f"/team/editions/{edition}/preview/mail?as=fr&dark=1")
            real = eve.get(f"/team/editions/{edition}/preview/mail?as=r-{reader.public_id}")
            plain = eve.get(f"/team/editions/{edition}/preview/text")
            snippets = eve.get(f"/team/editions/{edition}/preview/toots")
        with signed_in(app, "ada") as ada:
            not_for_her = ada.get(f"/team/editions/{edition}/preview/mail?as=r-{reader.public_id}")

        policy = light.headers["content-security-policy"]
        assert policy.startswith("sandbox; default-src 'none'")
        assert "Camille Martin" in light.text
        assert "prefers-color-scheme" not in light.text + dark.text
        assert "color-scheme:dark" in dark.text
        assert reader.name in real.text
        assert reader.public_id not in real.text
        assert reader.name not in not_for_her.text
        assert plain.headers["content-type"].startswith("text/plain")
        assert "https://atelier.example/2026/le-brouillon" in snippets.text

    def test_readers_are_found_by_address_by_who_may_see_them(self, app, edition):
        path = f"/team/editions/{edition}"
        with signed_in(app, "eve") as eve:
            found = eve.get(f"{path}?who=kenji.sato@readers.example")
            missed = eve.get(f"{path}?who=nobody@example.org")
        with signed_in(app, "ada") as ada:
            hidden = ada.get(f"{path}?who=kenji.sato@readers.example")

        assert "kenji.sato@readers.example</option>" in found.text
        assert "nobody here has this address" in missed.text
        assert "kenji" not in hidden.text

    def test_it_can_be_taken_away_as_a_file(self, app, edition):
        with signed_in(app, "vera") as vera:
            answer = vera.get(f"/team/editions/{edition}/edition.eml")

        assert answer.headers["content-type"] == "message/rfc822"
        assert answer.content.startswith(b"From: The Atelier Letter")


class TestWords:
    def test_they_are_saved_and_nobody_is_told(self, app, edition):
        with signed_in(app, "ada") as ada:
            answer = ada.post(
                f"/team/editions/{edition}/words",
                data={
                    "subject": "All about spring",
                    "was-subject": "",
                    "intro": "",
                    "preheader": "",
                },
            )
            page = read(ada.get(answer.headers["location"]))
            changes = read(ada.get(f"/team/editions/{edition}/changes"))

        assert answer.headers["location"].endswith("said=edition_saved#words-save")
        assert stored(app, edition).content.subject == "All about spring"
        assert stored(app, edition).author == "ada"
        assert acts(app, edition) == ["edition.edit"]
        assert "Ada Lindqvist edited it: subject" in page
        assert "You edited this edition, so somebody else approves it." in page
        assert "All about spring" in changes

    def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(self, app, edition):
        long = "x" * 200
        with signed_in(app, "ada") as ada:
            answer = ada.post(f"/team/editions/{edition}/words", data={"subject": long})

        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.text
        assert "has 200 characters - write 150 at most" in answer.text
        assert long in answer.text

    def test_two_who_write_at_once_see_both_texts_and_choose(self, app, edition):
        path = f"/team/editions/{edition}/words"
        with signed_in(app, "eve") as eve:
            eve.post(path, data={"subject": "Spring is here", "was-subject": ""})
        with signed_in(app, "ada") as ada:
            clash = ada.post(path, data={"subject": "Spring was here", "was-subject": ""})
            kept = stored(app, edition).content.subject
            theirs = ada.post(path, data={"take": "theirs", "subject": "?"})
            mine = ada.post(
                path,
                data={
                    "take": "mine",
                    "subject": "both",
                    "mine-subject": "Spring was here",
                    "was-subject": "Spring is here",
                },
            )

        assert clash.status_code == 409
        assert "Eve Moreau saved this before you" in read(clash)
        assert "<mark>was</mark>" in clash.text
        assert kept == "Spring is here"
        assert theirs.headers["location"].endswith("said=edition_theirs#words-save")
        assert mine.headers["location"].endswith("said=edition_saved#words-save")
        assert stored(app, edition).content.subject == "Spring was here"

    def test_others_may_have_changed_something_else(self, app, edition):
        first = post_ids(app, edition)
        with signed_in(app, "eve") as eve:
            eve.post(
                f"/team/editions/{edition}/posts", data={"was": ",".join(first), "drop": first[1]}
            )
        with signed_in(app, "ada") as ada:
            answer = ada.post(
                f"/team/editions/{edition}/words", data={"subject": "New", "was-subject": ""}
            )

        assert answer.status_code == 303
        assert stored(app, edition).content.subject == "New"


class TestPosts:
    def test_a_button_or_an_order_moves_them(self, app, edition):
        ids = post_ids(app, edition)
        moves = [
            ({"down": ids[0]}, [1, 0, 2, 3, 4, 5, 6, 7]),
            ({"up": ids[2]}, [1, 2, 0, 3, 4, 5, 6, 7]),
            ({"up": ids[1]}, [1, 2, 0, 3, 4, 5, 6, 7]),
            ({"pin": ids[3]}, [3, 1, 2, 0, 4, 5, 6, 7]),
            ({"order": [ids[at] for at in (2, 1, 0, 3, 4, 5, 6, 7)]}, [2, 1, 0, 3, 4, 5, 6, 7]),
            ({"drop": ids[7]}, [2, 1, 0, 3, 4, 5, 6]),
        ]

        with signed_in(app, "ada") as ada:
            for form, expected in moves:
                was = {"was": ",".join(post_ids(app, edition))}
                answer = ada.post(f"/team/editions/{edition}/posts", data=was | form)

                assert answer.status_code == 303, form
                assert post_ids(app, edition) == [ids[at] for at in expected], form

    def test_what_was_dropped_is_left_out_and_can_be_added_again(self, app, edition):
        ids = post_ids(app, edition)
        path = f"/team/editions/{edition}"
        with signed_in(app, "ada") as ada:
            ada.post(f"{path}/posts", data={"was": ",".join(ids), "drop": ids[0]})
            page = ada.get(path)
            ada.post(f"{path}/posts", data={"was": ",".join(ids[1:]), "add": ids[0]})

        assert "dropped by Ada Lindqvist" in read(page)
        assert f'name="add" value="{ids[0]}"' in page.text
        assert post_ids(app, edition) == [*ids[1:], ids[0]]

    def test_what_no_page_of_ours_asks_changes_nothing(self, app, edition):
        ids = post_ids(app, edition)
        now = {"was": ",".join(ids)}
        asked = [
            ({"was": "3,2,1", "up": "2"}, 409),
            ({"up": "2"}, 409),
            ({"was": "", "order": []}, 409),
            (now, 422),
            (now | {"up": "99999"}, 422),
            (now | {"add": "x"}, 422),
            (now | {"add": "99999"}, 404),
            (now | {"order": ["1", "1"]}, 422),
        ]

        with signed_in(app, "ada") as ada:
            found = [
                ada.post(f"/team/editions/{edition}/posts", data=form).status_code
                for form, _ in asked
            ]

        assert found == [status for _, status in asked]
        assert post_ids(app, edition) == ids


class TestSnippets:
    def fields(self, page) -> dict[str, str]:
        """What a browser would send of the form."""
        texts = re.findall(r'<textarea id="(snippet-\d+)"[^>]*>\n?([^<]*)</textarea>', page.text)
        was = re.findall(r'name="(was-snippet-\d+)" value="([^"]*)"', page.text)
        return {name: unescape(text) for name, text in (*texts, *was)} | {"channel": "toots"}

    def test_one_is_written_and_left_to_the_template_again(self, app, edition):
        path = f"/team/editions/{edition}"
        with signed_in(app, "ada") as ada:
            form = self.fields(ada.get(f"{path}?tab=toots"))
            field = next(name for name in form if name.startswith("snippet-"))
            template = form[field]
            ada.post(f"{path}/snippets", data=form | {field: "In my own words"})
            page = ada.get(f"{path}?tab=toots")
            written = stored(app, edition).content.snippets
            ada.post(f"{path}/snippets", data=self.fields(page) | {"template": field})
            again = self.fields(ada.get(f"{path}?tab=toots"))

        assert [one.text for one in written] == ["In my own words"]
        assert "Written by Ada" in page.text
        assert stored(app, edition).content.snippets == ()
        assert again[field] == template

    def test_one_that_is_too_long_says_by_how_much(self, app, edition):
        path = f"/team/editions/{edition}"
        with signed_in(app, "ada") as ada:
            form = self.fields(ada.get(f"{path}?tab=toots"))
            field = next(name for name in form if name.startswith("snippet-"))
            answer = ada.post(f"{path}/snippets", data=form | {field: "é" * 543})

        assert answer.status_code == 422
        assert "43 characters too many" in answer.text
        assert "é" * 543 in answer.text


class TestDeciding:
    def test_it_is_asked_for_approved_and_taken_back(self, app, edition):
        path = f"/team/editions/{edition}"
        seen = {"fingerprint": stored(app, edition).fingerprint}
        with signed_in(app, "ada") as ada, signed_in(app, "marie") as marie:
            asked = ada.post(f"{path}/ready", data=seen | {"note": "Two essays."})
            approved = marie.post(f"{path}/approve", data=seen)
            page = read(ada.get(path))
            back = ada.post(f"{path}/take-back")
            history = read(marie.get(path))

        assert [asked.status_code, approved.status_code, back.status_code] == [303] * 3
        assert "Approved by Marie Aubert. Saving a change takes that back." in page
        assert stored(app, edition).state is EditionState.IN_REVIEW
        assert acts(app, edition) == ["edition.take_back", "edition.approve", "edition.ask"]
        assert "Ada Lindqvist asked for approval Two essays." in history
        assert "Marie Aubert approved it" in history

    def test_an_edition_that_was_edited_meanwhile_is_not_approved(self, app, edition):
        seen = stored(app, edition).fingerprint
        path = f"/team/editions/{edition}"
        with signed_in(app, "ada") as ada, signed_in(app, "marie") as marie:
            ada.post(f"{path}/words", data={"subject": "Another", "was-subject": ""})
            answer = marie.post(f"{path}/approve", data={"fingerprint": seen})

        assert answer.status_code == 409
        assert "Ada Lindqvist edited this edition meanwhile" in read(answer)
        assert "<mark>Another</mark>" in answer.text
        assert stored(app, edition).state is EditionState.IN_REVIEW

    def test_approving_takes_a_fingerprint_and_somebody_who_may(self, app, edition):
        path = f"/team/editions/{edition}/approve"
        seen = {"fingerprint": stored(app, edition).fingerprint}
        with signed_in(app, "max") as max_, signed_in(app, "marie") as marie:
            assert max_.post(path, data=seen).status_code == 409
            assert marie.post(path).status_code == 422
        assert stored(app, edition).state is EditionState.IN_REVIEW

    def test_what_a_check_stops_is_not_approved(self, app, edition):
        seen = {"fingerprint": stored(app, edition).fingerprint}
        with app.store.begin() as tx:
            tx.channels.put_stop(Stop("toots", None, "login refused", failures=1))
        with signed_in(app, "marie") as marie:
            page = marie.get(f"/team/editions/{edition}")
            answer = marie.post(f"/team/editions/{edition}/approve", data=seen)
        with app.store.begin() as tx:
            tx.channels.clear_stop("toots")

        assert "1 check stops it" in page.text
        assert answer.status_code == 422
        assert stored(app, edition).state is EditionState.IN_REVIEW

    def test_changes_are_requested_made_in_peace_and_asked_for_again(self, app, edition):
        path = f"/team/editions/{edition}"
        with signed_in(app, "marie") as marie, signed_in(app, "ada") as ada:
            empty = marie.post(f"{path}/request-changes", data={"note": " "})
            marie.post(f"{path}/request-changes", data={"note": "Two essays, not three."})
            page = read(ada.get(path))
            ada.post(f"{path}/words", data={"subject": "Two", "was-subject": ""})
            between = stored(app, edition).state
            barred = marie.post(
                f"{path}/approve", data={"fingerprint": stored(app, edition).fingerprint}
            )
            ada.post(f"{path}/ready", data={"fingerprint": stored(app, edition).fingerprint})

        assert empty.status_code == 422
        assert "Marie Aubert requested changes: Two essays, not three." in page
        assert between is EditionState.CHANGES_REQUESTED
        assert barred.status_code == 409
        assert stored(app, edition).state is EditionState.IN_REVIEW

    def test_it_is_rejected_and_its_page_stays(self, app, edition):
        path = f"/team/editions/{edition}"
        with signed_in(app, "marie") as marie:
            answer = marie.post(f"{path}/reject", data={"reason": "the wrong lead"})
            page = marie.get(path)

        assert answer.status_code == 303
        assert "Marie Aubert rejected this edition." in read(page)
        assert "the wrong lead" in page.text
        assert "Save words" not in page.text

    def test_a_test_goes_to_oneself_or_anywhere_for_who_may(self, app, edition):
        path = f"/team/editions/{edition}/test"
        with signed_in(app, "ada") as ada, signed_in(app, "eve") as eve:
            own = ada.post(path, data={"to": "somebody@else.example"})
            there = eve.post(path, data={"to": "somebody@else.example"})
            wrong = eve.post(path, data={"to": "nowhere"})

        mails = [file.read_text() for file in (app.folder / "outbox").rglob("*.eml")]
        assert own.headers["location"].endswith("said=edition_tested")
        assert there.headers["location"].endswith("said=edition_tested_there")
        assert sorted(re.findall(r"(?m)^To: .*", "".join(mails))) == [
            "To: ada@atelier.example",
            "To: somebody@else.example",
        ]
        assert wrong.status_code == 422
        assert 'value="nowhere"' in wrong.text
