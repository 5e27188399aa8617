"""What happens to a form that was filled in, be it posted by a page or as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from starlette.requests import Request

from dispatch.model.campaigns.cadence import Cadence
from dispatch.model.people.form import HONEYPOT, Form
from dispatch.pipeline.people.ask_to_join import Answer, Asked, ask_to_join
from dispatch.pipeline.people.form_tokens import FormToken, FormTokens
from dispatch.pipeline.people.limit_marks import LimitMarks
from dispatch.pipeline.people.proof_of_work import ProofOfWork
from dispatch.pipeline.people.read_sign_up import Given, Slip, read_sign_up
from dispatch.web.network import address_of, network_of, shortened

if TYPE_CHECKING:
    from dispatch.app import App
    from dispatch.web.flood import Flood
    from dispatch.web.turns import Turns

PURPOSE = "sign-up"
_SLIPS = {FormToken.EARLY: Slip.EARLY, FormToken.OVER: Slip.OVER, FormToken.FOREIGN: Slip.OVER}


@dataclass(frozen=True, slots=True)
class Posted:
    """One form as it was posted. `consent` is the text beside the box; `token` None: it has none.

    `page` is where the form stood, for the record.
    """

    form: Form
    given: Given
    consent: str
    language: str
    page: str
    token: str | None = None
    proof: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What to tell: what is wrong by field, until when to wait, or that all is well."""

    slips: Mapping[str, Slip] = field(default_factory=dict)
    until: datetime | None = None


async def sign_up(request: Request, posted: Posted) -> Reply:
    """Take it in; what is answered tells nothing of who is known."""
    app: App = request.app.state.app
    flood: Flood = request.app.state.flood
    form, now = posted.form, app.clock()
    address = address_of(request, app.settings.proxies)
    network = network_of(address)
    if until := flood.until(f"network {network}", f"form {form.name}", now=now):
        return Reply(until=until)
    if any(text.strip() for text in posted.given.get(HONEYPOT, ())):
        return Reply()  # who fills that in is a program, and is told what all are told
    filled = read_sign_up(
        form, posted.given, offered=cadences_of(form, app), language=posted.language
    )
    slips = dict(filled.slips) or _too_quick(posted, app, now)
    solution = None
    if not slips and form.proof_of_work:
        solution = ProofOfWork(app.settings.secret_keys, form.name).check(posted.proof, now)
        slips = {} if solution else {"proof": Slip.NO_PROOF}
    if slips:
        return Reply(slips)
    asked = Asked(
        filled.email,
        filled.profile,
        posted.consent,
        page=posted.page,
        network=network,
        kept_network=shortened(address) if keeps_networks(app) else "",
        sure=posted.token is not None,
        solution=solution.nonce if solution else "",
        solution_ends=solution.ends if solution else None,
    )
    turns: Turns = request.app.state.turns
    answer = await turns.share(_asked, form, asked, app)
    if answer.wait:
        until = app.clock() + max(answer.wait, timedelta(seconds=1))
        flood.refuse(f"form {form.name}" if answer.whole else f"network {network}", until)
        return Reply(until=until)
    return Reply({"proof": Slip.NO_PROOF} if answer.used else {})


def cadences_of(form: Form, app: "App") -> Sequence[Cadence]:
    """What can be chosen by those who join its audiences."""
    families = [one for audience in form.audiences for one in app.workspace.families_for(audience)]
    return [one for one in Cadence if any(one in family.offered for family in families)]


def keeps_networks(app: "App") -> bool:
    """Whether the workspace wants to keep on record from which network people said something."""
    return app.workspace.keep_networks


def tokens_of(form: Form, app: "App") -> FormTokens:
    """The tokens of a form's pages."""
    return FormTokens(app.settings.secret_keys, form.name)


def _too_quick(posted: Posted, app: "App", now: datetime) -> dict[str, Slip]:
    if posted.token is None:
        return {}
    said = tokens_of(posted.form, app).read(posted.token, now)
    return {"token": _SLIPS[said]} if said in _SLIPS else {}


def _asked(form: Form, asked: Asked, app: "App") -> Answer:
    return ask_to_join(
        form,
        asked,
        welcome=app.workspace.welcome_of(form, asked.profile.cadence),
        marks=LimitMarks(app.settings.secret_keys, PURPOSE),
        store=app.store,
        clock=app.clock,
        ids=app.tools.new_id,
        endings=app.tools.endings,
    )
