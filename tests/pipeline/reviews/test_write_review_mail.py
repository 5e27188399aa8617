"""The mail to a reviewer: what it says, and what it cannot be made to say."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from channels.mail.test_mime import parsed
from dispatch.model.campaigns.approval import Otherwise, Review
from dispatch.model.campaigns.cadence import Cadence, CadenceOffer
from dispatch.model.campaigns.campaign import Each, SocialPlan
from dispatch.model.campaigns.schedule import slot_on
from dispatch.model.campaigns.sending_hours import QuietHours, SendingHours
from dispatch.model.delivery.single_mail import MailState
from dispatch.model.editions.edition import EditionState
from dispatch.model.editions.review_mail import About, ReviewMail
from dispatch.model.people.subscriber import NOBODY
from dispatch.pipeline.messages.make import finish
from dispatch.pipeline.messages.tokens import Bearer
from dispatch.pipeline.reviews.write_review_mail import MOST_BYTES, write_mail
from dispatch.testing.samples import a_post
from dispatch.words.catalogues import words_in
from pipeline_samples import LINKS, REVIEWED, WITH_SOCIAL, compose, entry, keep
from render.piece_samples import heading, link, picture, text
from render.render_samples import an_edition

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ENGLISH, FRENCH = words_in("en"), words_in("fr")
HOSTILE = 'Hi <script>alert(1)</script> & "you"\r\nBcc: all@example.org'


@pytest.fixture
def edition(store, clock):
    """Waits for approval until noon, UTC."""
    keep(store, entry("one"), entry("two"), now=clock())
    made = compose(store, clock, replace(REVIEWED, social=WITH_SOCIAL.social)).edition
    return replace(made, review=Review(needed=True, deadline=NOON))


@pytest.fixture
def mail(clock):
    """The mail that tells Marie of an edition."""

    def mail(edition, about=About.WAITS, readers=8, said="", words=ENGLISH):
        review_mail = ReviewMail(
            id=7,
            edition_id=edition.id,
            about=about,
            address="marie@example.org",
            fingerprint=edition.fingerprint,
            said=said,
            state=MailState.WAITING,
            made=clock(),
            due=clock(),
        )
        return write_mail(
            review_mail, edition, readers=readers, words=words, links=LINKS, now=clock()
        )

    return mail


def with_content(edition, **values):
    return replace(edition, content=replace(edition.content, **values))


def letter(edition, *pieces):
    """An edition of these pieces and no posts."""
    made = replace(an_edition("letter", locale="en"), posts=(), social=(), pieces=pieces)
    return replace(edition, content=made)


def facts(mail) -> dict[str, str]:
    """What it says beside names, from its text."""
    lines = mail.text.partition("\nContents:")[0].splitlines()
    return dict(line.split(": ", 1) for line in lines[3:] if ": " in line)


def commands(mail) -> list[str]:
    return re.findall(r"(?m)^  (dispatch .*)$", mail.text)


class TestTheForm:
    def test_it_is_a_well_formed_mail_of_its_own_kind(self, edition, mail, clock):
        data = finish(mail(edition), date=clock()).data

        message = parsed(data)
        assert all(part.defects == [] for part in message.walk())
        assert max(map(len, data.split(b"\r\n"))) <= 998
        assert b"\n" not in data.replace(b"\r\n", b"")
        for name in ("From", "To", "Date", "Message-ID", "Subject", "Auto-Submitted"):
            assert len(message.get_all(name)) == 1
        assert message["Auto-Submitted"] == "auto-generated"
        assert "List-Unsubscribe" not in message
        parts = [part.get_content_type() for part in message.iter_parts()]
        assert parts == ["text/plain", "text/html"]

    def test_the_same_notice_has_the_same_message_id_and_another_has_another(self, edition, mail):
        assert mail(edition).message_id == mail(edition).message_id == "<e1.notice-7@news.example>"

    def test_nothing_slips_into_the_header_or_becomes_a_tag(self, edition, mail, clock):
        posts = tuple(replace(post, title=HOSTILE) for post in edition.content.posts)
        hostile = with_content(edition, title=HOSTILE, posts=posts)
        hostile = replace(
            hostile, note=HOSTILE, author=HOSTILE, state=EditionState.CHANGES_REQUESTED
        )
        for about in About:
            written = mail(hostile, about, said=HOSTILE)
            message = parsed(finish(written, date=clock()).data)

            assert "Bcc" not in message
            assert "<script" not in written.html
            assert re.search(r"(?m)^Bcc:", written.text) is None

    def test_a_subject_is_no_longer_than_a_digests(self, edition, mail):
        assert len(mail(with_content(edition, title="Ein Wort " * 200)).subject) <= 150


class TestWhatItSays:
    def test_the_box_is_inside_the_digest_above_and_the_snippets_are_below(self, edition, mail):
        html = mail(edition).html

        body, box = html.index("<body"), html.index("The Letter waits for approval")
        digest, snippets = html.index("leave</a>"), html.index("On mastodon")
        assert body < box < digest < snippets < html.index("</body>")
        assert html.count("<body") == html.count("<html") == 1

    def test_it_says_what_goes_where_until_when_and_who_decides(self, edition, mail):
        by = replace(edition.review, by=("marie", "jean"), other_than_author=True)
        said = mail(replace(edition, review=by, author="ada"))

        assert facts(said) == {
            "Edition": "e1, for Tuesday, 24 November 2026, 08:00",
            "Digest": "8 people now of audience readers; by channel mail",
            "Snippets": "2, by channel mastodon",
            "Goes out": "as soon as it is approved",
            "Deadline": "Tuesday, 24 November 2026, 12:00 (UTC)",
            "May approve": "marie, jean, but not ada",
            "Edited by": "ada",
        }
        for title in ("Title one", "Title two"):
            assert f"{title} (blog)" in said.text
        assert "Title one https://blog.example/one" in said.text

    def test_its_commands_name_what_was_looked_at(self, edition, mail):
        assert commands(mail(edition)) == [
            "dispatch preview weekly --edition e1",
            f"dispatch editions approve e1 --by YOUR-NAME --fingerprint {edition.fingerprint[:12]}",
            "dispatch editions request-changes e1 --by YOUR-NAME --note 'WHAT'",
            "dispatch editions edit e1 --by YOUR-NAME --subject 'ANOTHER SUBJECT'",
            "dispatch editions reject e1 --by YOUR-NAME --reason 'WHY'",
        ]

    def test_what_waits_for_changes_is_not_offered_for_approval(self, edition, mail):
        asked = replace(edition, state=EditionState.CHANGES_REQUESTED, note="jean: too long")

        said = mail(asked, About.CHANGES, said=asked.note)

        assert not any("approve" in command for command in commands(said))
        assert "Requested by jean: too long." in said.text

    @pytest.mark.parametrize(
        ("values", "rule", "words"),
        [
            ({}, {}, "it is skipped, and its posts wait for the next edition."),
            ({}, {"otherwise": Otherwise.SEND}, "it goes out as it is."),
            ({"note": "jean: no"}, {"otherwise": Otherwise.SEND}, "as it was edited or objected"),
            ({}, {"deadline": None}, "It waits without a deadline."),
        ],
    )
    def test_it_says_what_happens_otherwise(self, edition, mail, values, rule, words):
        changed = replace(edition, review=replace(edition.review, **rule), **values)

        assert words in mail(changed).text

    def test_times_are_those_of_the_campaigns_clocks(self, edition, mail):
        plan = replace(edition.content.sending, timezone="Asia/Tokyo")
        tokyo = replace(edition, content=replace(edition.content, sending=plan))

        said = mail(tokyo)

        assert said.subject == "To approve by Tue 21:00: The Letter, 24 November"
        assert facts(said)["Deadline"] == "Tuesday, 24 November 2026, 21:00 (Asia/Tokyo)"

    def test_it_says_when_the_edition_leaves(self, edition, mail):
        slot = slot_on(date(2026, 11, 24), time(21), "UTC")
        night = SendingHours(QuietHours(time(22), time(7)), business_days=True)
        plan = replace(edition.content.sending, slot=slot, hours=night)
        by_zone = replace(plan, local_time=True)

        said = [
            facts(mail(replace(edition, content=replace(edition.content, sending=one))))["Goes out"]
            for one in (plan, by_zone)
        ]

        hours = "never 22:00-07:00; on business days"
        assert said == [
            f"Tuesday, 24 November 2026, 21:00 (UTC), if it is approved by then; {hours}",
            f"at 21:00 by each reader’s own clock; {hours}",
        ]

    def test_a_deadline_far_away_is_named_by_its_date(self, edition, mail):
        review = replace(edition.review, deadline=NOON + timedelta(days=7))

        subject = mail(replace(edition, review=review)).subject

        assert subject == "To approve by 1 Dec 12:00: The Letter, 24 November"

    @pytest.mark.parametrize(
        ("readers", "words"),
        [
            (0, "0 people now of audience"),
            (1, "1 person now of audience"),
            (12_345, "12,345 people now of audience"),
            (None, "nobody knows how many people, as the segment fails, of audience"),
        ],
    )
    def test_it_says_to_how_many_it_would_go(self, edition, mail, readers, words):
        assert facts(mail(edition, readers=readers))["Digest"].startswith(words)

    def test_it_is_in_the_language_of_its_words(self, edition, mail):
        said = mail(edition, words=FRENCH, readers=1)

        assert said.subject == "À approuver avant mar. 12:00\u202f: The Letter, 24 novembre"
        assert "Échéance\u202f: mardi 24 novembre 2026, 12:00 (UTC)" in said.text
        assert "1 personne à ce jour du public readers" in said.text
        assert "--by VOTRE-NOM --note 'QUOI'" in said.text
        assert said.html.count('<div lang="fr" dir="ltr"') == 2

    def test_without_email_it_is_about_snippets_alone(self, edition, mail):
        social = (SocialPlan("mastodon", "plain", Each.EDITION),)
        template = edition.content.templates["plain"] | {"snippet.txt": "<b>News</b>"}
        content = {"email": None, "social": social, "templates": {"plain": template}}

        said = mail(with_content(edition, **content))

        assert "Digest" not in facts(said)
        assert facts(said)["Snippets"] == "1, by channel mastodon"
        assert said.html.count("<body") == 1
        assert "&lt;b&gt;News&lt;/b&gt;" in said.html


class TestWhatItCannotDo:
    def test_its_unsubscribe_link_is_nobodys(self, edition, mail):
        said = mail(edition)

        links = set(re.findall(r"https://news\.example[^\s\"<]*", said.text + said.html))
        [token] = {link.partition("/unsubscribe/")[2] for link in links}
        assert LINKS.read_unsubscribe(token) == Bearer("readers", NOBODY)

    def test_it_shows_how_often_as_readers_see_it_with_a_link_that_is_nobodys(self, edition, mail):
        offered = (Cadence.DAILY, Cadence.WEEKLY)
        plan = replace(
            edition.content.email,
            offer=CadenceOffer("letter", Cadence.WEEKLY, Cadence.WEEKLY, offered),
        )
        text = "{{ links.unsubscribe }} {{ links.cadence }}"
        templates = {"plain": {**edition.content.templates["plain"], "digest.txt": text}}

        said = mail(with_content(edition, email=plan, templates=templates))

        [token] = re.findall(r"https://news\.example/preferences/(\S+)", said.text)
        assert LINKS.read_preferences(token) == Bearer("readers", NOBODY)

    def test_what_the_deadline_decided_holds_no_digest_to_be_taken_for_the_real_one(
        self, edition, mail
    ):
        rejected = replace(edition, state=EditionState.REJECTED, reason="too late")

        said = mail(rejected, About.DECIDED, said="was not approved by noon")

        assert said.subject == "Skipped at its deadline: The Letter, 24 November"
        assert "It was not approved by Tuesday, 24 November 2026, 12:00" in said.text
        assert "unsubscribe" not in said.html


class TestItsLength:
    def many(self, edition, number):
        posts = tuple(
            replace(edition.content.posts[0], id=one, title=f"Post {one} " + "é" * 400)
            for one in range(1, number + 1)
        )
        source = (
            "{% for post in edition.posts %}{{ post.title }} {% endfor %}{{ links.unsubscribe }}"
        )
        body = f"<mj-text>{source}</mj-text>"
        files = edition.content.templates["plain"]
        mjml = re.sub(r"<mj-text>.*</mj-text>", body, files["digest.mjml"], flags=re.DOTALL)
        templates = {"plain": {**files, "digest.mjml": mjml, "digest.txt": source}}
        return with_content(edition, posts=posts, templates=templates)

    def test_a_long_digest_is_shown_in_part_and_the_mail_says_where_it_is_whole(
        self, edition, mail, clock
    ):
        said = mail(self.many(edition, 120), words=FRENCH)

        data = finish(said, date=clock()).data
        look = f"dispatch preview {edition.campaign} --edition {edition.id[:8]}"
        [shown] = re.findall(r"Seuls les (\d+) premiers textes sur 120", said.text)
        assert 60_000 < len(data) <= MOST_BYTES
        assert look in said.html
        assert f"Post {shown} " in said.text
        _, _, digest = said.text.partition("=== Ce que reçoit un lecteur ===")
        assert f"Post {int(shown) + 1} " not in digest
        assert "Post 60 " in said.text
        assert "Post 61 " not in said.text + said.html

    def test_a_digest_of_one_endless_post_is_left_out(self, edition, mail, clock):
        content = self.many(edition, 1)
        endless = content.content.posts[0].title * 400
        content = with_content(content, posts=(replace(content.content.posts[0], title=endless),))

        said = mail(content)

        assert len(finish(said, date=clock()).data) <= MOST_BYTES
        assert "What a reader gets is too long for this mail." in said.text

    def test_pieces_without_posts_are_shown_as_readers_get_them(self, edition, mail):
        said = mail(letter(edition, text("Come **in**.")))

        _, _, digest = said.text.partition("=== What a reader gets ===")
        assert "Come in." in digest
        assert "Come <strong>in</strong>." in said.html
        assert "cut longer mails off" not in said.text

    def test_pieces_are_listed_where_they_stand_among_the_posts(self, edition, mail):
        posts = [a_post(7, title="First"), a_post(8, title="Second")]
        pieces = (heading("For {{ subscriber.name or 'you' }}"), text("Come **in**.", after=1),
                  picture(after=1), link("", after=2))  # fmt: skip
        made = replace(an_edition("letter", posts, locale="en"), social=(), pieces=pieces)

        said = mail(replace(edition, content=made))

        _, _, listed = said.text.partition("\nContents:\n")
        assert listed.splitlines()[:6] == [
            "  -  For you (heading)",
            "  7  First (Le Blog)",
            "  -  Come in. (text)",
            "  -  A harbour (picture)",
            "  8  Second (Le Blog)",
            "  -  https://example.org/a?b=1&c=2 (link)",
        ]

    def test_of_long_pieces_the_beginning_is_shown(self, edition, mail, clock):
        pieces = tuple(text(f"Piece {at} " + "words " * 3_000, at) for at in range(9))

        said = mail(letter(edition, *pieces))

        assert 40_000 < len(finish(said, date=clock()).data) <= MOST_BYTES
        assert "Only its beginning is below" in said.text
        _, _, digest = said.text.partition("=== What a reader gets ===")
        assert "Piece 0 " in digest
        assert "Piece 8 " not in digest
