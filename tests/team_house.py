"""A workspace in which a team has worked for a while: each kind of thing that its pages show."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from app_stage import change, copied_workspace, opened
from dispatch.app import App
from dispatch.model.delivery.event import Event, EventKind
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.editions.finding import Finding, Kind
from dispatch.model.editions.piece import Piece, PieceKind
from dispatch.model.editions.standing import Again
from dispatch.model.notify.notification import NotificationState
from dispatch.model.notify.types import Type
from dispatch.model.team.role import Role
from dispatch.pipeline.delivery.pause import pause_edition
from dispatch.pipeline.editions.change_standing import stand_piece
from dispatch.pipeline.editions.edit import Changes
from dispatch.pipeline.editions.edit_pieces import WrittenPiece
from dispatch.pipeline.events.record import record_events
from dispatch.pipeline.letters.plan import plan_of
from dispatch.pipeline.people.suppress import suppress_address
from dispatch.store.database.schema import deliveries
from dispatch.store.events.examinations import Examination
from dispatch.store.notify.lanes import Attempt
from dispatch.testing.clock import FakeClock
from dispatch.testing.samples import a_png
from team_stage import join

WEEK = timedelta(days=7)
FEED = "samples/atelier.rss.xml"
ITEM = """<item><title>{title}</title><link>https://atelier.example/{name}</link>
<guid isPermaLink="false">{name}</guid><pubDate>Mon, 06 Jul 2026 08:00:00 GMT</pubDate>
<description>{text}</description></item>
</channel>"""
TEXT = "How we print a book of one hundred and twelve pages on a press from the last century."

WRONG = (
    (DeliveryState.REFUSED, "550 5.1.1 <nobody@readers.example>: no such user"),
    (DeliveryState.FAILED, "mx.readers.example: connection refused, 6 tries"),
    (DeliveryState.UNKNOWN, "connection closed after DATA, before an answer"),
    (DeliveryState.SUPPRESSED, "the subscription has ended"),
)


LATER = (
    (EventKind.BOUNCED, True, "550 5.1.1 no such user"),
    (EventKind.BOUNCED, False, "452 4.2.2 mailbox full"),
    (EventKind.COMPLAINED, False, "abuse"),
    (EventKind.DEFERRED, False, "451 4.7.1 greylisted, try again later"),
    (EventKind.DROPPED, True, "on the list of addresses that bounced before"),
)


def publish(folder: Path, name: str, title: str, text: str = TEXT) -> None:
    """A post more in the blog."""
    change(folder, "</channel>", ITEM.format(name=name, title=title, text=text), FEED)


def people_of_all_roles(app: App) -> None:
    """One person for each role, by its name; `jean` and `josette` own it, she reads French."""
    for role in Role:
        join(app, role.value, role, name=f"{role.value.title()} Atelier")
    join(app, "jean", Role.OWNER, name="Jean Kervella")
    join(app, "josette", Role.OWNER, name="Josette Aubert", locale="fr")


def write_pieces(app: App, edition: str) -> None:
    """One of each kind, among the posts of an edition; each has its kind for its id."""
    picture = app.pictures.take("press.png", a_png(600, 400), by="jean")
    text = (
        "**Une place à la grande table.** Le jeudi 10 décembre, huit voix lisent :\n\n"
        "- [gardez la vôtre](https://atelier.example/soiree)\n- ou venez debout\n\n"
        "> Il reste vingt-deux chaises."
    )
    address = "https://atelier.example/soiree/places"
    pieces = (
        Piece(id="heading", kind=PieceKind.HEADING, text="From the notebook, in English"),
        Piece(id="text", kind=PieceKind.TEXT, text=text),
        Piece(id="picture", kind=PieceKind.PICTURE, picture=picture, alt="Une presse, la nuit"),
        Piece(id="link", kind=PieceKind.LINK, text="Garder une place", address=address),
    )
    app.editions.edit(edition, Changes(write=tuple(map(WrittenPiece, pieces))), by="jean")


class House(NamedTuple):
    """A furnished workspace, and what `furnish` gave."""

    folder: Path
    clock: FakeClock
    ids: dict[str, str]

    @contextmanager
    def again(self, folder: Path, plans: str = "", **others: Any) -> Iterator["Lodging"]:
        """The same one in another folder, opened; `plans` is what its channels are beside.

        `others` is for `app_stage.opened`. To copy it takes a tenth of what it takes to furnish it.
        """
        copied_workspace(self.folder, folder)
        if plans:
            change(folder, "\ncampaigns:", f"\n{plans}")
        clock = FakeClock(self.clock())
        with opened(folder, clock, **others) as app:
            yield Lodging(app, clock, self.ids)


class Lodging(NamedTuple):
    """A furnished app, the clock above it, and the ids of what is there, by what they show."""

    app: App
    clock: FakeClock
    ids: dict[str, str]


def furnish(app: App, clock: FakeClock) -> dict[str, str]:
    """Have it all happen; the ids of what is there, by what they show."""
    folder = app.folder
    list(app.people.import_files())
    _poll(app)
    finished = _run(app, "weekly")
    go_wrong(app, finished)
    in_review = _run(app, "bulletin")
    publish(folder, "press", "A press from the last century")
    publish(folder, "moved", "The press is here", "Another text about the same press, all new.")
    clock.advance(WEEK)
    _poll(app)
    sending = begun(app, "weekly")
    clock.advance(WEEK)
    publish(folder, "paper", "Paper from the river", "What a mill by the river makes of old rags.")
    change(folder, ">press<", ">press-again<", FEED)  # a told one comes back
    change(folder, "atelier.example/press<", "atelier.example/press-again<", FEED)  # and is held
    _poll(app)
    paused = begun(app, "weekly")
    pause_edition(paused, reason="a link is wrong", store=app.store, clock=app.clock, by="jean")
    examine_outbox(app)
    suppress_address(
        "kenji.sato@readers.example",
        reason="bounced",
        store=app.store,
        clock=app.clock,
        endings=app.tools.endings,
    )
    come_back(app, finished)
    letter = write_letter(app)
    have_come_again(app)
    return {
        "letter": letter,
        "finished": finished,
        "in review": in_review,
        "sending": sending,
        "paused": paused,
    }


def write_letter(app: App) -> str:
    """Somebody has begun a letter, with a piece and a post, to some of the readers."""
    letter = app.letters.begin(by="editor")
    with app.store.read() as tx:
        post = next(one.id for one in tx.posts.latest() if one.is_usable)
    text = Piece(id="t1", kind=PieceKind.TEXT, text="Dear friends, **come** and read with us.")
    words = Changes(add=(post,), write=(WrittenPiece(text),), subject="Come and read with us")
    app.editions.edit(letter.id, words, by="editor", ready=False)
    some = replace(plan_of(letter.content), segment="locale == 'fr'")
    app.letters.change(letter.id, some, by="editor")
    return letter.id


def have_come_again(app: App) -> None:
    """A text that each weekly letter has until the ninth of December of another year."""
    piece = Piece(id="p1", kind=PieceKind.TEXT, text="**Twenty-two chairs** are left.")
    again = Again(app.editions.standing.today + timedelta(days=400), ("weekly",))
    with app.store.begin() as tx:
        stand_piece(piece, again, after=2, tx=tx, by="jean", now=app.clock())


def examine_outbox(app: App) -> None:
    """As if it were a channel that sends, and much is wrong with it."""
    key = {"name": "news._domainkey.atelier.example", "record": f"v=DKIM1; k=rsa; p={'MIIB' * 90}"}
    place = {"place": "atelier.example", "domain": "atelier.example", "policy": "none"}
    findings = (
        Finding(Kind.STOP, "dkim_missing", key),
        Finding(Kind.LOOK, "dmarc_open", place),
        Finding(Kind.FINE, "one_click_fine", {"host": "letter.atelier.example"}),
    )
    with app.store.begin() as tx:
        tx.examinations.keep(Examination("outbox", app.clock(), "jean", findings))


def go_wrong(app: App, edition_id: str) -> None:
    """Have the first deliveries of an edition come out as nobody wants."""
    with app.store.begin() as tx:
        edition = tx.editions.get(edition_id)
        for one, (state, reason) in zip(tx.delivery_pages.page(edition, ()), WRONG, strict=False):
            row = deliveries.c.id == one.id
            values = {"state": state.value, "reason": reason}
            tx._connection.execute(deliveries.update().where(row).values(values))
        tx.batches.recount(edition.id)


def come_back(app: App, edition_id: str) -> None:
    """Have the provider tell what came of those that it accepted: most have arrived, one is silent.

    And something of a message that is none of ours.
    """
    with app.store.read() as tx:
        edition = tx.editions.get(edition_id)
        _, *rest = tx.delivery_pages.page(edition, [DeliveryState.ACCEPTED])
    kinds = [*LATER, *[(EventKind.DELIVERED, False, "250 2.0.0 OK")] * len(rest)]
    told = [
        Event(
            kind=kind,
            id=f"e{one.id}",
            delivery=f"{edition.id}.{one.id}",
            recipient=one.recipient,
            permanent=permanent,
            said=kind.value,
            reason=reason,
            at=app.clock(),
        )
        for one, (kind, permanent, reason) in zip(rest, kinds, strict=False)
    ]
    stranger = Event(kind=EventKind.DELIVERED, id="e0", recipient="who@elsewhere.example")
    record_events(
        [*told, stranger],
        channel=rest[0].channel,
        store=app.store,
        clock=app.clock,
        endings=app.tools.endings,
    )


def _poll(app: App) -> None:
    list(app.intake.poll(app.workspace.feeds))


def _run(app: App, campaign: str) -> str:
    report = app.campaigns.run(app.campaign(campaign))
    assert report.edition is not None
    return report.edition.id


def begun(app: App, campaign: str) -> str:
    """An edition that has begun to go out, and of which nothing is handed over yet."""
    ours = app.campaign(campaign)
    made = app.editions.compose(ours, app.editions.this_slot(ours))
    assert made is not None
    assert made.edition is not None
    waker, app.store.waker = app.store.waker, None  # who would send it at once
    app.delivery.address(made.edition.id)
    app.store.waker = waker
    return made.edition.id


def tell_programs(app: App) -> None:
    """Have three programs be told things: one that takes them, one that fails, one that is gone."""
    file = app.folder / "schedules.yaml"
    lines = [
        f"  {name}: {{url: 'https://{name}.example/hook', secret: env:SECRET}}"
        for name in ("crm", "wall", "old")
    ]
    file.write_text("\n".join([file.read_text(encoding="utf-8"), "notify:", *lines, ""]))
    app.reload_if_changed()
    now = app.clock()
    with app.store.begin() as tx:
        for name in ("atelier", "notebook"):
            tx.notifications.add(Type.POST_ARRIVED, {"id": name, "feed": name}, now=now)
        lanes, waiting = tx.notification_lanes, NotificationState.WAITING
        for name in ("crm", "wall"):
            [one] = lanes.claim(name, limit=1, now=now, lease=WEEK)
            took = Attempt(one.id, NotificationState.DELIVERED, status=204)
            failed = Attempt(one.id, waiting, now + WEEK, 503, "answered 503: busy")
            lanes.note([took if name == "crm" else failed], now=now)
        [lost] = lanes.claim("wall", limit=1, now=now, lease=WEEK)
        reason = "did not answer within 15 s"
        lanes.note([Attempt(lost.id, NotificationState.FAILED, None, 0, reason)], now=now)
        tx.receivers.took("crm", now=now)
        tx.receivers.failed("wall", now=now)
        tx.receivers.turn_off("old", reason="answered 410: it wants nothing more", now=now)
