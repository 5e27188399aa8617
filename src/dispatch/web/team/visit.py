"""Somebody of the team asks for a page: all that a handler works with."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from dispatch.errors import NotFound
from dispatch.model.team.person import Person, Session
from dispatch.model.team.role import Right
from dispatch.web.team.form import Form
from dispatch.web.team.frame import page
from dispatch.web.team.times import Times
from dispatch.words.catalogues import Words, team_words_in

if TYPE_CHECKING:
    from dispatch.app import App


@dataclass(kw_only=True)
class Visit:
    """`session` is None on pages for which nobody need be signed in. `form` is what was posted."""

    request: Request
    app: "App"
    words: Words
    now: datetime
    session: Session | None = None
    form: Form = field(default_factory=Form)

    @property
    def person(self) -> Person:
        """Who is signed in; only where the place asks for a right."""
        if self.session is None:
            raise NotFound("session: nobody is signed in - sign in")
        return self.session.person

    @property
    def by(self) -> str:
        """Their handle, as use cases want it."""
        return self.person.handle

    def may(self, right: Right) -> bool:
        """Whether they may do something."""
        return self.session is not None and self.person.may(right)

    @cached_property
    def times(self) -> Times:
        """Tells moments in their language, by the workspace's clocks."""
        return Times(self.words, self.app.zone, self.now)

    def in_language_of(self, person: Person) -> "Visit":
        """The same visit, answered in somebody's language: where a link says who asks."""
        words = team_words_in(person.locale) if person.locale else self.words
        return replace(self, words=words)

    @property
    def base(self) -> str:
        """The path before all addresses of the team's pages."""
        return f"{self.request.app.state.base}/team"

    def asked(self, name: str, default: str = "") -> str:
        """What the address says after its question mark; never NUL, which no database takes."""
        return self.request.query_params.get(name, default).replace("\0", "").strip()

    def part(self, name: str) -> str:
        """A part of the address, such as the name of a campaign; raises NotFound for no text."""
        part = str(self.request.path_params[name])
        if "\0" in part:
            raise NotFound("address: nothing is called that")
        return part

    def page(
        self,
        template: str,
        /,
        *,
        status_code: int = 200,
        headers: Mapping[str, str] | None = None,
        **values: object,
    ) -> HTMLResponse:
        """A page made from `pages/team/<template>`; see `frame.page` for what is in it."""
        return page(self, template, status_code=status_code, headers=headers, **values)

    def wrong(self, template: str, errors: Mapping[str, str], /, **values: object) -> HTMLResponse:
        """The same page once more (422): what was typed stays; each error stands at its field."""
        return page(self, template, status_code=422, headers=None, errors=errors, **values)

    def to(self, path: str, said: str = "", count: int | None = None) -> Response:
        """Send on after a change (303) to a path below /team, which may have a query.

        `said` is the name of the sentence that it shows then, below `said.` in the catalogue.
        """
        query = {"said": said} if said else {}
        if self.session is None and self.asked("lang") and "lang=" not in path:
            query["lang"] = self.words.tag  # who has no account goes on in the same language
        if count is not None:
            query["n"] = str(count)
        path, mark, fragment = path.partition("#")
        joint = "&" if "?" in path else "?"
        address = f"{self.base}{path}{joint if query else ''}{urlencode(query)}{mark}{fragment}"
        return RedirectResponse(address, status_code=303)
