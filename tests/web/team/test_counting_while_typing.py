"""The script's counter agrees with the server's for what people write."""

import json
import shutil
import subprocess

import pytest

from dispatch.model.text.counting import Counter, Counting
from dispatch.web.statics import FOLDER
from dispatch.web.team.review.snippets import UNITS

NODE = shutil.which("node")

TEXTS = (
    "plain https://a.example/b end",
    "Été é #x",
    "日本語のテキスト กำ",
    "👨‍👩‍👧 family 🏳️‍🌈 flag 🇫🇷 1️⃣",
    "“quotes” – dash … €",
    "𝔸 bold\nand another line",
)

PAGE = """
globalThis.document = {documentElement: {lang: "en"}, querySelectorAll: () => [],
  querySelector: () => null, addEventListener() {}};
globalThis.addEventListener = () => {};
const {measure} = await import("data:text/javascript," + encodeURIComponent(%s));
console.log(JSON.stringify(%s.map(([text, how]) => measure(text, how))));
"""


def test_each_way_of_counting_has_a_unit():
    assert set(UNITS) == set(Counting)


@pytest.mark.skipif(NODE is None, reason="node is missing")
def test_the_script_counts_as_the_server_does():
    asked, counted = [], []
    for counting, unit in UNITS.items():
        if counting in {Counting.MARKDOWN, Counting.LITTLE_TEXT}:
            continue  # what is escaped there is counted by the server alone
        link = 23 if counting in {Counting.FEDIVERSE, Counting.WEIGHTED} else None
        for text in TEXTS:
            asked.append([text, {"unit": unit, "link": link or 0}])
            counted.append(Counter(counting, link).count(text))
    script = PAGE % (json.dumps((FOLDER / "app.js").read_text("utf-8")), json.dumps(asked))

    done = subprocess.run(
        [NODE, "--input-type=module"],
        input=script,
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )

    assert json.loads(done.stdout) == counted
