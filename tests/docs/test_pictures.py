"""The pictures of the tutorial are those that the journey beside it takes."""

import re

from docs.docs_pages import DOCS, ROOT

JOURNEY = ROOT / "tests/journeys/test_first_letter.py"
TUTORIAL = DOCS / "tutorial/first-letter-in-a-browser.md"


def test_each_picture_is_taken_by_the_journey_and_shown():
    taken = set(re.findall(r'picture\("([\w-]+)"\)', JOURNEY.read_text()))
    shown = set(re.findall(r"images/browser/([\w-]+)\.png", TUTORIAL.read_text()))
    there = {path.stem for path in (DOCS / "images/browser").glob("*.png")}

    assert taken == shown == there
