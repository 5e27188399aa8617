"""Each kind of finding about an edition, a template and a workspace, from values alone."""

from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from shutil import rmtree
from types import SimpleNamespace

import httpx
import pytest

from app_stage import change
from dispatch.channels.takes import Takes, anything
from dispatch.config.files.problems import Severity
from dispatch.config.new_workspace import new_workspace
from dispatch.config.schedules.load import load_workspace
from dispatch.errors import BadInput, TemplateFailed
from dispatch.model.campaigns.campaign import ChannelPlan, EmailPlan
from dispatch.model.campaigns.pace import Pace
from dispatch.model.editions.edition import (
    Edition,
    EditionContent,
    EditionState,
    FeedTitle,
    OwnSnippet,
)
from dispatch.model.editions.finding import Finding, Kind
from dispatch.model.intake.feed import Image
from dispatch.model.intake.post import Post
from dispatch.pipeline.editions.check_edition import Checks, check_edition
from dispatch.pipeline.editions.check_links import check_links
from dispatch.pipeline.editions.check_texts import MOST_KEPT, CheckedTexts, TextChecks
from dispatch.pipeline.workspace.check import check_sources, check_workspace
from dispatch.pipeline.workspace.check_brand import check_brand
from dispatch.pipeline.workspace.write_template import changed_sources, check_text
from dispatch.render.local_renderer import HERE
from dispatch.render.templates.files import MOST_BYTES
from dispatch.render.templates.segment import compile_segment
from dispatch.render.trials.check import check_template
from dispatch.render.trials.check_mail import check_mail_template
from dispatch.render.trials.remark import Remark
from dispatch.store.delivery.channels import Stop
from dispatch.store.editions.link_checks import LinkCheck
from dispatch.store.events.examinations import Examination
from dispatch.store.transactions import Store
from dispatch.web.team.checks import sentences
from dispatch.web.team.times import Times
from dispatch.words.catalogues import team_words_in
from pipeline_samples import LINKS, PUBLISHER, TEMPLATE, WITH_SOCIAL

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
POST = Post(
    id=1,
    feed="blog",
    guid="one",
    link="https://blog.example/one#top",
    title="Title one",
    summary="What it says.",
    content="<p>What it says.</p>",
    authors=(),
    topics=(),
    image=None,
    language="en",
    published=NOW,
    updated=None,
    first_seen=NOW,
)
CONTENT = EditionContent(
    campaign="weekly",
    title="The Letter",
    slot=NOW.replace(tzinfo=None),
    publisher=PUBLISHER,
    feeds=(FeedTitle("blog", "Blog", "https://blog.example"),),
    posts=(POST,),
    templates={"plain": TEMPLATE},
    email=WITH_SOCIAL.email,
    social=WITH_SOCIAL.social,
)


def edition_of(content=CONTENT, fingerprint="f"):
    return Edition("e1", "weekly", "now", EditionState.IN_REVIEW, content, fingerprint, NOW)


def written(old: str, new: str, file: str = "digest.mjml") -> EditionContent:
    """The content, with other words in a file of its template."""
    assert old in TEMPLATE[file]
    changed = TEMPLATE | {file: TEMPLATE[file].replace(old, new)}
    return replace(CONTENT, templates={"plain": changed})


def texts_of(content, takes=anything):
    checks = TextChecks(links=LINKS, takes_of=takes, renderer=HERE)
    return checks.of(edition_of(content))


SHORT = Takes(provider="mastodon", max_text=12)
PICTURED = replace(CONTENT, posts=(replace(POST, image=Image("https://blog.example/a.png")),))
WROTE = replace(CONTENT, snippets=(OwnSnippet("mastodon", "1", "a text of far too many words"),))


@pytest.mark.parametrize(
    ("content", "takes", "kind", "name"),
    [
        (CONTENT, anything, Kind.FINE, "snippets_fine"),
        (written("{{ post.title }}", "{{ nothing.at.all }}"), anything, Kind.STOP, "texts"),
        (written("<p>", "<p><img src='https://a.example/a.png'>"), anything, Kind.LOOK, "pictures"),
        (
            written("<p>", "<p><img alt='a press' src='https://a.example/a.png'>"),
            anything,
            Kind.FINE,
            "pictures_fine",
        ),
        (PICTURED, anything, Kind.LOOK, "pictures"),
        (written("<p>", "<p>" + "words " * 20_000), anything, Kind.LOOK, "size"),
        (WROTE, lambda _: SHORT, Kind.STOP, "snippets_long"),
        (WROTE, anything, Kind.FINE, "snippets_fine"),
        (CONTENT, lambda _: SHORT, Kind.STOP, "snippets_long"),
    ],
)
def test_what_texts_show_by_themselves(content, takes, kind, name):
    found = {one.name: one.kind for one in texts_of(content, takes).findings}

    assert found[name] is kind


