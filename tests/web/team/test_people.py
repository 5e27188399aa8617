"""Who is in the team, and what they may do: as pages, each of which works by plain forms."""

import pytest

from app_stage import change
from dispatch.model.team.role import Role
from dispatch.pipeline.team.calendar_links import new_calendar_link
from team_stage import TOKEN, join, signed_in


@pytest.fixture
def team(app):
    join(app, "jean", Role.OWNER, name="Jean Kervella")
    join(app, "ada", Role.ADMIN, name="Ada Lindqvist")
    join(app, "marie", Role.AUTHOR, Role.APPROVER, name="Marie Aubert")
    return app


@pytest.fixture
def jean(team):
    with signed_in(team, "jean") as browser:
        yield browser


@pytest.fixture
def ada(team):
    with signed_in(team, "ada") as browser:
        yield browser


def acts(app) -> list[tuple[str, str, str]]:
    with app.store.read() as tx:
        return [(line.by, line.act, line.subject) for line in tx.audit.page()]


def person(app, handle: str):
    with app.store.read() as tx:
        return tx.persons.get(handle)


def test_everybody_is_there_with_their_roles_and_who_was_invited(team, jean):
    jean.post("/team/people", data={"email": "paul@atelier.example", "role": "viewer"})

    page = jean.get("/team/people?said=people_invited").text

    for text in ("Marie Aubert", "author, approver", "paul@atelier.example", "Its mail waits"):
        assert text in page
    assert "The invitation is on its way." in page
    assert acts(team) == [("jean", "invitation.send", "1")]


def test_an_invitation_is_mailed_once_for_each_address_and_can_be_taken_back(team, jean):
    for _ in range(2):
        jean.post("/team/people", data={"email": "Paul@Atelier.example", "role": "viewer"})

    with team.store.read() as tx:
        [invitation] = tx.invitations.open(now=team.clock())
        mails = tx.team_mails.due(now=team.clock(), limit=9)
    assert {mail.subject for mail in mails} == {"1", str(invitation.id)}
    answer = jean.post(f"/team/invitations/{invitation.id}/cancel")
    again = jean.post(f"/team/invitations/{invitation.id}/cancel")

    assert (answer.status_code, again.status_code) == (303, 409)
    with team.store.read() as tx:
        assert tx.invitations.open(now=team.clock()) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"email": "nobody", "role": "viewer"}, "this is no address"),
        ({"email": "", "role": "viewer"}, "this is no address"),
        ({"email": "paul@atelier.example"}, "no role is ticked"),
        ({"email": "paul@atelier.example", "role": "king"}, "no role is ticked"),
        ({"email": "MARIE@atelier.example", "role": "viewer"}, "has this address already"),
    ],
)
def test_what_is_wrong_with_an_invitation_stands_at_its_field_and_what_was_typed_stays(
    team, jean, typed, said
):
    answer = jean.post("/team/people", data={**typed, "full_name": "Paul <b>"})

    assert answer.status_code == 422
    assert said in answer.text
    assert 'aria-invalid="true"' in answer.text or 'id="role-error"' in answer.text
    assert "Paul &lt;b&gt;" in answer.text
    assert acts(team) == []


def test_where_no_campaign_writes_mails_nobody_can_be_invited(team, folder, jean):
    change(folder, "    email: {audience: readers, template: weekly}\n", "")
    change(
        folder,
        "    email: {audience: readers, template: bulletin, segment: \"locale == 'fr'\"}",
        "",
    )
    change(
        folder, "    approval: {needed: true}\n", "    social: [{template: bulletin, each: post}]\n"
    )
    team.reload_if_changed()

    answer = jean.post("/team/people", data={"email": "paul@atelier.example", "role": "viewer"})

    assert answer.status_code == 422
    assert "no campaign writes mails" in answer.text


def test_who_gets_other_roles_signs_in_again(team, jean):
    answer = jean.post(
        "/team/people/marie",
        data={
            "full_name": "Marie A.",
            "email": "marie@atelier.example",
            "role": ["viewer", "editor"],
        },
    )

    assert answer.headers["location"] == "/team/people?said=people_roles"
    assert person(team, "marie").roles == (Role.VIEWER, Role.EDITOR)
    assert acts(team) == [("jean", "person.change", "marie")]
    with signed_in(team, "marie") as marie:
        assert marie.get("/team").headers["location"].startswith("/team/sign-in")


def test_who_is_only_called_otherwise_stays_signed_in(team, jean):
    typed = {"full_name": "Marie", "email": "m@atelier.example", "role": ["author", "approver"]}

    jean.post("/team/people/marie", data=typed)

    assert (person(team, "marie").name, person(team, "marie").email) == (
        "Marie",
        "m@atelier.example",
    )
    with signed_in(team, "marie") as marie:
        assert marie.get("/team").status_code == 200


