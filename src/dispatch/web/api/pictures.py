"""Pictures for pieces: handed over as a file, checked, made ordinary and kept."""

from http import HTTPStatus

from pydantic import BaseModel, ConfigDict, Field

from dispatch.model.editions.uploaded import MOST_BYTES, MOST_NAME
from dispatch.model.team.role import Right
from dispatch.model.text.plain_text import one_line
from dispatch.web.api.call import Call
from dispatch.web.api.operation import Operation
from dispatch.web.api.shapes.pieces import UploadedPicture, picture_shown

KINDS = (
    "application/octet-stream",
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
)


class PictureQuery(BaseModel):
    """What the file is called."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(
        default="",
        description="The file's name, as messages about it say it.",
        max_length=MOST_NAME,
        examples=["press.jpg"],
    )


def upload_picture(call: Call) -> UploadedPicture:
    """Keep a picture for pieces: a JPEG, PNG, GIF or WebP, looked at whatever it is said to be.

    It is made smaller where it is wider than mails are, and what cameras write into it is left out.
    The same picture is kept once. One that no piece shows is forgotten after a while.
    """
    name = one_line(call.query(PictureQuery).name) or "picture"
    taken = call.app.pictures.take(name, call.raw, by=call.by)
    return picture_shown(taken, call.app.workspace.publisher.public_url)


OPERATIONS = (
    Operation(
        "POST",
        "/pictures",
        upload_picture,
        Right.WRITE,
        gives=UploadedPicture,
        query=PictureQuery,
        raw=KINDS,
        most_bytes=MOST_BYTES,
        status=HTTPStatus.CREATED,
        slow=True,
    ),
)
