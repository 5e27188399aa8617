"""A new password, for who has forgotten theirs or never had one: by a link in a mail."""

from starlette.responses import Response

from dispatch.errors import LinkOver
from dispatch.signing import mark_of
from dispatch.web.network import address_of, network_of
from dispatch.web.team import problems
from dispatch.web.team.arrival import new_browser
from dispatch.web.team.newcomers import password_error, read_email
from dispatch.web.team.sign_in import go_on
from dispatch.web.team.visit import Visit


def show(visit: Visit) -> Response:
    """Ask for an address."""
    return visit.page("reset.html", email="", asked=False)


def ask(visit: Visit) -> Response:
    """Have the link mailed; what is said is the same whoever it is."""
    email, errors = read_email(visit)
    if errors:
        return visit.wrong("reset.html", errors, email=email, asked=False)
    network = network_of(address_of(visit.request, visit.app.settings.proxies))
    visit.app.signing_in.ask_for_reset(email, network=network, locale=visit.words.locale)
    return visit.to("/reset?asked=yes")


def show_one(visit: Visit) -> Response:
    """Ask for a new password."""
    visit.session = None  # whoever has signed in here before: the link says who is meant
    try:
        person = visit.app.signing_in.whose_reset(mark_of(visit.part("token")))
    except LinkOver as error:
        return problems.over(visit, error, visit.words("sign_in.reset_over"))
    return visit.page("reset_one.html", whose=person)


def choose(visit: Visit) -> Response:
    """Keep it, and sign in."""
    visit.session = None
    mark, new = mark_of(visit.part("token")), visit.form.raw("password")
    browser, token = new_browser(visit)
    try:
        person = visit.app.signing_in.whose_reset(mark)
        if weak := password_error(visit, new, of=(person.email, person.name, person.handle)):
            return visit.wrong("reset_one.html", {"password": weak}, whose=person)
        came = visit.app.signing_in.reset_password(mark, new, browser)
    except LinkOver as error:
        return problems.over(visit, error, visit.words("sign_in.reset_over"))
    return go_on(visit, came, token, said="password_changed")
