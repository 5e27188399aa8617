"""What was posted to a page of the team, read within bounds."""

from collections.abc import AsyncGenerator, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import Request

MOST_FIELDS = 2_000
MULTIPART = "multipart/form-data"


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form: texts by name, several where there are several, and files."""

    texts: Mapping[str, list[str]] = field(default_factory=dict)
    files: Mapping[str, UploadFile] = field(default_factory=dict)

    def __call__(self, name: str, default: str = "") -> str:
        """What a field says, without space around it; lines end as in files."""
        return self.raw(name, default).strip()

    def raw(self, name: str, default: str = "") -> str:
        """The same with its space, for texts."""
        found = self.texts.get(name)
        return found[-1].replace("\r\n", "\n") if found else default

    def all(self, name: str) -> list[str]:
        """What all fields of one name say."""
        return [text.strip() for text in self.texts.get(name, [])]

    def has(self, name: str) -> bool:
        """Whether there is such a field, such as the button that was pressed."""
        return name in self.texts

    def close(self) -> None:
        """Let go of the files."""
        for file in self.files.values():
            file.file.close()

    def __iter__(self) -> Iterator[str]:
        """The names of the fields with texts."""
        return iter(self.texts)


async def read_form(request: Request, *, most: int) -> Form:
    """The form; raises HTTPException: 413 where it is more, 422 where it cannot be read."""
    stream = _bounded(request, most)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind == MULTIPART:
            parser = MultiPartParser(
                request.headers,
                stream,
                max_files=1,
                max_fields=MOST_FIELDS,
                max_part_size=most,
            )
            found = await parser.parse()
        else:
            found = await FormParser(request.headers, stream, max_fields=MOST_FIELDS).parse()
        return _sorted(found)
    except (MultiPartException, UnicodeError, ValueError, KeyError) as error:
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY) from error


def _sorted(found: FormData) -> Form:
    texts: dict[str, list[str]] = {}
    files: dict[str, UploadFile] = {}
    for name, value in found.multi_items():
        if isinstance(value, UploadFile):
            files[name] = value
        elif "\0" in value:
            raise ValueError(name)
        else:
            texts.setdefault(name, []).append(value)
    return Form(texts, files)


async def _bounded(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    told = request.headers.get("content-length", "")
    if told.isdecimal() and int(told) > most:
        raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    seen = 0
    async for piece in request.stream():
        seen += len(piece)
        if seen > most:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        yield piece
