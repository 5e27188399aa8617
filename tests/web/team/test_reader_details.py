"""People, suppressions and files of people in the cases that come up seldom."""

import re
from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.config.files.problems import InvalidValueError
from dispatch.config.people.columns import columns_of, known_cadence
from dispatch.config.people.headings import name_parts
from dispatch.config.people.subscribers import count_lines, read_subscribers
from dispatch.config.splice.change import Put, Remove
from dispatch.errors import Conflict
from dispatch.model.people.form import Form, FormField
from dispatch.model.people.suppression import Target
from dispatch.model.people.upload import Choices
from dispatch.model.team.role import Role
from dispatch.pipeline.people.edit_subscriber import edit_subscriber, mark_of
from dispatch.pipeline.people.languages import languages_of
from dispatch.pipeline.people.show_form import html_to_paste, json_call
from dispatch.pipeline.people.work_on_upload import work_on_upload
from dispatch.pipeline.workspace.plan_forms import removal_of, written_forms
from dispatch.store.database.schema import suppressions
from dispatch.web.team.readers.form_changes import Posted, changes_of
from dispatch.web.team.readers.told import language_of
from dispatch.words.catalogues import team_words_in, words_in
from team_stage import join, signed_in

CAMILLE, AMINA = "camille.moreau@readers.example", "amina.diallo@readers.example"


@pytest.fixture
def team(app):
    join(app, "ada", Role.EDITOR)
    join(app, "jean", Role.OWNER)
    return app


@pytest.fixture
def ada(team):
    with signed_in(team, "ada") as ada:
        yield ada


@pytest.fixture
def jean(team):
    with signed_in(team, "jean") as jean:
        yield jean


def page_of(app, email: str) -> str:
    return f"/team/subscribers/{app.people.find(email).public_id}"


def bring(app, number: int) -> None:
    path = app.folder / "subscribers" / "readers.csv"
    people = "".join(f"p{one:03}@x.org,fr\n" for one in range(number))
    path.write_text("email,locale\n" + people, encoding="utf-8")
    list(app.people.import_files())


def test_a_suppression_is_asked_about_before_it_is_lifted_by_who_may(team, ada, jean):
    ada.post("/team/suppressions", data={"address": "gone@x.org", "reason": "bounced"})
    part = urlsafe_b64encode(b"gone@x.org").decode().rstrip("=")

    asked = jean.get(f"/team/suppressions?lift={part}").text
    not_theirs = ada.get(f"/team/suppressions?lift={part}").text

    assert f'action="/team/suppressions/{part}/lift"' in asked
    assert f"/{part}/lift" not in not_theirs
    assert jean.get("/team/suppressions?lift=%C3%A4").status_code == 404


def test_what_is_known_of_an_address_that_is_looked_for_is_said(team, ada):
    team.people.erase(CAMILLE, source="their wish", by="jean")
    said = {
        text: re.sub(r"\s+", " ", ada.get("/team/suppressions", params={"q": text}).text)
        for text in (CAMILLE, "new@x.org", "not an address")
    }

    assert "new@x.org is not suppressed" in said["new@x.org"]
    assert f"{CAMILLE} is not suppressed" not in said[CAMILLE]
    assert "is not suppressed" not in said["not an address"]
    assert "Whoever had this address was erased." in said[CAMILLE]
    assert "Whoever had this address was erased." not in said["new@x.org"]