def test_without_a_digest_only_its_snippets_are_looked_at_and_their_links_asked():
    found = texts_of(replace(CONTENT, email=None))

    assert [one.name for one in found.findings] == ["texts_fine", "snippets_fine"]
    assert found.addresses == ("https://blog.example/one",)


def test_texts_are_made_once_for_each_fingerprint_of_the_last_ones():
    made = []
    checks = TextChecks(links=LINKS, takes_of=anything, renderer=HERE)
    checks._look = lambda content: made.append(content) or CheckedTexts(())

    for number in (*range(MOST_KEPT + 1), MOST_KEPT, 0):
        checks.of(edition_of(fingerprint=str(number)))

    assert len(made) == MOST_KEPT + 2  # the first one was forgotten, and is made again


class Known:
    """A store that knows little: what a case says, and otherwise an edition without trouble."""

    def __init__(self, *, links=(), stops=(), active=True, large=False, **counts) -> None:
        some = SimpleNamespace
        readers = counts.get("readers")
        tx = some(
            link_checks=some(of=lambda _: list(links)),
            channels=some(stops=lambda: list(stops)),
            examinations=some(of=lambda _: counts.get("examined", {})),
            standing=some(was_for=lambda *_, **__: []),
            subscribers=some(has_active=lambda _: active, is_larger=lambda _, than: large),
            reader_counts=some(now=lambda _: None if readers is None else some(readers=readers)),
            earlier=some(
                addressed_last=lambda _: counts.get("last", 0),
                with_its_subject=lambda _: counts.get("used"),
            ),
        )
        self.read = lambda: nullcontext(tx)


def look(store, content=CONTENT, addresses=(), per_second=None, renderer=HERE):
    texts = SimpleNamespace(of=lambda _: CheckedTexts((), addresses))
    channels = {"mail": ChannelPlan("mail", "smtp", pace=Pace(per_second=per_second))}
    checks = Checks(store=store, texts=texts, channels=channels, renderer=renderer)
    return check_edition(edition_of(content), checks, now=NOW)


def answered(status: int, problem: str = "") -> LinkCheck:
    return LinkCheck(f"https://a.example/{status}", status, problem, NOW - timedelta(hours=2))


def examined(*findings: Finding) -> dict[str, Examination]:
    return {"mail": Examination("mail", NOW - timedelta(hours=2), "jean", findings)}


NAMED = replace(CONTENT, subject="Again")
ONE_BY_ONE = replace(CONTENT, email=EmailPlan("readers", "plain", "mail", segment="false"))
FAILOVER = replace(CONTENT, email=EmailPlan("readers", "plain", "mail", failover=("spare",)))
DOWN, RESTS = Stop("mail", None, "refused", 3), Stop("mail", NOW + timedelta(hours=1), "rest", 1)
GONE = Finding(Kind.STOP, "domain_gone", {"domain": "a.example"})
FINE_LINK, DEAD_LINK = answered(200), answered(410)


