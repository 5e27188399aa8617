"""Going from page to page in a browser, where a page may load again by itself meanwhile."""

from collections.abc import Callable

from playwright.sync_api import Error, Frame, Page, Response

TRIES = 5
SECONDS = 30
OVERTAKEN = ("net::ERR_ABORTED", "interrupted by another navigation", f"Timeout {SECONDS}000ms")
"""What is said of a way that the page has crossed by a way of its own. Where both end in the same
moment the browser now and then says nothing at all, and the next try finds the page there."""


def go_to(page: Page, address: str) -> Response:
    """What is there. Goes again where the page was about to load by itself."""
    for _ in range(TRIES - 1):
        try:
            answer = page.goto(address, timeout=SECONDS * 1000)
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
    navigated: list[str] = []

    def is_main(frame: Frame) -> bool:
        return frame == page.main_frame

    def note(frame: Frame) -> None:
        if is_main(frame):
            navigated.append(frame.url.partition("#")[0])

    def is_answer(response: Response) -> bool:
        request = response.request
        if not request.is_navigation_request() or not is_main(request.frame):
            return False
        sends_on = 300 <= response.status < 400
        loads_again = request.method == "GET" and not request.redirected_from
        return not sends_on and not (loads_again and request.url in here)

    page.on("framenavigated", note)
    try:
        with page.expect_event("response", is_answer) as answered:
            act()
        answer = answered.value
        if answer.url.partition("#")[0] not in navigated:  # one may hear of it before the answer
            with page.expect_event("framenavigated", is_main):
                pass
    finally:
        page.remove_listener("framenavigated", note)
    page.wait_for_load_state()
    return answer