def test_a_long_list_of_suppressions_is_taken_in_paged_and_taken_out_whole(ada):
    rows = "".join(f"s{one:04}@x.org,bounced\n" for one in range(1001))
    file = {"file": ("out.csv", f"address,reason\n{rows}".encode())}

    taken = ada.post("/team/suppressions/import", files=file, data={"why": "from before"})
    first = ada.get("/team/suppressions?q=x.org").text
    older = re.search(r'href="([^"]*before=[^"]+)"', first)[1].replace("&amp;", "&")
    second = ada.get(older).text
    domains = ada.get("/team/suppressions?what=domains").text
    asked = ada.get("/team/suppressions?what=asked")
    odd = [ada.get(f"/team/suppressions?before={one}").text for one in ("x", "2026-07-06T08:00 a")]
    out = ada.post("/team/suppressions/export").text.split()
    no_sheet = ada.post("/team/suppressions/import", files={"file": ("a.csv", b"PK\x03\x04\0\0")})

    shown = [set(re.findall(r"s\d{4}@x", one)) for one in (first, second, *odd)]
    assert taken.headers["location"] == "/team/suppressions?said=suppressions_taken_in&n=1001"
    assert [len(one) for one in shown] == [50, 50, 50, 50]
    assert shown[0].isdisjoint(shown[1])
    assert shown[2] == shown[3] == shown[0]
    assert "q=x.org" in older
    assert re.findall(r"s\d{4}@x", domains + asked.text) == []
    assert len({one for one in out if "@x.org" in one}) == 1001
    assert (asked.status_code, no_sheet.status_code) == (200, 422)


def test_what_is_done_with_several_takes_a_ground_and_what_it_is(team, ada):
    ids = [team.people.find(one).public_id for one in (CAMILLE, AMINA)]
    whole = {"ids": ids, "sure": "yes", "source": "phone", "audience": "readers", "topic": "a"}
    lacking = [
        {"do": "end", "source": " "},
        {"do": "end", "audience": "nobody"},
        {"do": "topic", "source": ""},
        {"do": "topic", "topic": " | "},
        {"do": "nothing"},
    ]

    answers = [ada.post("/team/subscribers/chosen", data=whole | one) for one in lacking]

    assert [one.status_code for one in answers] == [422] * 5
    with team.store.read() as tx:
        assert tx.audit.page() == []
    assert "a" not in team.people.find(CAMILLE).topics


def test_one_person_is_looked_after_only_with_all_that_it_takes(team, ada):
    page = page_of(team, CAMILLE)
    wrong = [
        ada.post(f"{page}/cadence", data={"cadence": "hourly"}),
        ada.post(f"{page}/end", data={"why": "by phone"}),
        ada.post(f"{page}/suppress", data={"reason": " "}),
        ada.post(
            "/team/subscribers/new",
            data={
                "email": "never@x.org",
                "audience": "readers",
                "source": "fair",
                "again": "yes",
            },
        ),
    ]
    with team.store.read() as tx:
        before = tx.audit.page()
    not_offered = ada.post(f"{page}/cadence", data={"cadence": "daily"})
    given_back = ada.post(f"{page}/cadence", data={"cadence": "default"})

    assert [one.status_code for one in (*wrong, not_offered)] == [422] * 5
    assert before == []
    assert given_back.headers["location"] == f"{page}?said=cadence_noted"


def test_a_long_list_of_people_stands_on_pages(team, ada):
    bring(team, 60)

    def walk(query):
        first = ada.get(f"/team/subscribers?{query}").text
        next_page = re.search(r'href="([^"]*(?:before|after)=\d+[^"]*)"', first)[1]
        second = ada.get(next_page.replace("&amp;", "&")).text
        return [set(re.findall(r"p\d{3}@x", one)) for one in (first, second)]

    for query in ("audience=readers", "segment=locale+%3D%3D+'fr'", "q=p0"):
        first, second = walk(query)
        assert len(first) in range(40, 51)
        assert first.isdisjoint(second)
        assert second


def test_what_is_known_already_or_is_of_somebody_erased_is_not_noted(app, clock):
    camille = app.people.find(CAMILLE)
    about = {"source": "phone", "by": "ada", "store": app.store, "clock": clock}

    same = edit_subscriber(camille.id, {"name": camille.name}, seen="", **about)
    app.people.erase(CAMILLE, source="their wish", by="ada")
    with pytest.raises(Conflict, match="erased"):
        edit_subscriber(camille.id, {"name": "C."}, seen=mark_of(camille), **about)

    assert same == ()


