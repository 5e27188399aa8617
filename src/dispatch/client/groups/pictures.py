# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Operations of pictures."""

from collections.abc import Iterable

from dispatch.client.calls import Calls
from dispatch.client.shapes.common import UploadedPicture


class PicturesGroup:
    """Operations of pictures."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def upload(
        self, content: bytes | str | Iterable[bytes], *, name: str | None = None, key: str = ""
    ) -> UploadedPicture:
        """Keep a picture for pieces: a JPEG, PNG, GIF or WebP, looked at whatever it is said to
        be.
        """
        answer: UploadedPicture = self._calls.ask(
            "POST",
            "/pictures",
            content=content,
            kind="application/octet-stream",
            key=key,
            query={"name": name},
        )
        return answer
