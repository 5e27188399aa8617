"""What a text in Markdown becomes."""

from pydantic import BaseModel, ConfigDict, Field

from dispatch.model.editions.piece import MOST_WORDS
from dispatch.model.team.role import Right
from dispatch.render.pieces.markdown import html_of, plain_of, word_count
from dispatch.web.api.call import Call
from dispatch.web.api.operation import Operation


class WrittenText(BaseModel):
    """A text in Markdown."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=MOST_WORDS, examples=["**Come in**, it is warm."])


class PreviewedText(BaseModel):
    """What readers get of it."""

    html: str = Field(examples=["<p><strong>Come in</strong>, it is warm.</p>"])
    text: str = Field(description="The same without HTML.", examples=["Come in, it is warm."])
    words: int = Field(examples=[5])


def preview_text(call: Call) -> PreviewedText:
    """What a text in Markdown becomes in mails and pages; nothing is kept."""
    text = call.said(WrittenText).text
    return PreviewedText(html=str(html_of(text)), text=plain_of(text), words=word_count(text))


OPERATIONS = (
    Operation(
        "POST",
        "/texts/preview",
        preview_text,
        Right.WRITE,
        gives=PreviewedText,
        takes=WrittenText,
        slow=True,
    ),
)
