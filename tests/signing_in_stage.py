"""Pages of signing in that somebody comes to by a link, or with an account of a kind."""

from dispatch.app import App
from dispatch.model.team.passes import Purpose
from dispatch.model.team.role import Role
from dispatch.pipeline.team.factor import Factor
from dispatch.pipeline.team.queue_mail import new_link

PASSWORD = "a boat of blue paper"


def with_password(app: App, *handles: str, factor: bool = False) -> None:
    """Give people a password, and perhaps an app."""
    with app.store.begin() as tx:
        for handle in handles:
            seed = Factor(app.settings.secret_keys).new_seed() if factor else ""
            hashed = app.tools.passwords.hash(PASSWORD)
            tx.persons.change(tx.persons.get(handle), password=hashed, factor=seed)


def account(app: App) -> str:
    """The account of who has a password."""
    with_password(app, "jean", "josette")
    return "/team/account"


def account_with_app(app: App) -> str:
    """The account of who has an app, too."""
    with_password(app, "jean", "josette", factor=True)
    return "/team/account"


def sign_in_with_app(app: App) -> str:
    """The page where somebody signs in who has an app."""
    with_password(app, "viewer", factor=True)
    return "/team/sign-in"


def reset(app: App) -> str:
    """The page that a link in a mail leads to."""
    seed, mark = new_link(app.tools.team_links)
    with app.store.begin() as tx:
        tx.passes.add(mark, Purpose.RESET, subject="editor", now=app.clock())
    return f"/team/reset/{app.tools.team_links.token(seed)}"


def invitation(app: App) -> str:
    """The page where somebody joins."""
    seed, mark = new_link(app.tools.team_links)
    asked = {"name": "", "email": "new@atelier.example", "by": "jean"}
    with app.store.begin() as tx:
        tx.invitations.add(mark, roles=[Role.AUTHOR, Role.APPROVER], now=app.clock(), **asked)
    return f"/team/invitations/{app.tools.team_links.token(seed)}"
