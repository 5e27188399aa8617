"""Cards and pictures of posts in an opened workspace."""

from functools import partial
from typing import TYPE_CHECKING

from dispatch.app.channels import Channels
from dispatch.app.tools import Tools
from dispatch.errors import NotFound
from dispatch.model.editions.edition import EditionContent

if TYPE_CHECKING:
    from dispatch.model.editions.card import KeptPicture, PostCard
    from dispatch.pipeline.editions.gather_cards import Web


class Cards:
    """Finds what stands beside snippets, shows it and forgets it."""

    def __init__(self, tools: Tools, channels: Channels) -> None:
        self._tools = tools
        self._channels = channels

    def gather(self, content: EditionContent) -> "tuple[PostCard, ...]":
        """What stands beside the snippets of an edition; its posts' pages may be asked for it."""
        if not content.social:
            return content.cards
        from dispatch.pipeline.editions.gather_cards import gather_cards

        tools = self._tools
        return gather_cards(
            content,
            takes_of=self._channels.takes,
            web=self._web(),
            store=tools.store,
            clock=tools.clock,
        )

    def picture(self, mark: str) -> "KeptPicture":
        """A picture that stands beside a snippet. Raises NotFound."""
        with self._tools.store.read() as tx:
            found = tx.pictures.of((mark,)).get(mark)
        if found is None:
            raise NotFound(f"picture {mark[:8]}: is not kept any more - see the edition's posts")
        return found

    def forget(self) -> int:
        """Forget pictures that no edition will show any more: how many."""
        from dispatch.pipeline.editions.keep_pictures import forget_pictures

        return forget_pictures(store=self._tools.store, clock=self._tools.clock)

    def _web(self) -> "Web":
        from dispatch.feeds.pages.card import read_page_card
        from dispatch.feeds.pages.robots import Robots
        from dispatch.feeds.pages.visit import visit_page
        from dispatch.feeds.pictures.fetch import fetch_picture
        from dispatch.pipeline.editions.gather_cards import PATIENCE, TOTAL, Web

        tools = self._tools
        limits = tools.feed_limits.within(silence=PATIENCE, total=TOTAL)
        http, folder, clock = tools.feed_http(), tools.files.folder, tools.clock
        return Web(
            partial(
                visit_page,
                http=http,
                folder=folder,
                clock=clock,
                robots=Robots(),
                read=read_page_card,
                limits=limits,
            ),
            partial(
                fetch_picture,
                http=http,
                folder=folder,
                clock=clock,
                read=tools.read_picture,
                limits=limits,
            ),
        )
