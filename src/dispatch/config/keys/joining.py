"""Forms by which people join: whether the names in them lead anywhere, and what they make."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from dispatch.config.files.line_numbers import Path
from dispatch.config.files.problems import FileProblem, InvalidValueError, did_you_mean, quoted
from dispatch.config.keys.references import DEFAULT_CHANNEL
from dispatch.config.values import as_written as written
from dispatch.config.values import forms as words
from dispatch.config.values import simple
from dispatch.config.values.as_written import Finding, group_at, list_at
from dispatch.model.campaigns.campaign import Campaign
from dispatch.model.people.form import Form
from dispatch.model.people.reader_mail import TEMPLATE
from dispatch.regular_files import open_regular, why_unread

if TYPE_CHECKING:
    from dispatch.config.keys.forms import FormKeys

MOST_BYTES = 5_000_000


def broken_forms(tree: Any, folder: FilePath) -> Iterator[Finding]:
    """Everything in forms that leads nowhere."""
    known = {*_audiences(tree), *group_at(tree, "audiences")}
    for name, form in group_at(tree, "forms").items():
        if not isinstance(form, dict):
            continue
        path: Path = ("forms", name)
        for index, audience in enumerate(list_at(form, "audiences")):
            if isinstance(audience, str) and audience not in known:
                problem = f"unknown audience {quoted(audience)}"
                yield (*path, "audiences", index), problem, did_you_mean(audience, known)
        yield from _welcome(form, path, tree)
        yield from _via(form, path, tree)
        yield from _cadence(form, path, tree)
        yield from _template(form, path, folder)
    yield from _unused(tree)
    yield from _publisher(tree)


def refusals(tree: Any) -> list[str]:
    """The files of what forms refuse, each once."""
    forms = group_at(tree, "forms").values()
    found = [form.get("refuse") for form in forms if isinstance(form, dict)]
    return list(dict.fromkeys(one for one in found if isinstance(one, str)))


def read_refused(folder: FilePath, name: str) -> tuple[tuple[str, ...], list[FileProblem]]:
    """What a file says that forms refuse: domains, and parts before the @; and what is wrong."""
    problems, found = [], dict[str, None]()
    try:
        path = folder / words.file_of_workspace(name)
        with open_regular(path) as file:
            lines = file.read(MOST_BYTES).decode("utf-8-sig").splitlines()
    except InvalidValueError:
        return (), []  # told where it is named
    except FileNotFoundError:
        return (), [
            FileProblem(name, None, "", "there is no such file", "add it, or check the path")
        ]
    except UnicodeDecodeError:
        return (), [FileProblem(name, None, "", "is not UTF-8", "save it as UTF-8")]
    except OSError as error:
        return (), [FileProblem(name, None, "", *why_unread(error))]
    for number, line in enumerate(lines, start=1):
        word = line.partition("#")[0].strip().lower()
        if not word:
            continue
        if " " in word or word.strip("@").count("@"):
            advice = "write a domain or what stands before the @, one a line"
            problems.append(FileProblem(name, number, "", f"{quoted(word)} is neither", advice))
        else:
            found[_refused(word)] = None
    return tuple(found), problems


def to_forms(
    forms: "Mapping[str, FormKeys] | None",
    campaigns: Collection[Campaign],
    refused: Mapping[str, Sequence[str]],
) -> dict[str, Form]:
    """The forms of keys without problems; where the file has no such key, one for each audience."""
    if forms is None:
        return _of_audiences(campaigns)
    return {name: _form(name, keys, campaigns, refused) for name, keys in forms.items()}


def _form(
    name: str,
    keys: "FormKeys",
    campaigns: Collection[Campaign],
    refused: Mapping[str, Sequence[str]],
) -> Form:
    writing = _writing_to(keys.audiences, campaigns)
    first = writing[0] if writing else None
    welcome = keys.welcome or ""
    if welcome == "yes" and all("yes" not in {one.name, one.family} for one in campaigns):
        welcome = (first.family or first.name) if first else ""
    return Form(
        name,
        tuple(dict.fromkeys(keys.audiences)),
        consent=keys.consent or "",
        title=keys.title or "",
        about=keys.about or "",
        fields=keys.fields,
        confirm=keys.confirm,
        via=keys.via or (first.email.via if first and first.email else DEFAULT_CHANNEL),
        template=keys.template or TEMPLATE,
        welcome=welcome,
        remind=keys.remind,
        returns=tuple(keys.return_),
        origins=tuple(keys.origins),
        proof_of_work=keys.proof_of_work,
        refuse=tuple(refused.get(keys.refuse, ())) if keys.refuse else (),
        privacy=keys.privacy or "",
        per_hour=keys.per_hour,
    )


def _of_audiences(campaigns: Collection[Campaign]) -> dict[str, Form]:
    found: dict[str, Form] = {}
    for campaign in campaigns:
        if campaign.email and campaign.email.audience not in found:
            audience = campaign.email.audience
            found[audience] = Form(audience, (audience,), via=campaign.email.via)
    return found


def _writing_to(audiences: Sequence[str], campaigns: Collection[Campaign]) -> list[Campaign]:
    """The campaigns that write to these audiences, those of the first of them first."""
    return [
        campaign
        for audience in audiences
        for campaign in campaigns
        if campaign.email and campaign.email.audience == audience
    ]


def _refused(word: str) -> str:
    """As addresses say it: `info@` is what stands before the @, `@x.org` a domain."""
    plain = word.strip("@")
    if "." not in plain or word.endswith("@"):
        return plain
    try:
        return simple.mail_domain(plain)
    except InvalidValueError:
        return plain


def _audiences(tree: Any) -> list[str]:
    emails = [group_at(campaign, "email") for _, campaign in written.campaigns(tree)]
    return [one["audience"] for one in emails if isinstance(one.get("audience"), str)]


def _welcome(form: dict[str, Any], path: Path, tree: Any) -> Iterator[Finding]:
    name, at = form.get("welcome"), (*path, "welcome")
    asked = [one for one in list_at(form, "audiences") if isinstance(one, str)]
    with_mail = {
        str(place[1]): group_at(campaign, "email").get("audience")
        for place, campaign in written.campaigns(tree)
        if isinstance(campaign.get("email"), dict)
    }
    if not isinstance(name, str | bool) or name is False:
        if name is not None:
            problem = f"{quoted(name)} is no campaign"
            yield at, problem, "name a campaign, write yes, or remove the line"
    elif name in {True, "yes"} and "yes" not in with_mail:
        if not any(audience in asked for audience in with_mail.values()):
            problem = "no campaign writes to these audiences"
            yield at, problem, "name a campaign, or remove the line"
    elif name not in with_mail:
        known = [str(place[1]) for place, _ in written.campaigns(tree)]
        problem = f"unknown campaign {quoted(name)}"
        if name in known:
            problem = f"campaign {quoted(name)} has no email"
        yield at, problem, did_you_mean(str(name), with_mail)
    elif with_mail[name] not in asked:
        problem = f"campaign {quoted(name)} writes to audience {quoted(with_mail[name])}"
        yield at, problem, "name a campaign of an audience that people join by this form"


def _via(form: dict[str, Any], path: Path, tree: Any) -> Iterator[Finding]:
    via = form.get("via")
    known = {DEFAULT_CHANNEL, *group_at(tree, "channels")}
    if isinstance(via, str) and simple.NAME.fullmatch(via) and via not in known:
        yield (*path, "via"), f"unknown channel {quoted(via)}", did_you_mean(via, known)


def _cadence(form: dict[str, Any], path: Path, tree: Any) -> Iterator[Finding]:
    fields = list_at(form, "fields")
    if "cadence" not in fields and not any(isinstance(f, dict) and "cadence" in f for f in fields):
        return
    asked = list_at(form, "audiences")
    offering = [
        group_at(campaign, "email").get("audience")
        for _, campaign in written.campaigns(tree)
        if isinstance(campaign.get("cadences"), dict)
    ]
    if not any(audience in asked for audience in offering):
        problem = "asks for a cadence, but no campaign of its audiences has cadences"
        yield (*path, "fields"), problem, "remove cadence, or add cadences to the campaign"


def _unused(tree: Any) -> Iterator[Finding]:
    """Audiences that are described and that nothing names, where their name looks mistyped.

    Others may be there for readers to choose before anything is written to them.
    """
    joined = [
        list_at(form, "audiences")
        for form in group_at(tree, "forms").values()
        if isinstance(form, dict)
    ]
    used = {*_audiences(tree), *(one for some in joined for one in some if isinstance(one, str))}
    for name in group_at(tree, "audiences"):
        advice = did_you_mean(str(name), used)
        if name not in used and advice.startswith("did you mean"):
            yield ("audiences", name), "no campaign and no form names this audience", advice


def _template(form: dict[str, Any], path: Path, folder: FilePath) -> Iterator[Finding]:
    name = form.get("template")
    if isinstance(name, str) and simple.NAME.fullmatch(name):
        templates = folder / "templates"
        if name != TEMPLATE and not (templates / name).is_dir():  # that one dispatch has, too
            known = [found.name for found in templates.glob("*/")]
            at, problem = (*path, "template"), f"there is no folder templates/{name}"
            yield at, problem, did_you_mean(name, known)


def _publisher(tree: Any) -> Iterator[Finding]:
    """A confirmation needs a sender and an address; where a campaign has email, that is told."""
    forms = group_at(tree, "forms")
    if not forms or _audiences(tree):
        return
    examples = {
        "sender": "{name: The Weekly, email: news@example.org}",
        "public_url": "https://news.example.org",
    }
    for key, example in examples.items():
        if key not in tree:
            problem = f"missing key, as form {quoted(next(iter(forms)))} writes to people"
            yield (key,), problem, f"add '{key}: {example}'"
