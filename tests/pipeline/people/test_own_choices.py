"""What readers do by themselves, and what follows: pauses, another address, leaving and reasons."""

from dataclasses import replace
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest

from dispatch import ids
from dispatch.errors import BadInput, LinkOver, NotFound
from dispatch.model.campaigns.cadence import Cadence, Family
from dispatch.model.people.reader_mail import Topic
from dispatch.model.people.subscriber import Consent
from dispatch.pipeline.people.add_subscriber import add_subscriber
from dispatch.pipeline.people.change_address import (
    ask_for_new_address,
    confirm_new_address,
    find_change,
)
from dispatch.pipeline.people.endings import Endings
from dispatch.pipeline.people.erase_person import erase_person
from dispatch.pipeline.people.leave import just_left, leave, undo_leaving
from dispatch.pipeline.people.pause import end_pauses, pause_until, resume
from dispatch.pipeline.people.revoke_links import revoke_links
from dispatch.pipeline.people.save_preferences import Wishes, save_preferences
from dispatch.pipeline.people.show_preferences import show_preferences
from dispatch.pipeline.people.suppress import suppress_address
from people_stage import WORKSPACE, ask_to_move, find, move, readers, states, words
from pipeline_samples import MARKERS, Forgetful, bring_in, row, subscribe

ADA, BOB = "ada@readers.example", "bob@readers.example"
DAILY_OR_WEEKLY = {Cadence.DAILY: "letter-daily", Cadence.WEEKLY: "letter-weekly"}
LETTER = Family("letter", "The Letter", "readers", Cadence.WEEKLY, DAILY_OR_WEEKLY)
WITH_CADENCES = replace(WORKSPACE, families={"letter": LETTER})


@pytest.fixture
def endings(clock):
    return Endings(Forgetful(), MARKERS, clock)


@pytest.fixture
def ada(store, clock):
    subscribe(store, clock, ADA)
    return find(store, ADA)


def pause(store, clock, person, weeks=2):
    day = (clock() + timedelta(weeks=weeks)).date()
    return pause_until(person.id, day, UTC, store=store, clock=clock)


class TestAPause:
    def test_who_pauses_is_no_reader_until_the_day_comes_where_they_are(self, store, clock, ada):
        day = (clock() + timedelta(days=10)).date()
        zone = ZoneInfo("Asia/Tokyo")

        assert pause_until(ada.id, day, zone, store=store, clock=clock) == ["readers"]
        assert (readers(store, "readers"), states(store, ADA)) == (set(), {"readers": "paused"})
        clock.advance(timedelta(days=9, hours=6, minutes=59))
        assert end_pauses(store=store, clock=clock) == 0
        clock.advance(timedelta(minutes=1))  # midnight in Tokyo
        assert [end_pauses(store=store, clock=clock) for _ in range(2)] == [1, 0]

        assert readers(store, "readers") == {ADA}
        assert words(store, ADA)[1:] == [
            ("readers", "paused", "preferences"),
            ("readers", "resumed", "the pause was over"),
        ]

    def test_no_file_and_nobody_who_adds_them_ends_or_begins_a_pause(self, store, clock, ada):
        pause(store, clock, ada)

        bring_in("readers", [row(ADA, name="Ada L.")], store=store, clock=clock)
        one = row(ADA)
        added = add_subscriber(
            one, "readers", store=store, clock=clock, ids=ids.new, markers=MARKERS
        )

        assert not added.new
        assert states(store, ADA) == {"readers": "paused"}
        assert find(store, ADA).name == "Ada L."

    def test_leaving_ends_a_pause_for_good(self, store, clock, ada, endings):
        pause(store, clock, ada)
        left = leave(ada, ["readers"], source="link", store=store, clock=clock, endings=endings)
        clock.advance(timedelta(weeks=9))

        assert left.audiences["readers"] is not None
        assert end_pauses(store=store, clock=clock) == 0
        assert resume(ada.id, store=store, clock=clock) == []
        assert states(store, ADA) == {"readers": "ended"}

    def test_who_takes_back_that_they_left_is_paused_as_before(self, store, clock, ada, endings):
        tools = {"store": store, "clock": clock, "endings": endings}
        pause(store, clock, ada)
        left = leave(ada, ["readers"], source="link", **tools)

        undone = [undo_leaving(ada, left, **tools) for _ in range(2)]

        assert undone == [["readers"], []]
        assert states(store, ADA) == {"readers": "paused"}
        clock.advance(timedelta(weeks=2))
        assert end_pauses(store=store, clock=clock) == 1

    def test_only_what_ended_a_moment_ago_can_be_taken_back(self, store, clock, ada, endings):
        tools = {"store": store, "clock": clock}
        here = just_left(ada, "readers", **tools)
        leave(ada, ["readers"], source="link", endings=endings, **tools)
        gone = just_left(ada, "readers", **tools)
        clock.advance(timedelta(hours=1, seconds=1))
        late = just_left(ada, "readers", **tools)

        assert [list(one.audiences) for one in (here, gone, late)] == [[], ["readers"], []]

    @pytest.mark.parametrize("days", [-1, 0, 400])
    def test_a_day_that_is_none_changes_nothing(self, store, clock, ada, days):
        day = (clock() + timedelta(days=days)).date()

        with pytest.raises(BadInput):
            pause_until(ada.id, day, UTC, store=store, clock=clock)

        assert states(store, ADA) == {"readers": "active"}

    def test_the_same_again_is_on_record_once(self, store, clock, ada):
        assert [pause(store, clock, ada), pause(store, clock, ada)] == [["readers"], []]
        assert pause(store, clock, ada, weeks=4) == ["readers"]


