"""What schedules.yaml may say of a form: its fields, addresses of other sites, yes and no."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from dispatch.config.files.problems import InvalidValueError, did_you_mean, quoted
from dispatch.config.values import simple as words
from dispatch.model.people.form import CHOSEN_BY_US, KNOWN_FIELDS, RESERVED, VALID_FOR, FormField

FIELD = re.compile(r"[a-z][a-z0-9_]{0,39}")
_ABOUT = ("label", "choices", "required")
_SHAPE = "write its name, or {company: {label: Company, required: true}}"
MOST_FIELDS, MOST_CHOICES = 20, 100


def form_fields(value: Any) -> tuple[FormField, ...]:
    """What a form asks for beside the address, in order.

    >>> [one.name for one in form_fields(["name", {"topics": {"choices": ["AI", "Drawing"]}}])]
    ['name', 'topics']
    """
    if not isinstance(value, list):
        raise InvalidValueError("must be a list of fields", "write them so: [name, topics]")
    if len(value) > MOST_FIELDS:
        advice = f"ask for {MOST_FIELDS} at most; each one costs readers"
        raise InvalidValueError(f"asks for {len(value)} things", advice)
    found: dict[str, FormField] = {}
    for one in value:
        made = _field(one)
        if made.name in found:
            raise InvalidValueError(f"{quoted(made.name)} is named twice", "name it once")
        found[made.name] = made
    return tuple(found.values())


def reminder(value: Any) -> timedelta:
    """After how long somebody is reminded: while the link that they have not pressed holds."""
    found = words.duration(value)
    if timedelta() < found < VALID_FOR:
        return found
    days = VALID_FOR.days
    problem = f"{quoted(value)} is no time while the link holds, which is {days} days"
    raise InvalidValueError(problem, f"write less than {days}d, such as 3d, or remove the line")


def yes_or_no(value: Any) -> bool:
    """Yes or no, in the words of YAML or of people."""
    word = value.strip().lower() if isinstance(value, str) else value
    if word in {True, "yes", "true", "on"}:
        return True
    if word in {False, "no", "false", "off"}:
        return False
    raise InvalidValueError(f"{quoted(value)} is neither yes nor no", "write yes or no")


def proof_of_work(value: Any) -> bool:
    """Yes or no; yes takes a library."""
    wanted = yes_or_no(value)
    if wanted and find_spec("altcha") is None:
        problem = "needs the extra 'altcha', which is not installed"
        raise InvalidValueError(problem, "run pip install 'dispatch-digest[altcha]', or write no")
    return wanted


def origin(text: str) -> str:
    """The site that a script comes from: scheme, host and port, as browsers write it.

    >>> origin("https://Bücher.example:443/")
    'https://xn--bcher-kva.example'
    """
    address = page_of_site(text)
    parts = urlsplit(address)
    if parts.path.strip("/") or parts.query or parts.fragment:
        advice = f"write {parts.scheme}://{parts.netloc}"
        raise InvalidValueError(f"{quoted(address)} has more than a site", advice)
    host, usual = parts.hostname or "", {"http": 80, "https": 443}[parts.scheme]
    if not host.isascii():
        host = words.mail_domain(host)
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}" + (
        f":{parts.port}" if parts.port not in {None, usual} else ""
    )


def page_of_site(text: str) -> str:
    """The address of a page on one site: what stands for several is nothing that is looked for."""
    address = words.web_address(text)
    if "*" in urlsplit(address).netloc:
        raise InvalidValueError(f"{quoted(address)} stands for many sites", "name each of them")
    return address


def consent(text: str) -> str:
    """The text that people agree to: a few sentences."""
    found = " ".join(text.split())
    if not found:
        raise InvalidValueError("is empty", "write what people agree to, or remove the line")
    if found.lower() in {"yes", "no", "true", "false", "on", "off", "required"}:
        problem = f"{quoted(found)} is nothing that people can agree to"
        raise InvalidValueError(problem, "write the sentence, or remove the line: then it is ours")
    if len(found) > 1_000:
        raise InvalidValueError("is too long", "write 1,000 characters at most; link the rest")
    return found


def file_of_workspace(text: str) -> str:
    """A path inside the workspace."""
    path = text.strip().removeprefix("file:")
    try:
        return words.feed_address(f"file:{path}").removeprefix("file:")
    except InvalidValueError:
        problem = f"{quoted(path)} is not a file of this workspace"
        advice = "write its path from the folder of schedules.yaml, such as refused.txt"
        raise InvalidValueError(problem, advice) from None


def _field(value: Any) -> FormField:
    if isinstance(value, str):
        return FormField(_name(value))
    if not isinstance(value, Mapping) or len(value) != 1:
        raise InvalidValueError(f"{quoted(value)} is no field", _SHAPE)
    [(name, about)] = value.items()
    if not isinstance(name, str):
        raise InvalidValueError(f"{quoted(name)} is no field", _SHAPE)
    name = _name(name)
    if not isinstance(about, Mapping):
        advice = "write the name alone, or {topics: {choices: [AI, Drawing]}}"
        raise InvalidValueError(f"what follows {name} must be a group of keys", advice)
    for key in about:
        if key not in _ABOUT:
            raise InvalidValueError(
                f"{name} has an unknown key {quoted(key)}", did_you_mean(str(key), _ABOUT)
            )
    choices = _choices(name, about.get("choices", ()))
    label = about.get("label", "")
    if not isinstance(label, str):
        raise InvalidValueError(f"the label of {name} must be text", "put it in quotes")
    required = yes_or_no(about.get("required", False))
    return FormField(name, words.line_of_text(label) if label else "", choices, required)


def _name(text: str) -> str:
    name = text.strip()
    if name in RESERVED:
        raise InvalidValueError(f"{quoted(name)} is a name that forms use themselves", "rename it")
    if not FIELD.fullmatch(name):
        problem = f"{quoted(name)} cannot be a field"
        advice = "use lower-case letters, digits and _, and put other words under label:"
        raise InvalidValueError(problem, advice)
    near = did_you_mean(name, KNOWN_FIELDS)
    if name not in KNOWN_FIELDS and near.startswith("did you mean"):
        raise InvalidValueError(f"unknown field {quoted(name)}", near)
    return name


def _choices(name: str, value: Any) -> tuple[str, ...]:
    if value == ():
        return ()
    if name in CHOSEN_BY_US:
        advice = "remove choices: what there is, dispatch knows itself"
        raise InvalidValueError(f"{name} has choices of its own", advice)
    usable = isinstance(value, Sequence) and not isinstance(value, str) and value
    if not usable or not all(isinstance(one, str | int) for one in value):
        problem = f"the choices of {name} must be a list of texts"
        raise InvalidValueError(problem, "write them so: choices: [AI, Drawing]")
    if not all(str(one).strip() for one in value):
        raise InvalidValueError(f"a choice of {name} is empty", "write a text or remove it")
    found = tuple(dict.fromkeys(words.line_of_text(str(one)) for one in value))
    if name == "locale":
        for one in found:
            words.locale(one)
    if len(found) > MOST_CHOICES:
        raise InvalidValueError(f"{name} has {len(found)} choices", f"{MOST_CHOICES} at most")
    return found
