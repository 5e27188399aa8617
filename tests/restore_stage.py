"""A workspace whose database is copied and put back."""

from delivery_stage import DeliveryStage
from dispatch import ids
from dispatch.config.process.endings_file import EndingsFile
from dispatch.config.process.known_database import KnownDatabase
from dispatch.pipeline.people.endings import Endings
from dispatch.pipeline.people.subscribe import end_all_subscriptions
from dispatch.pipeline.workspace.guard import Guard
from dispatch.pipeline.workspace.restore import adopt, restore
from dispatch.store.backups.copies import back_up
from dispatch.store.transactions import Store
from pipeline_samples import CAMPAIGN, MARKERS

ADA = "ada@example.org"


class Workspace:
    """A workspace with its database, of which copies are made and put back."""

    def __init__(self, url, clock, folder):
        self.url = url
        self.clock = clock
        self.folder = folder
        self.known = KnownDatabase(folder)
        self.file = EndingsFile(folder / ".dispatch-endings")
        self.stage = DeliveryStage(Store(url), clock, guard=Guard(self.known))

    @property
    def store(self) -> Store:
        return self.stage.store

    def back_up(self, name="copy"):
        file = self.folder / name
        back_up(self.url, file, now=self.clock())
        return file

    def restore(self, file, *, replace=True, campaigns=(CAMPAIGN,), endings=()):
        return restore(
            file,
            self.url,
            campaigns,
            endings=[self.file, *endings],
            replace=replace,
            known=self.known,
            markers=MARKERS,
            clock=self.clock,
            ids=ids.new,
        )

    def adopt(self, *, campaigns=(CAMPAIGN,)):
        return adopt(
            self.store,
            campaigns,
            endings=[self.file],
            known=self.known,
            markers=MARKERS,
            clock=self.clock,
        )

    def leave(self, email):
        endings = Endings(self.file, MARKERS, self.clock)
        end_all_subscriptions(
            email, source="link", store=self.store, clock=self.clock, endings=endings
        )

    @property
    def posts(self):
        with self.store.read() as tx:
            return {post.title: post for post in tx.posts.latest()}
