"""Pictures that the team uploads for pieces, in an opened workspace."""

from dispatch.app.tools import Tools
from dispatch.errors import NotFound
from dispatch.model.editions.card import KeptPicture
from dispatch.model.editions.piece import PiecePicture


class Pictures:
    """Takes them, shows them and forgets them."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def take(self, name: str, data: bytes, *, by: str) -> PiecePicture:
        """Keep the picture in a file that somebody hands over, made ordinary.

        The same picture is kept once. Raises PictureRefused, a BadInput, with a sentence that names
        what to do.
        """
        from dispatch.pipeline.editions.take_picture import take_picture

        tools = self._tools
        return take_picture(
            name, data, by=by, read=tools.read_upload, store=tools.store, clock=tools.clock
        )

    def find(self, mark: str) -> KeptPicture:
        """One with its bytes. Raises NotFound."""
        with self._tools.store.read() as tx:
            found = tx.uploaded_pictures.find(mark)
        if found is None:
            raise NotFound(f"picture {mark[:8]}: is not kept - upload it again")
        return found

    def forget(self) -> int:
        """Forget pictures that no piece has shown for long: how many."""
        from dispatch.pipeline.editions.keep_pictures import forget_uploaded

        return forget_uploaded(store=self._tools.store, clock=self._tools.clock)
