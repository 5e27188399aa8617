# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Operations of texts."""

from dispatch.client.calls import Calls
from dispatch.client.shapes.texts import PreviewedText, WrittenText


class TextsGroup:
    """Operations of texts."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def preview(self, body: WrittenText, *, key: str = "") -> PreviewedText:
        """What a text in Markdown becomes in mails and pages; nothing is kept."""
        answer: PreviewedText = self._calls.ask("POST", "/texts/preview", body=body, key=key)
        return answer