class TestAnotherAddress:
    def test_who_they_are_and_what_they_get_stays_and_no_file_brings_the_old_one_back(
        self, store, clock, ada, endings
    ):
        moved = move(store, clock, endings, ADA, BOB)

        assert (moved.reader.id, moved.reader.public_id) == (ada.id, ada.public_id)
        assert moved.reader.link_version == ada.link_version + 1
        assert words(store, BOB)[-1] == (
            "",
            "moved",
            f"moved to another address: {BOB}",
        )
        bring_in("readers", [row(ADA), row(BOB)], store=store, clock=clock)
        assert readers(store, "readers") == {BOB}
        with store.read() as tx:
            told = [(one.about, one.address) for one in tx.reader_mails.due(now=clock(), limit=9)]
        assert told == [(Topic.NEW_ADDRESS, BOB), (Topic.MOVED, ADA)]

    def test_a_suppression_stays_with_the_old_one(self, store, clock, ada, endings):
        suppress_address(ADA, reason="bounced", store=store, clock=clock, endings=endings)

        moved = move(store, clock, endings, ADA, BOB)

        with store.read() as tx:
            assert tx.suppressions.of(moved.reader.email) is None
            assert tx.suppressions.of(ADA) is not None

    def test_who_is_there_already_goes_on_and_gains_what_the_other_had(
        self, store, clock, ada, endings
    ):
        subscribe(store, clock, BOB)
        bob = find(store, BOB)
        with store.begin() as tx:
            tx.consents.give(ada.id, "notes", Consent(clock(), "x"), now=clock())
        asked = ask_to_move(store, clock, ADA, BOB)
        assert states(store, ADA) == {"readers": "active", "notes": "active"}

        moved = confirm_new_address(asked, via="m", store=store, clock=clock, endings=endings)

        assert (moved.reader.id, moved.joined_another) == (bob.id, True)
        assert states(store, ADA) == {"readers": "ended", "notes": "ended"}
        assert states(store, BOB) == {"readers": "active", "notes": "active"}
        assert words(store, ADA)[-1] == ("", "revoked", "moved to an address that is here already")
        assert words(store, BOB)[-1] == (
            "notes",
            "active",
            f"moved here from another address: {ADA}",
        )

    def test_a_link_is_confirmed_once_and_only_the_last_one_in_time(
        self, store, clock, ada, endings
    ):
        first = ask_to_move(store, clock, ADA, BOB)
        clock.advance(timedelta(hours=1))
        last = ask_to_move(store, clock, ADA, "cleo@readers.example")
        tools = {"via": "m", "store": store, "clock": clock, "endings": endings}

        with pytest.raises(LinkOver):
            confirm_new_address(first, **tools)
        assert [confirm_new_address(last, **tools).new for _ in range(2)] == [True, False]
        late = ask_to_move(store, clock, "cleo@readers.example", BOB)
        assert find_change(last, store=store, now=clock())[0].confirmed
        move(store, clock, endings, "cleo@readers.example", ADA)
        with pytest.raises(LinkOver):  # nobody is written to there any more
            find_change(last, store=store, now=clock())
        clock.advance(timedelta(days=7))
        with pytest.raises(LinkOver):
            find_change(late, store=store, now=clock())
        with pytest.raises(NotFound):
            find_change("nobody's", store=store, now=clock())
        assert find(store, BOB) is None

    def test_nobody_s_mailbox_is_filled_by_it(self, store, clock, ada):
        for number in range(9):
            asked = ask_for_new_address(
                ada,
                f"b{number}@readers.example",
                via="m",
                locale="",
                store=store,
                clock=clock,
                ids=ids.new,
            )
            assert asked

        with store.read() as tx:
            assert len(tx.reader_mails.due(now=clock(), limit=20)) == 5

    def test_a_button_pressed_twice_and_an_address_that_may_not_be_answered_write_no_mail(
        self, store, clock, ada, endings
    ):
        suppress_address(
            "never@readers.example",
            reason="complaint: never again",
            store=store,
            clock=clock,
            endings=endings,
        )

        first = ask_to_move(store, clock, ADA, BOB)
        clock.advance(timedelta(minutes=9))
        again = ask_to_move(store, clock, ADA, BOB)
        never = ask_to_move(store, clock, ADA, "never@readers.example")

        assert (again == first, never == first) == (True, False)
        with store.read() as tx:
            assert [one.address for one in tx.reader_mails.due(now=clock(), limit=9)] == [BOB]

    def test_several_readers_who_name_the_same_address_do_not_fill_its_mailbox(self, store, clock):
        people = [f"r{number}@readers.example" for number in range(5)]
        subscribe(store, clock, *people)

        changes = {ask_to_move(store, clock, one, "victim@readers.example") for one in people}

        assert len(changes) == 5
        with store.read() as tx:
            assert len(tx.reader_mails.due(now=clock(), limit=9)) == 3

    def test_a_pause_goes_along_to_who_has_the_address_already(self, store, clock, ada, endings):
        bring_in("notes", [row(BOB)], store=store, clock=clock)
        pause(store, clock, ada)

        move(store, clock, endings, ADA, BOB)

        assert states(store, BOB) == {"notes": "active", "readers": "paused"}
        clock.advance(timedelta(weeks=2))
        assert end_pauses(store=store, clock=clock) == 1
        assert readers(store, "readers") == {BOB}

    def test_the_same_address_in_other_letters_is_no_address_that_was_left(
        self, store, clock, ada, endings
    ):
        with store.begin() as tx:
            other = ADA.replace("ada", "Ada")
            made = tx.address_changes.add(ada.id, other, now=clock(), ids=ids.new)

        moved = confirm_new_address(
            made.public_id, via="m", store=store, clock=clock, endings=endings
        )

        assert (moved.reader.id, moved.reader.email, moved.old_email) == (ada.id, other, ADA)
        with store.read() as tx:
            assert not tx.endings.known(MARKERS.left(ADA, "readers"))

    def test_a_link_of_somebody_erased_at_that_moment_is_over(self, store, clock, ada, endings):
        erase_person(ada, source="page", store=store, clock=clock, endings=endings)
        with store.begin() as tx:
            made = tx.address_changes.add(ada.id, BOB, now=clock(), ids=ids.new)

        with pytest.raises(LinkOver, match="not here any more"):
            confirm_new_address(made.public_id, via="m", store=store, clock=clock, endings=endings)

        assert find(store, BOB) is None

    def test_who_was_erased_meanwhile_does_not_move(self, store, clock, ada, endings):
        asked = ask_to_move(store, clock, ADA, BOB)
        erase_person(ada, source="page", store=store, clock=clock, endings=endings)

        with pytest.raises(NotFound):
            confirm_new_address(asked, via="m", store=store, clock=clock, endings=endings)

    def test_it_brings_back_nobody_who_left_another_audience_there(
        self, store, clock, ada, endings
    ):
        subscribe(store, clock, BOB)
        leave(find(store, BOB), ["readers"], source="x", store=store, clock=clock, endings=endings)

        moved = move(store, clock, endings, ADA, BOB)

        assert moved.joined_another
        assert states(store, BOB) == {"readers": "active"}  # as the mover has asked for it there


