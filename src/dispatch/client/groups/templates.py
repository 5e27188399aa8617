# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Operations of templates."""

from collections.abc import Iterator

from dispatch.client.calls import Calls, part
from dispatch.client.shapes.common import VersionShape, VersionWhole
from dispatch.client.shapes.templates import (
    Saved,
    Source,
    TemplateFile,
    TemplateShape,
    TemplateTried,
)


class TemplatesGroup:
    """Operations of templates."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def list(self, *, limit: int | None = None) -> Iterator[TemplateShape]:
        """List the templates, by name, with their files and who uses them."""
        return self._calls.pages("/templates", query={"limit": limit})

    def show(self, name: str) -> TemplateShape:
        """Show one template: its files, and who uses it."""
        answer: TemplateShape = self._calls.ask("GET", f"/templates/{part(name)}")
        return answer

    def show_template_file(self, name: str, file: str) -> TemplateFile:
        """Show one file of a template. The ETag is what saving it needs."""
        answer: TemplateFile = self._calls.ask("GET", f"/templates/{part(name)}/{part(file)}")
        return answer

    def save_template_file(self, name: str, file: str, body: Source) -> Saved:
        """Save a file of a template, if nothing is wrong with it."""
        answer: Saved = self._calls.ask(
            "PUT", f"/templates/{part(name)}/{part(file)}", body=body, matches=True
        )
        return answer

    def preview_template_file(self, name: str, file: str) -> TemplateTried:
        """Preview a template: what it makes of the last edition that used it, as it is saved."""
        answer: TemplateTried = self._calls.ask(
            "GET", f"/templates/{part(name)}/{part(file)}/preview"
        )
        return answer

    def try_template_file(
        self, name: str, file: str, body: Source, *, key: str = ""
    ) -> TemplateTried:
        """Try a text of a file: what its template would make of the last edition that used it."""
        answer: TemplateTried = self._calls.ask(
            "POST", f"/templates/{part(name)}/{part(file)}/try", body=body, key=key
        )
        return answer

    def list_template_versions(
        self, name: str, file: str, *, limit: int | None = None
    ) -> Iterator[VersionShape]:
        """List what a file of a template said before, the newest first."""
        return self._calls.pages(
            f"/templates/{part(name)}/{part(file)}/versions", query={"limit": limit}
        )

    def show_template_version(self, name: str, file: str, version: str) -> VersionWhole:
        """Show what a file of a template said then; to go back to it, save that again."""
        answer: VersionWhole = self._calls.ask(
            "GET", f"/templates/{part(name)}/{part(file)}/versions/{part(version)}"
        )
        return answer
