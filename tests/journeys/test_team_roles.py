"""Who may do what, in two browsers at once: with JavaScript and without, in both languages."""

import socket

import pytest
from playwright.sync_api import sync_playwright

from app_stage import change, opened, workspace_in
from dispatch.model.team.role import Role
from dispatch.testing.clock import FakeClock
from dispatch.web.routes import new_web
from dispatch.web.team.cookie import PLAIN
from pages_stage import CHROMIUM
from team_stage import TOKEN, join
from web_stage import serving

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is missing")

BUTTONS = {"jean": ("Save", "Remove"), "josette": ("Enregistrer", "Retirer")}
"""In the language of each."""

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture
def site(tmp_path, migrated_sqlite):
    """The pages of a team of three, and a browser in which somebody has signed in."""
    folder = workspace_in(tmp_path / "letters", migrated_sqlite)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        change(folder, "https://letter.atelier.example", url)
        with opened(folder, FakeClock()) as app:
            join(app, "jean", Role.OWNER, name="Jean Kervella")
            join(app, "josette", Role.OWNER, name="Josette Aubert", locale="fr")
            join(app, "ada", Role.ADMIN, name="Ada Lindqvist")
            with serving(new_web(app), listener=listener), sync_playwright() as player:
                chromium = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])

                def page_of(handle: str, **window):
                    context = chromium.new_context(**window)
                    cookie = {"name": PLAIN, "value": TOKEN + handle, "url": url}
                    context.add_cookies([cookie])
                    page = context.new_page()
                    page.goto(f"{url}/team/people")
                    return page

                yield app, page_of
                chromium.close()


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize(("handle", "size"), [("jean", WIDE), ("josette", PHONE)])
def test_a_role_is_lost_with_the_next_page_and_somebody_leaves_at_once(site, handle, size, scripts):
    app, page_of = site
    save, remove = BUTTONS[handle]
    window = {"viewport": size, "java_script_enabled": scripts}
    owner, ada = page_of(handle, **window), page_of("ada")

    owner.click("text=Ada Lindqvist")
    owner.uncheck("input[value=admin]")
    owner.check("input[value=editor]")
    owner.get_by_role("button", name=save, exact=True).click()
    owner.wait_for_selector("[role=status]")
    ada.reload()

    assert "/team/sign-in" in ada.url
    with app.store.read() as tx:
        assert tx.persons.get("ada").roles == (Role.EDITOR,)
    owner.click("text=Ada Lindqvist")
    owner.get_by_role("button", name=remove, exact=True).click()
    owner.get_by_role("button", name=f"{remove} Ada Lindqvist", exact=True).click()
    owner.wait_for_selector("[role=status]")
    assert owner.get_by_text("Ada Lindqvist").count() == 0
    with app.store.read() as tx:
        assert tx.persons.get("ada").ended is not None
        acts = [line.act for line in tx.audit.page(by=handle)]
    assert acts == ["person.end", "person.change"]


@pytest.mark.parametrize("scripts", [True, False])
def test_settings_are_saved_and_the_comments_of_the_file_are_kept(site, scripts):
    app, page_of = site
    change(app.folder, "locale: en", "locale: en  # as the readers of the first year")
    page = page_of("jean", viewport=PHONE, java_script_enabled=scripts)

    page.goto(page.url.replace("/people", "/settings"))
    page.fill("#locale", "fr")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_selector("[role=status]")

    text = (app.folder / "schedules.yaml").read_text(encoding="utf-8")
    assert "locale: fr  # as the readers of the first year" in text