@pytest.mark.parametrize(
    ("known", "asked", "kind", "said"),
    [
        ({"links": [FINE_LINK]}, {"addresses": (1,)}, Kind.FINE, "1 link answered, 2 h ago"),
        ({"links": [DEAD_LINK]}, {"addresses": (1,)}, Kind.STOP, "a.example/410 (410)"),
        ({"links": [answered(500)]}, {"addresses": (1,)}, Kind.LOOK, "a.example/500 (500)"),
        ({"links": [answered(0, "no route")]}, {"addresses": (1,)}, Kind.LOOK, "(no route)"),
        ({"links": [FINE_LINK]}, {"addresses": (1, 2)}, Kind.LOOK, "1 link"),
        ({"active": False}, {}, Kind.STOP, "readers"),
        ({"readers": 100, "last": 50}, {}, Kind.LOOK, "50"),
        ({"readers": 100, "last": 95}, {}, Kind.FINE, "100"),
        ({"readers": 36_000}, {"per_second": 1}, Kind.LOOK, "it takes about 10 hours"),
        ({"used": NOW - timedelta(days=7)}, {"content": NAMED}, Kind.LOOK, "Again"),
        ({"stops": [DOWN]}, {}, Kind.STOP, "refused"),
        ({"stops": [RESTS]}, {}, Kind.LOOK, "rest"),
        ({"stops": [DOWN]}, {"content": FAILOVER}, Kind.LOOK, "refused"),
        ({"stops": []}, {}, Kind.FINE, "2 channels"),
        ({"examined": examined(GONE)}, {}, Kind.LOOK, "doctor on mail: The DNS knows no domain a"),
        (
            {"examined": examined()},
            {},
            Kind.FINE,
            "nothing that would keep mails of mail back, 2 h",
        ),
    ],
)
def test_what_is_found_weighs_as_much_as_it_should_and_is_a_sentence(known, asked, kind, said):
    words = team_words_in()

    told = sentences(look(Known(**known), **asked), words, Times(words, UTC, NOW))

    assert [one.kind for one in told] == sorted((one.kind for one in told), key=list(Kind).index)
    assert [one.kind for one in told if said in one.text] == [kind]
    assert all(bool(one.do) is (one.kind is not Kind.FINE) for one in told)
    assert {one.css for one in told} <= {"no", "warn", "ok"}
    assert {one.sign for one in told} <= {"x", "warn", "check"}


def test_who_is_picked_is_not_guessed_for_many_nor_where_the_segment_fails():
    def fails(*_given, **_more):
        raise TemplateFailed("segment: nothing like it")

    @contextmanager
    def reading(tx_of):
        with tx_of() as tx:
            tx.subscribers.active = lambda *_, **__: iter_of([SimpleNamespace(id=1, timezone="")])
            yield tx

    def iter_of(some):
        yield from some

    def store(large):
        known = Known(large=large, readers=9)
        read = known.read
        known.read = lambda: reading(read)
        return known

    def names(large, pick):
        return [one.name for one in look(store(large), ONE_BY_ONE, renderer=rendering(pick))]

    def rendering(pick):
        return SimpleNamespace(pick=pick)

    assert names(False, lambda *_, **__: [False]) == ["nobody_picked", "channels_fine"]
    assert names(False, lambda *_, **__: [True]) == ["channels_fine"]
    assert names(False, fails) == ["channels_fine"]
    assert names(True, fails) == ["channels_fine"]


def test_an_edition_without_email_has_no_audience_to_look_at():
    found = look(Known(active=False), replace(CONTENT, email=None))

    assert found == [Finding(Kind.FINE, "channels_fine", {"count": 1})]


