"""Forms in schedules.yaml: what they become, and what is said about those that lead nowhere."""

from datetime import timedelta

import pytest

from dispatch.model.people.form import Confirm, FormField

FILE = """\
sender: {name: The Letter, email: letter@example.org}
public_url: https://news.example.org
feeds: {blog: {url: "file:feeds/blog.xml"}}
channels:
  mail: {provider: smtp, options: {host: mail.example.org}}
campaigns:
  weekly:
    feeds: [blog]
    email: {audience: readers, template: weekly, via: mail}
  notes: {feeds: [blog], social: [{template: weekly}]}
"""
FORM = FILE + "forms:\n  news: {audiences: [readers], %s}\n"


def test_without_forms_each_audience_has_one_that_goes_by_its_campaigns_channel(load):
    [form] = load(FILE).forms.values()

    assert (form.name, form.audiences, form.via) == ("readers", ("readers",), "mail")
    assert (form.confirm, form.fields, form.welcome) == (Confirm.DOUBLE, (), "")


def test_where_the_file_says_that_there_are_none_there_are_none(load):
    assert load(FILE + "forms: {}\n").forms == {}


def test_a_form_is_what_its_keys_say(load, folder):
    (folder / "refused.txt").write_text("Mailinator.com\n@bücher.example\n\ninfo@ # a role\n")
    keys = """
      fields: [name, {topics: {choices: [AI, 2026]}}, {company: {label: Firm, required: yes}}],
      consent: "I agree\n      to it", welcome: yes, remind: 3d, confirm: single,
      refuse: refused.txt,
      return: ["https://example.org/thanks"], origins: ["https://Example.org:8443/"],
      proof_of_work: yes, per_hour: 50, privacy: "https://example.org/privacy" """
    workspace = load(FORM % keys + "audiences: {readers: {title: Our Letter, about: Weekly.}}")
    form = workspace.form("news")

    assert form.fields == (
        FormField("name"),
        FormField("topics", choices=("AI", "2026")),
        FormField("company", "Firm", required=True),
    )
    assert form.refuse == ("mailinator.com", "xn--bcher-kva.example", "info")
    assert form.consent == "I agree to it"
    assert (form.welcome, form.remind, form.via) == ("weekly", timedelta(days=3), "mail")
    assert (form.returns, form.origins) == (
        ("https://example.org/thanks",),
        ("https://example.org:8443",),
    )
    assert (form.proof_of_work, form.per_hour, form.confirm) == (True, 50, Confirm.SINGLE)
    assert workspace.audience_title("readers") == "Our Letter"
    assert workspace.form_for("readers") is form


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (
            "audiences: [raeders]",
            "audiences[0]: unknown audience 'raeders' - did you mean 'readers'?",
        ),
        ("welcome: wekly", "welcome: unknown campaign 'wekly' - did you mean 'weekly'?"),
        ("welcome: notes", "welcome: campaign 'notes' has no email - known are: weekly"),
        ("welcome: no", "welcome: unknown campaign 'no' - known are: weekly"),
        ("via: mial", "via: unknown channel 'mial' - did you mean 'mail'?"),
        ("template: confrim", "template: there is no folder templates/confrim - known are: weekly"),
        ("fields: [nmae]", "fields: unknown field 'nmae' - did you mean 'name'?"),
        ("fields: [email]", "fields: 'email' is a name that forms use themselves - rename it"),
        ("fields: [name, name]", "fields: 'name' is named twice - name it once"),
        (
            "fields: [Firm]",
            "fields: 'Firm' cannot be a field - use lower-case letters, digits and _,",
        ),
        (
            "fields: [{a: {lable: x}}]",
            "fields: a has an unknown key 'lable' - did you mean 'label'?",
        ),
        ("fields: [cadence]", "fields: asks for a cadence, but no campaign of its audiences has"),
        ("proof_of_work: maybe", "proof_of_work: 'maybe' is neither yes nor no - write yes or no"),
        ("origins: ['https://a.org/x']", "origins[0]: 'https://a.org/x' has more than a site -"),
        ("retrun: ['https://a.org']", "retrun: unknown key - did you mean 'return'?"),
        ("consent: yes", "consent: 'yes' is nothing that people can agree to - write the"),
        ("remind: 0d", "remind: '0d' is no time while the link holds, which is 7 days - write"),
        ("remind: 7d", "remind: '7d' is no time while the link holds, which is 7 days - write"),
        ("origins: ['https://*.a.org']", "origins[0]: 'https://*.a.org' stands for many sites -"),
        ("return: ['https://*.a.org/x']", "return[0]: 'https://*.a.org/x' stands for many sites"),
        ("welcome: false", "welcome: 'False' is no campaign - name a campaign, write yes, or"),
        ("refuse: ../x", "refuse: '../x' is not a file of this workspace - write its path from"),
        (
            "fields: [topics: [AI, Drawing]]",
            "fields: what follows topics must be a group of keys - write the name alone, or {",
        ),
        ("fields: [{a: {choices: [x, '']}}]", "fields: a choice of a is empty - write a text or"),
        ("fields: [{locale: {choices: [english]}}]", "fields: unknown language 'english' - write"),
        ("consent: ' '", "consent: is empty - write what people agree to, or remove the line"),
        ("per_hour: 0", "per_hour: "),
        ("fields: name", "fields: must be a list of fields - write them so: [name, topics]"),
        (f"fields: [{', '.join(f'f{n}' for n in range(40))}]", "fields: asks for 40 things - ask"),
        ("fields: [7]", "fields: '7' is no field - "),
        ("fields: [{7: {label: x}}]", "fields: '7' cannot be a field - "),
        ("fields: [{a: {label: 7}}]", "fields: the label of a must be text - put it in quotes"),
        ("fields: [{timezone: {choices: [UTC]}}]", "fields: timezone has choices of its own - "),
        ("fields: [{a: {choices: x}}]", "fields: the choices of a must be a list of texts - "),
        (
            f"fields: [{{a: {{choices: [{', '.join(map(str, range(300)))}]}}}}]",
            "fields: a has 300 choices - ",
        ),
        (f"consent: {'long ' * 300}", "consent: is too long - write 1,000 characters at most;"),
        ("via: [mail]", "via: "),
    ],
)
def test_what_leads_nowhere_is_told_with_its_line(problems, keys, told):
    text = FORM.replace("audiences: [readers], ", "") if keys.startswith("aud") else FORM

    [problem] = problems(text % keys)

    assert problem.startswith(f"schedules.yaml:12: forms.news.{told}")


