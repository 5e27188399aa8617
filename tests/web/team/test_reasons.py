from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from dispatch.web.team.reasons import told
from dispatch.web.team.times import Times
from dispatch.words.catalogues import team_words_in

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sentence", "in_french"),
    [
        ("there is no new post", "Aucun nouveau texte"),
        (
            "there is no new post; 2 held - see 'dispatch posts held'",
            "Aucun nouveau texte\u202f; 2 textes retenus",
        ),
        ("there is 1 new post, at least 3 are needed", "1 nouveau texte, il en faut au moins 3"),
        (
            "was missed; the next slot has its posts",
            "Manqué\u202f; le créneau suivant a ses textes",
        ),
        (
            "is dated in the future (2026-11-25 08:00 UTC)",
            "Daté dans le futur\u202f: attend demain 9\u202fh\u202f00",
        ),
        (
            "feed a could not be read (<b>gone</b>)",
            'Flux a illisible (<span lang="en">&lt;b&gt;gone&lt;/b&gt;</span>)',
        ),
        (
            "there is nobody in audience 'a & b' whom the segment picks",
            "Personne dans le public a &amp; b ne la reçoit",
        ),
        ("the feed has had nothing new for 14 days", "rien de nouveau depuis 14 jours"),
        ("the feed publishes about every day", "environ 24\u202fh entre deux textes"),
        ("it failed 3 times in a row", "3 échecs de suite"),
        ("the server asks for 2 hours of patience", "le serveur demande d’attendre 2\u202fh"),
        ("nobody foresaw <this>", '<span lang="en">nobody foresaw &lt;this&gt;</span>'),
    ],
)
def test_why_a_run_made_nothing_is_told_in_the_language_of_who_reads(sentence, in_french):
    times = Times(team_words_in("fr"), ZoneInfo("Europe/Paris"), NOW)

    found = str(told(times, sentence))

    assert found.replace("\u00a0", "\u202f").replace("9 h 00", "9\u202fh\u202f00") == in_french
