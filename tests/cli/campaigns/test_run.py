"""`dispatch run`: once, twice, rehearsed, and with somebody who has to approve."""

from datetime import date

from app_stage import opened
from dispatch.model.editions.piece import Piece, PieceKind
from dispatch.model.editions.standing import Again
from dispatch.pipeline.editions.change_standing import stand_piece
from dispatch.providers.outbox import Outbox
from dispatch.testing.clock import FakeClock

READERS = {
    "amina.diallo@readers.example",
    "camille.moreau@readers.example",
    "jonas.weber@readers.example",
    "kenji.sato@readers.example",
    "lucie.tremblay@readers.example",
    "noor.haddad@readers.example",
    "o.hara@readers.example",
    "reader@readers.example",
}
FRENCH = {"amina.diallo@readers.example", "camille.moreau@readers.example"}


def test_a_run_writes_to_everybody_and_tells_it(dispatch, workspace):
    ended = dispatch("run", "weekly")

    assert (ended.code, ended.err) == (0, "")
    assert dispatch.copies() == dict.fromkeys(READERS, 1)
    assert len(list(workspace.glob("outbox/social/*.json"))) == 8
    for word in ("readers", "atelier", "notebook", "Une signature pour deux", "accepted", "outbox"):
        assert word in ended.out


def test_a_second_run_sends_nothing_and_says_why(dispatch, weekly_is_out):

    ended = dispatch("run", "weekly")
    told = dispatch("run", "weekly", "--json").json

    assert ended.code == 0
    assert "The Atelier Letter: there is no new post - no edition was made" in ended.out
    assert (told["skipped"], told["edition"], told["deliveries"]) == (
        "there is no new post",
        None,
        [],
    )
    assert dispatch.copies() == dict.fromkeys(READERS, 1)


def test_a_dry_run_tells_everything_and_keeps_nothing(dispatch, workspace):
    ended = dispatch("run", "weekly", "--dry-run")
    told = dispatch("run", "weekly", "--dry-run", "--json").json

    assert (ended.code, ended.err) == (0, "")
    assert "Une signature pour deux" in ended.out
    assert "was in the feed before the first poll" in ended.out
    assert told["would_deliver"] == {"outbox": 16}
    assert told["pieces"] == []
    assert not (workspace / "outbox").exists()
    for table in (["posts", "list"], ["subscribers", "list"], ["editions", "list"]):
        assert dispatch(*table, "--json").json == []
    assert dispatch("run", "weekly", "--json").json["deliveries"][0]["counts"] == {"accepted": 16}


def test_a_dry_run_counts_those_who_still_wait_for_an_earlier_edition(dispatch, waiting):
    dispatch("editions", "approve", waiting)

    ended = dispatch("run", "bulletin", "--dry-run")

    assert f"edition {waiting[:8]} would be gone on with first: 2 deliveries" in ended.out
    assert dispatch.copies() == {}


def test_an_edition_waits_until_it_is_approved(dispatch):
    first = dispatch("run", "bulletin")
    again = dispatch("run", "bulletin")

    [edition] = dispatch("editions", "list", "--json").json
    asked = f"Le Bulletin: edition {edition['edition']} waits for approval - look at it with"
    assert (first.code, again.code) == (0, 0)
    assert asked in first.out
    assert asked in again.out
    assert (edition["state"], dispatch.copies()) == ("in review", {})


def test_what_was_approved_is_what_goes_out(dispatch, waiting):
    dispatch("editions", "approve", waiting[:6], "--by", "marie")
    dispatch.edit("{{", "EDITED {{", "templates/bulletin/subject.txt")
    dispatch.edit("title: Le Bulletin", "title: Another Name")

    ended = dispatch("run", "bulletin", "--json")

    assert (ended.code, ended.json["deliveries"][0]["counts"]) == (0, {"accepted": 2})
    assert dispatch.copies() == dict.fromkeys(FRENCH, 1)
    for mail in dispatch.mails():
        assert "EDITED" not in mail["Subject"]
        assert "Another Name" not in mail.as_string()
    [edition] = dispatch("editions", "list", "--json").json
    assert (edition["approved_by"], edition["state"]) == ("marie", "finished")


def test_a_rejected_edition_never_goes_out_and_its_posts_are_free_again(dispatch, waiting):

    rejected = dispatch("editions", "reject", waiting, "--reason", "wrong lead story")

    assert rejected.code == 0
    assert dispatch("editions", "approve", waiting).code == 1
    assert dispatch("run", "bulletin", "--json").json["waiting_for_approval"] != [waiting]
    assert dispatch.copies() == {}


def test_an_edition_is_approved_once(dispatch, waiting):
    dispatch("editions", "approve", waiting)

    again = dispatch("editions", "approve", waiting)

    assert again.code == 1
    assert again.err == (
        f"edition {waiting[:8]} is approved already - 'dispatch editions request-changes' holds it "
        "back, 'reject' drops it\n"
    )


def test_somebody_who_left_meanwhile_gets_nothing(dispatch, waiting):
    dispatch("editions", "approve", waiting)
    dispatch("subscribers", "end", "camille.moreau@readers.example", "--source", "asked by phone")

    dispatch("run", "bulletin")

    assert dispatch.copies() == {"amina.diallo@readers.example": 1}


def test_a_bug_in_a_provider_spoils_neither_the_json_nor_a_secret(dispatch, monkeypatch):
    def buggy(_self, _batch):
        password = "hunter22"
        raise RuntimeError(f"length {len(password)}")

    monkeypatch.setattr(Outbox, "send", buggy)

    ended = dispatch("run", "weekly", "--json", bug=True)

    assert ended.code == 1
    assert ended.json["deliveries"][0]["counts"] == {"pending": 16}
    assert "hunter22" not in ended.out + ended.err


def test_who_is_in_no_file_any_more_is_told(dispatch, weekly_is_out):
    dispatch.write("email\nme@acme.com\n", "subscribers/readers.csv")

    ended = [dispatch("run", "weekly", *more) for more in (["--dry-run"], [])]

    words = "subscribers/readers.csv: in audience 'readers' 9, in the file 1: 8 in no file (amina."
    assert [one.err.startswith(words) for one in ended] == [True, True]


def test_a_dry_run_tells_what_comes_again(dispatch, workspace):
    piece = Piece(id="p1", kind=PieceKind.TEXT, text="Twenty-two\nchairs are left. " * 9)
    with opened(workspace, FakeClock()) as app, app.store.begin() as tx:
        again = Again(date(2099, 1, 1), ("weekly",))
        stand_piece(piece, again, after=2, tx=tx, by="ines", now=app.clock())

    ended = dispatch("run", "weekly", "--dry-run")
    [told] = dispatch("run", "weekly", "--dry-run", "--json").json["pieces"]

    assert "Pieces that come again" in ended.out
    assert (told["piece"], told["kind"], told["after"]) == (1, "text", 2)
    assert told["says"].startswith("Twenty-two chairs are left.")
