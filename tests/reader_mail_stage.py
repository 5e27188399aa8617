"""People who have filled in a form, and the desk that writes to them."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from dispatch import ids
from dispatch.model.people.form import Form
from dispatch.model.people.reader_mail import ReaderMail, Topic
from dispatch.model.people.sign_up import Profile, SignUp
from dispatch.pipeline.people.send_reader_mails import send_reader_mails
from dispatch.pipeline.people.write_reader_mail import MailMaterials
from dispatch.render.templates.files import load_template
from dispatch.store.transactions import Store
from dispatch.testing.clock import FakeClock
from dispatch.testing.fakes import RecordingProvider
from pipeline_samples import LINKS, PUBLISHER, channel

TEMPLATES = Path(__file__).parents[1] / "templates"
FORM = Form("news", ("readers",), via="mail", remind=timedelta(days=2))
MATERIALS = MailMaterials(
    PUBLISHER,
    template_of=lambda _: "confirm",
    audiences_of=lambda _: ("readers", "others"),
    title_of={"readers": "The Letter", "others": "Other <News>"}.__getitem__,
    load_template=lambda name: load_template(TEMPLATES, name),
    load_pictures=lambda _name, _brand: {},
)


@dataclass(slots=True)
class MailDesk:
    """Writes down who asks for what, and sends what is due."""

    store: Store
    clock: FakeClock
    provider: RecordingProvider = field(default_factory=RecordingProvider)

    def sign_up(self, email: str, *audiences: str, locale: str = "en") -> SignUp:
        """Somebody fills in the form, and is written to."""
        with self.store.begin() as tx:
            made = tx.sign_ups.add(
                FORM.name,
                email,
                audiences or FORM.audiences,
                Profile(name="Buy my pills", language=locale),
                now=self.clock(),
                ids=ids.new,
            )
        self.ask(Topic.CONFIRM, email, made.public_id, locale=locale, form=FORM.name)
        return made

    def ask(self, about: Topic, email: str, subject_id: str, **options: str) -> None:
        with self.store.begin() as tx:
            tx.reader_mails.add(
                about, email, subject_id=subject_id, via="mail", now=self.clock(), **options
            )

    def confirm(self, sign_up: SignUp) -> None:
        with self.store.begin() as tx:
            tx.sign_ups.confirm(sign_up, now=self.clock())

    def send(self, **options: object) -> list[str]:
        """Send what is due now; what came of it, as sentences."""
        options = {"open_channel": lambda name: channel(self.provider, name), **options}
        came = send_reader_mails(
            store=self.store, materials=MATERIALS, links=LINKS, clock=self.clock, **options
        )
        return [str(one) for one in came]

    @property
    def subjects(self) -> list[tuple[str, str]]:
        """To whom and with what subject mails were taken, in order."""
        return [(mail.to.email, mail.subject) for mail in self.provider.taken]

    def due(self) -> list[ReaderMail]:
        with self.store.read() as tx:
            return tx.reader_mails.due(now=self.clock(), limit=99)