def test_a_file_comes_in_for_who_is_sure_and_has_seen_what_would_come_of_it(app, ada):
    data = {"audience": "readers", "ground": "fair"}
    files = {"file": ("new.csv", b"email\nnew@x.org\n")}
    at = ada.post("/team/subscribers/import", data=data, files=files).headers["location"]
    base = data | {"import": "yes", "seen": "1"}

    unsure = ada.post(at, data=base)
    outdated = ada.post(at, data=base | {"sure": "yes", "seen": "2"})
    done = ada.post(at, data=base | {"sure": "yes"})

    assert [one.status_code for one in (unsure, outdated, done)] == [422, 409, 303]
    assert app.people.find("new@x.org").email == "new@x.org"


def test_a_long_job_notes_how_far_it_is_and_a_wrong_column_keeps_a_file_out(app, clock):
    def ticking():
        clock.advance(timedelta(seconds=2))
        return clock()

    def worked_on(columns):
        choices = Choices("readers", columns=columns)
        public_id = app.uploads.take("new.csv", b"email\nnew@x.org\n", choices, by="ada")
        folder = app.settings.state_folder
        work_on_upload(
            app.people, store=app.store, clock=ticking, folder=folder, public_id=public_id
        )
        return app.uploads.find(public_id)

    through, wrong = worked_on({}), worked_on({"Nickname": "name"})

    assert (through.done, through.figures["readable"], through.figures["new"]) == (1, True, 1)
    assert not wrong.figures["readable"]
    assert "Nickname" in wrong.figures["problems"][0]


@pytest.mark.parametrize(
    ("text", "forms"), [("a: [", None), ("- a", None), ("forms: {a: {}}", {"a": {}})]
)
def test_what_a_file_says_of_forms_is_found_or_nothing(text, forms):
    assert written_forms(text) == forms


def test_the_last_form_leaves_a_file_that_has_none(app):
    [change] = removal_of("readers", None, app.workspace)

    assert (change.path, change.value) == (("forms",), {})


def test_a_form_that_goes_leaves_the_others_as_the_file_has_them_or_writes_them(app):
    forms = {name: Form(name, ("readers",)) for name in ("readers", "fest")}
    two = replace(app.workspace, forms=forms)

    assert removal_of("fest", {"fest": {}, "readers": {}}, two) == [Remove(("forms", "fest"))]
    assert removal_of("fest", None, two) == [Put(("forms", "readers"), {"audiences": ["readers"]})]


@pytest.mark.parametrize(
    ("topics", "field"),
    [("", "topics"), (" a | |b ", {"topics": {"choices": ["a", "b"]}})],
)
def test_topics_are_a_field_with_choices_where_there_are_any(app, topics, field):
    texts = {"topics": topics, "confirm": "double"}
    many = {"fields": ["topics"], "audiences": ["readers"]}
    posted = Posted(lambda name: texts.get(name, ""), many.get, welcome=False)

    [change] = changes_of("fest", posted, {}, app.workspace)

    assert change == Put(("forms", "fest"), {"audiences": ["readers"], "fields": [field]})


def test_a_language_that_nobody_knows_is_called_what_it_is_called():
    words = words_in("en")

    assert [language_of(words, tag) for tag in ("", "fr", "zz", "no-such-one")] == [
        "",
        "French",
        "zz",
        "no-such-one",
    ]


def test_a_form_is_shown_with_what_its_fields_offer(app):
    fields = (FormField("cadence"), FormField("topics", choices=("ai", "music")), FormField("town"))
    plain, full = Form("plain", ("readers",)), Form("full", ("readers",), fields=fields)

    page = html_to_paste(full, app.workspace, words_in("en"))

    assert '"fields": {"topics": ["ai"], "town": "..."}' in json_call(full, app.workspace)
    assert '"fields"' not in json_call(plain, app.workspace)
    assert 'name="topics" value="music"' in page
    assert 'name="cadence"' not in page  # one campaign leaves no choice


