"""Going from page to page in a browser, where a page may load again by itself meanwhile."""

from collections.abc import Callable

from playwright.sync_api import Error, Frame, Page, Response

TRIES = 5
OVERTAKEN = ("net::ERR_ABORTED", "interrupted by another navigation")
"""What is said of a way that the page has crossed by a way of its own."""


def go_to(page: Page, address: str) -> Response:
    """What is there. Goes again where the page was about to load by itself."""
    for _ in range(TRIES - 1):
        try:
            answer = page.goto(address)
        except Error as error:
            if not any(sign in str(error) for sign in OVERTAKEN):
                raise
        else:
            if answer is not None:  # else the page had just gone there by itself
                return answer
    answer = page.goto(address)
    assert answer is not None
    return answer


def answer_to(page: Page, act: Callable[[], object]) -> Response:
    """The page that `act` led to, loaded: no other that the old one loads by itself counts."""
    here = {page.url, page.url.partition("?")[0]}
    answers: list[Response] = []

    def note(response: Response) -> None:
        request = response.request
        if not request.is_navigation_request() or request.frame != page.main_frame:
            return
        sends_on = 300 <= response.status < 400
        loads_again = request.method == "GET" and not request.redirected_from
        if not sends_on and not (loads_again and request.url in here):
            answers.append(response)

    def arrived(frame: Frame) -> bool:
        return frame == page.main_frame and bool(answers)

    page.on("response", note)
    try:
        with page.expect_event("framenavigated", arrived):
            act()
    finally:
        page.remove_listener("response", note)
    page.wait_for_load_state()
    return answers[-1]