class TestChoices:
    def test_a_choice_that_is_not_offered_changes_nothing(self, store, clock, ada, endings):
        tools = {"store": store, "clock": clock, "endings": endings}
        wishes = Wishes(joins=frozenset({"secret"}), name="X")
        with pytest.raises(BadInput):
            save_preferences(ada, lambda _: wishes, WORKSPACE, **tools)

        assert (find(store, ADA).name, states(store, ADA)) == ("", {"readers": "active"})

    def test_joining_again_by_the_link_is_a_consent_and_is_kept_beside_the_database(
        self, store, clock, ada, endings
    ):
        tools = {"store": store, "clock": clock, "endings": endings}
        leave(ada, ["readers"], source="x", **tools)

        saved = save_preferences(
            ada, lambda _: Wishes(joins=frozenset({"readers"})), WORKSPACE, **tools
        )

        assert saved.joined == ("readers",)
        assert words(store, ADA)[-1] == ("readers", "active", "preferences")
        with store.read() as tx:
            assert not tx.endings.known(MARKERS.left(ADA, "readers"))

    def test_who_was_erased_is_shown_nothing_and_changes_nothing(self, store, clock, ada, endings):
        tools = {"store": store, "clock": clock}
        erase_person(ada, source="page", endings=endings, **tools)

        with pytest.raises(NotFound):
            save_preferences(ada, lambda _: Wishes(name="A"), WORKSPACE, endings=endings, **tools)
        with pytest.raises(NotFound):
            ask_for_new_address(ada, BOB, via="m", locale="", ids=ids.new, **tools)

        assert show_preferences(ada.id, WORKSPACE, store=store, now=clock()) is None

    def test_the_cadence_that_counts_becomes_their_own_once_they_save_it(
        self, store, clock, ada, endings
    ):
        tools = {"store": store, "clock": clock, "endings": endings}

        saved = save_preferences(
            ada, lambda choices: Wishes(cadence=choices.present), WITH_CADENCES, **tools
        )

        assert saved.changed == {}
        assert find(store, ADA).cadence == Cadence.WEEKLY
        with store.read() as tx:
            assert tx.consents.choice(ada.id).own
        assert words(store, ADA)[1:] == []  # they have said nothing new

    def test_a_cadence_that_is_not_offered_changes_nothing(self, store, clock, ada, endings):
        tools = {"store": store, "clock": clock, "endings": endings}
        wishes = Wishes(cadence=Cadence.MONTHLY, name="X", leaves=frozenset({"readers"}))

        with pytest.raises(BadInput, match="'monthly' is not offered"):
            save_preferences(ada, lambda _: wishes, WITH_CADENCES, **tools)

        assert (find(store, ADA).name, states(store, ADA)) == ("", {"readers": "active"})

    def test_earlier_links_are_revoked_by_the_team(self, store, clock, ada):
        revoke_links(ADA, source="the team", store=store, clock=clock)

        assert find(store, ADA).link_version == ada.link_version + 1
        assert words(store, ADA)[-1] == ("", "revoked", "the team")
        with pytest.raises(NotFound):
            revoke_links(BOB, source="the team", store=store, clock=clock)

    def test_a_cadence_counts_only_where_it_can_be_chosen(self, store, clock, ada, endings):
        saved = save_preferences(
            ada, lambda _: Wishes(name="Ada"), WORKSPACE, store=store, clock=clock, endings=endings
        )

        assert saved.changed == {"name": "Ada"}
        assert find(store, ADA).cadence not in list(Cadence)