def test_the_rows_of_a_file_are_counted_about_and_none_of_one_that_is_gone(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("email\na@x.org\nb@x.org\n")

    assert count_lines(path) == 2
    assert count_lines(tmp_path / "gone.csv") == 0


def test_a_cadence_that_nobody_knows_is_refused_with_those_that_are():
    with pytest.raises(InvalidValueError, match="is no cadence") as refused:
        known_cadence("hourly")

    assert "weekly" in refused.value.advice
    assert known_cadence("Weekly") == "weekly"


@pytest.mark.parametrize(
    ("cells", "is_row"),
    [(["Ada", "ada@x.org"], True), (["Ada", "no address"], False), (["ada@x.org"], False)],
)
def test_cells_look_like_a_row_where_there_are_as_many_and_an_address(cells, is_row):
    assert columns_of(["name", "email"]).is_row(cells) is is_row


def test_odd_rows_are_read_with_the_same_care_as_even_ones(tmp_path):
    path = tmp_path / "readers.csv"
    rows = [
        "email,first name,last name,cadence,consented_at,Verein,Newsletter",
        "ada@x.org,Ada,Lovelace,weekly,2026-01-31,,yes",
        "ADA@x.org,Ada,L.,weekly,31/31/2026,,yes",  # odd, and twice
        "bob@x.org,Bob,Byron,weekly,2026-01-31",  # too short, so that nothing says yes
        "cy@x.org,Cy,Clare,\u200b,31/31/2026,,yes",
        "dee@x.org,Dee,Dane,never,,,yes",
        "eve@x.org,Eve,Eden,each moon,31/31/2026,,yes",
        "fay@x.org,Fay,Ford,,31/31/2026,,",
    ]
    path.write_text("\n".join(rows), encoding="utf-8")

    file = read_subscribers(path)

    assert [(row.line, row.name, row.cadence) for row in file.rows] == [
        (2, "Ada Lovelace", "weekly"),
        (5, "Cy Clare", ""),
        (7, "Eve Eden", "each moon"),
    ]
    assert [(one.line, one.key) for one in file.problems] == [
        (3, "email"),
        (5, "consented_at"),
        (7, "consented_at"),
        (7, "cadence"),
        (8, "consented_at"),
        (None, "newsletter"),
    ]
    left_out = ("line 4 (no word in 'newsletter')", "line 6 ('never')", "line 8 (no word in ")
    assert all(one in file.problems[-1].problem for one in left_out)


def test_a_heading_of_odd_signs_stands_in_quotes_where_it_is_to_be_copied(tmp_path):
    path = tmp_path / "readers.csv"
    path.write_text("email,Newsletter (Verein)\na@x.org,yes\nb@x.org,maybe\n", encoding="utf-8")

    [problem] = read_subscribers(path).problems

    assert "columns: {'Newsletter (Verein)': ignore}" in problem.advice


@pytest.mark.parametrize(
    ("names", "parts"),
    [
        (["apellidos", "nombre", "email"], (1, 0)),
        (["name", "vorname", "email"], (1, 0)),
        (["name", "first_name", "last_name"], ()),
        (["email"], ()),
    ],
)
def test_a_name_in_two_columns_is_put_together_unless_one_has_the_whole(names, parts):
    assert name_parts(names) == parts


def test_a_template_whose_words_cannot_be_read_brings_no_language(app):
    all_of_it = languages_of(app.workspace)
    for file in app.folder.glob("templates/*/words.yaml"):
        file.unlink()

    assert all_of_it
    assert languages_of(app.workspace) == []


def test_a_long_list_of_domains_leads_to_more_domains(ada):
    rows = "".join(f"@d{one}.example\n" for one in range(51))
    ada.post("/team/suppressions/import", files={"file": ("d.csv", f"address\n{rows}".encode())})

    first = ada.get("/team/suppressions?what=domains").text
    older = re.search(r'href="([^"]*before=[^"]+)"', first)[1].replace("&amp;", "&")
    second = ada.get(older).text

    shown = [set(re.findall(r"@d\d+\.example", one)) for one in (first, second)]
    assert [len(one) for one in shown] == [50, 1]
    assert len(shown[0] | shown[1]) == 51


def test_an_address_that_a_lost_database_suppressed_is_known_as_such(team, ada):
    team.people.suppress(Target(AMINA), reason="bounced", by="ada")
    with team.store.begin() as tx:
        tx._connection.execute(suppressions.delete())

    text = ada.get("/team/suppressions", params={"q": AMINA}).text

    assert f"{AMINA} is not suppressed" not in text
    assert team_words_in("en")("suppressions.before") in text
