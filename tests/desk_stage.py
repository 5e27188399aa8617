"""Some operations of a desk of these tests instead of the real ones, and what they answer."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from dispatch.model.team.role import Right
from dispatch.web.api import application
from dispatch.web.api.answers import Answer, tag_of
from dispatch.web.api.operation import Operation

KIND = "application/problem+json"


class Word(BaseModel):
    model_config = ConfigDict(extra="forbid")

    word: str = Field(max_length=20)
    times: int = 1


@dataclass
class Desk:
    """A thing that operations of these tests read and change."""

    word: str = "old"
    changes: int = 0
    error: Exception | None = None

    def show_word(self, _call):
        return Word(word=self.word)

    def change_word(self, call):
        self.word = call.said(Word).word
        self.changes += 1
        with call.app.store.begin() as tx:
            tx.audit.add("edition.edit", by=call.by, now=call.now, subject=self.word)
        if self.error:
            raise self.error
        return Answer(Word(word=self.word), headers={"Location": f"/api/v1/words/{self.word}"})

    def tag(self, _call):
        return tag_of(self.word)


def new_desk(monkeypatch):
    """Some operations instead of the real ones."""
    desk = Desk()

    def show_again(_call, word):
        return Word(word=word)

    def named(name, method, path, handler, *rest, **more):
        def handle(call):
            """What it does."""
            return handler(call)

        handle.__name__ = name
        return Operation(method, path, handle, *rest, **more)

    said = {"gives": Word, "takes": Word}
    made = (
        named("show_word", "GET", "/word", desk.show_word, Right.LOOK, gives=Word, tag=desk.tag),
        named("edit_word", "PATCH", "/word", desk.change_word, Right.WRITE, tag=desk.tag, **said),
        named("add_word", "POST", "/words", desk.change_word, Right.WRITE, **said),
        named("add_word_slowly", "POST", "/slow", desk.change_word, Right.WRITE, slow=True, **said),
        named(
            "add_reader", "POST", "/readers", desk.change_word, Right.READERS,
            again=show_again, **said,
        ),
        named(
            "take_file", "POST", "/file", lambda call: Word(word=call.raw.decode()),
            Right.WRITE, gives=Word, raw=("text/csv",), most_bytes=50,
        ),
        named("poll", "POST", "/poll", lambda _call: None, Right.WRITE),
    )  # fmt: skip
    monkeypatch.setattr(application, "OPERATIONS", made)
    return desk


def told(answer):
    assert answer.headers["content-type"] == KIND
    assert answer.json()["status"] == answer.status_code
    return answer.status_code, answer.json()["type"].rpartition(":")[2]