def test_an_audience_that_nothing_names_is_told(problems):
    [problem] = problems(FORM % "" + "audiences: {raeders: {title: x}}")

    told = "no campaign and no form names this audience - did you mean 'readers'?"
    assert problem == f"schedules.yaml:13: audiences.raeders: {told}"


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("https://Example.org:443/", "https://example.org"),
        ("http://example.org:80", "http://example.org"),
        ("https://Bücher.example", "https://xn--bcher-kva.example"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://[::1]:3000", "http://[::1]:3000"),
    ],
)
def test_a_site_is_known_as_browsers_write_it(load, written, sent):
    assert load(FORM % f"origins: ['{written}']").forms["news"].origins == (sent,)


def test_what_a_file_of_refusals_says_wrong_is_told_with_its_line(problems, folder):
    (folder / "refused.txt").write_text("a.org\nb org\n")

    assert problems(FORM % "refuse: refused.txt") == [
        "refused.txt:2: 'b org' is neither - write a domain or what stands before the @, one a line"
    ]
    assert problems(FORM % "refuse: gone.txt") == [
        "gone.txt: there is no such file - add it, or check the path"
    ]
    (folder / "refused.txt").write_bytes(b"caf\xe9.org\n")
    assert problems(FORM % "refuse: refused.txt") == [
        "refused.txt: is not UTF-8 - save it as UTF-8"
    ]
    (folder / "refused.txt").unlink()
    (folder / "refused.txt").mkdir()
    [problem] = problems(FORM % "refuse: refused.txt")
    assert problem.startswith("refused.txt: ")


def test_a_form_needs_a_sender_and_an_address_where_no_campaign_does(problems):
    told = problems(
        'feeds: {blog: {url: "file:feeds/blog.xml"}}\n'
        "campaigns: {notes: {feeds: [blog], social: [{template: weekly}]}}\n"
        "audiences: {readers: {title: R}}\n"
        "forms: {news: {audiences: [readers]}}\n"
    )

    assert [one.partition(" - ")[0] for one in told] == [
        f"schedules.yaml: {key}: missing key, as form 'news' writes to people"
        for key in ("public_url", "sender")
    ]
