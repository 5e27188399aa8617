"""What schedules.yaml says of how the team signs in."""

import pytest

from dispatch.model.team.role import Role
from dispatch.model.team.sign_in_rule import SignInRule, SignInService

FILE = """\
feeds: {{blog: {{url: "file:feeds/blog.xml"}}}}
campaigns:
  weekly:
    feeds: [blog]
    social: [{{template: weekly}}]
team: {}
"""
SERVICE = "name: A, issuer: 'https://id.example.org/', client_id: dispatch"


def test_without_it_people_have_passwords_and_may_have_an_app(load):
    assert load(FILE.format("{}")).sign_in == SignInRule()


def test_a_service_and_what_it_says(load):
    keys = (
        "{sign_in: {second_factor: required, service: {%s, client_secret: env:SECRET,"
        " domains: [Atelier.example], roles_from: groups, roles: {heads: approver}}}}"
    )

    assert load(FILE.format(keys % SERVICE)).sign_in == SignInRule(
        second_factor=True,
        service=SignInService(
            name="A",
            issuer="https://id.example.org",
            client_id="dispatch",
            client_secret="env:SECRET",
            domains=("atelier.example",),
            roles_from="groups",
            roles={"heads": Role.APPROVER},
        ),
    )


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ("{sign_in: {second_factor: yes}}", "second_factor: "),
        ("{sign_in: {service: {name: A}}}", "issuer: missing key"),
        ("{sign_in: {service: {%s, client_secret: hunter2}}}", "secrets are named, never written"),
        ("{sign_in: {service: {%s, roles_from: groups}}}", "needs roles beside it"),
        ("{sign_in: {service: {%s, roles: {a: editor}}}}", "needs roles_from beside it"),
        ("{sign_in: {service: {%s, role: owner}}}", "is more than an address proves"),
        ("{sign_in: {service: {%s, role: editr}}}", "role: "),
        ("{sign_in: {service: {%s, domains: [x y]}}}", "domains"),
        ("{sign_on: {}}", "sign_on: unknown key - known are: sign_in"),
    ],
)
def test_what_cannot_be_meant_is_told(problems, keys, problem):
    filled = keys.replace("%s", SERVICE)

    assert problem in "\n".join(problems(FILE.format(filled)))