def test_ones_own_roles_change_with_the_token_and_without_signing_in_again(team, jean):
    typed = {"full_name": "Jean", "email": "jean@atelier.example", "role": ["owner", "author"]}
    cookie = {name: value for name, value in jean.cookies.items() if TOKEN in value}

    answer = jean.post("/team/people/jean", data=typed)

    assert cookie
    assert "dispatch=" in answer.headers["set-cookie"]
    assert TOKEN not in answer.headers["set-cookie"]
    with signed_in(team, "jean") as stolen:
        assert stolen.get("/team").status_code == 303


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/team/people", {"email": "paul@atelier.example", "role": "owner"}),
        ("/team/people/jean", {"email": "jean@atelier.example", "role": "viewer"}),
        ("/team/people/jean", {"email": "ada@evil.example", "role": "owner"}),
        ("/team/people/ada", {"email": "ada@atelier.example", "role": ["admin", "owner"]}),
        ("/team/people/jean/remove", {}),
    ],
)
def test_nobody_gives_or_takes_more_than_they_have(team, ada, path, typed):
    answer = ada.post(path, data=typed)

    assert answer.status_code == 403
    assert answer.headers["x-needs-role"] == "owner"
    assert acts(team) == []


def test_an_admin_is_offered_no_more_than_they_may_give(ada):
    assert 'value="owner"' not in ada.get("/team/people").text
    assert "only an owner can change that" in ada.get("/team/people/jean").text


def test_the_last_owner_stays(team, jean):
    typed = {"full_name": "Jean", "email": "jean@atelier.example", "role": "admin"}

    less = jean.post("/team/people/jean", data=typed)
    gone = jean.post("/team/people/jean/remove")

    assert (less.status_code, gone.status_code) == (422, 409)
    assert "this is the last owner" in less.text
    assert person(team, "jean").roles == (Role.OWNER,)


def test_who_is_removed_can_do_nothing_any_more_and_may_be_invited_anew(team, jean):
    answer = jean.post("/team/people/marie/remove")

    assert answer.headers["location"] == "/team/people?said=people_removed"
    assert jean.get("/team/people/marie").status_code == 404
    with signed_in(team, "marie") as marie:
        assert marie.get("/team").status_code == 303
    anew = jean.post("/team/people", data={"email": "marie@atelier.example", "role": "author"})
    assert anew.status_code == 303


def test_one_person_is_shown_with_what_they_did_and_where_they_approve(team, folder, jean):
    change(folder, "approval: {needed: true}", "approval: {needed: true, by: Marie}")
    team.reload_if_changed()
    team.team.change("ada", roles=[Role.VIEWER], by="marie")

    page = jean.get("/team/people/marie").text

    assert "bulletin" in page
    assert "changed" in page
    assert "Ada Lindqvist" in page


def test_a_form_reads_french_and_says_so_in_french(team):
    join(team, "josette", Role.OWNER, locale="fr")

    with signed_in(team, "josette") as josette:
        answer = josette.post("/team/people", data={"email": "x"})

    assert answer.status_code == 422
    assert "aucun rôle n’est coché" in answer.text


def test_nobody_comes_back_by_what_they_asked_others_to_be(team, jean, ada):
    for role in ("admin", "viewer"):
        ada.post("/team/people", data={"email": f"{role}@atelier.example", "role": role})
    jean.post("/team/people", data={"email": "paul@atelier.example", "role": "owner"})

    stolen = ada.post("/team/invitations/3/cancel")
    instead = ada.post("/team/people", data={"email": "paul@atelier.example", "role": "viewer"})
    jean.post(
        "/team/people/ada", data={"role": "editor", "full_name": "A", "email": "a@atelier.example"}
    )

    assert [stolen.status_code, instead.status_code] == [409, 409]
    with team.store.read() as tx:
        assert [one.email for one in tx.invitations.open(now=team.clock())] == [
            "paul@atelier.example"
        ]
    jean.post("/team/people", data={"email": "zoe@atelier.example", "role": "owner"})
    team.team.add("eve", name="", email="eve@atelier.example", roles=[Role.OWNER], by="root")
    team.team.end("jean", by="eve")
    with team.store.read() as tx:
        assert tx.invitations.open(now=team.clock()) == []


def test_a_link_that_went_to_an_old_address_opens_nothing(team, jean):
    _, link = team.team.give_link("marie", by="root")
    with team.store.read() as tx:
        before = tx.persons.get("marie")
    said = {"full_name": before.name, "email": "marie@elsewhere.example"}
    jean.post("/team/people/marie", data=said | {"role": ["author", "approver"]})

    path = link[link.index("/team") :]
    assert jean.get(path).status_code == 410


def test_a_calendar_link_of_who_has_left_stays_over_when_they_are_back(team, jean):
    with signed_in(team, "marie") as marie:
        marie.post("/team/calendar/link")
    old = calendar_version(team)
    team.team.end("marie", by="root")
    team.team.add("marie", name="", email="marie@atelier.example", roles=[Role.VIEWER], by="root")

    new_calendar_link(by="marie", store=team.store, clock=team.clock)
    assert calendar_version(team) > old > 0


def calendar_version(team) -> int:
    return person(team, "marie").calendar_version