def test_why_a_link_gave_no_answer_is_kept_and_one_refused_by_head_is_fetched(sqlite_url, clock):
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "gone.example":
            raise httpx.ConnectError("no route to host\nmore")
        return httpx.Response(405 if request.method == "HEAD" else 200)

    addresses = ("https://gone.example/a", "https://shy.example/b", "https://a.example:x/c")
    texts = SimpleNamespace(of=lambda one: CheckedTexts((), addresses if one.id == "e1" else ()))
    store = Store(sqlite_url)
    with store.begin() as tx:
        tx.editions.add(edition_of(replace(CONTENT, posts=())))
        plain = edition_of(replace(CONTENT, posts=()), "plain")
        tx.editions.add(replace(plain, id="e2", slot_key="later"))
    with httpx.Client(transport=httpx.MockTransport(answer)) as http:
        asked = check_links(store=store, texts=texts, http=http, clock=clock)
    with store.read() as tx:
        kept = {one.address: (one.status, one.problem) for one in tx.link_checks.of(addresses)}
    store.close()

    assert asked == len(kept) == 3
    assert kept[addresses[0]] == (0, "no route to host")
    assert kept[addresses[1]] == (200, "")
    assert kept[addresses[2]][0] == 0


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A new workspace, which nobody changes."""
    folder = tmp_path_factory.mktemp("made") / "letters"
    new_workspace(folder)
    return load_workspace(folder)


TRIALS = {"check_template": check_template, "check_mail_template": check_mail_template}


@pytest.mark.parametrize(
    ("name", "file", "text", "wrong"),
    [
        ("weekly", "subject.txt", "{{ edition.title }}", None),
        ("weekly", "subject.txt", "{{ edition.tittle }}", "tittle"),
        ("weekly", "subject.txt", "{{ edition.", "subject.txt"),
        ("confirm", "mail.txt", "{{ nothing.like.it }}", "nothing"),
        ("confirm", "mail.txt", "{{ broken.", "mail.txt"),
    ],
)
def test_a_template_is_checked_as_it_is_used_before_it_is_saved(made, name, file, text, wrong):
    found = check_text(made, name, file, text, **TRIALS)

    assert wrong in str(found[0]) if wrong else found == []


def test_what_is_only_worth_a_look_keeps_no_text_from_being_saved(made):
    remark = Remark("templates/weekly/digest.mjml: 80 links - have fewer")
    sources = changed_sources(made, "weekly", "subject.txt", "A subject")
    trials = TRIALS | {"check_template": lambda *_, **__: [remark]}

    [told] = check_sources(made, "weekly", sources, trials["check_template"])

    assert (told.severity, told.problem, told.advice) == (Severity.NOTICE, "80 links", "have fewer")
    assert check_text(made, "weekly", "subject.txt", "A subject", **trials) == []


def test_no_template_is_to_blame_for_a_logo_that_cannot_be_had(made):
    publisher = made.publisher
    brand = replace(publisher.brand, logo="nowhere.png")
    other = replace(made, publisher=replace(publisher, brand=brand))

    saved = [
        check_text(other, "confirm", "mail.txt", "Press {{ link }}", **TRIALS),
        check_text(other, "weekly", "subject.txt", "A subject", **TRIALS),
    ]

    assert saved == [[], []]
    [told] = check_brand(other)
    assert str(told).endswith("brand.logo: no such file - there is none yet")


def test_links_in_snippets_are_asked_too():
    text = "See (https://shop.example/a) or us: https://letters.example/archive"
    ours = replace(PUBLISHER, public_url="https://letters.example")
    content = replace(
        CONTENT, email=None, publisher=ours, snippets=(OwnSnippet("mastodon", "1", text),)
    )

    assert texts_of(content).addresses == ("https://blog.example/one", "https://shop.example/a")


def test_a_text_that_is_far_too_long_is_never_tried(made):
    with pytest.raises(BadInput, match=r"weekly/subject\.txt: has \d+ KB - \d+ KB is the limit"):
        changed_sources(made, "weekly", "subject.txt", "x" * (MOST_BYTES + 1))


def test_a_workspace_is_told_of_its_brand_its_forms_and_its_templates(tmp_path):
    folder = tmp_path / "letters"
    new_workspace(folder)
    before = problems(folder)
    brand = "brand: {logo: nowhere.png, accent: '#ffee00'}"
    forms = "forms: {news: {audiences: [readers], consent: yes please, via: social}}"
    account = "channels: {social: {provider: mastodon, options: {server: 'https://a.example'}}}"
    change(folder, "campaigns:", f"{brand}\n{forms}\n{account}\ncampaigns:")
    change(folder, "{{", "{{ broken. {{", "templates/weekly/subject.txt")
    (folder / "templates/confirm/mail.mjml").write_bytes(b"\xff\xfe")
    (folder / "templates/bulletin/digest.mjml").write_bytes(b"\xff\xfe")

    after = "\n".join(one for one in problems(folder) if one not in before)

    for said in (
        "brand.logo: ",
        "brand.accent: #ffee00 is hard to read on a light ground",
        "forms.news.via: channel 'social' carries no email - name another channel",
        "templates/weekly/subject.txt",
        "templates/confirm/mail.mjml",
        "templates/bulletin/digest.mjml",
    ):
        assert said in after

    rmtree(folder / "templates/confirm")  # then it is the one that comes with dispatch
    assert "templates/confirm" not in "\n".join(problems(folder))


def problems(folder) -> list[str]:
    found = check_workspace(
        load_workspace(folder),
        secret=lambda _: None,
        audiences=(),
        check_segment=compile_segment,
        look_at=lambda _: None,
        **TRIALS,
    )
    return list(map(str, found))
