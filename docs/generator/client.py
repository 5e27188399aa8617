"""The typed client of the API: a method for each operation, a shape for each model.

`pages()` of docs/generate.py writes them below src/dispatch/client, as it does pages.
"""

import keyword
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from generator.openapi import document
from generator.python_text import WIDTH, docstring, imported, wrapped, wrapped_call

HEAD = (
    "# Made by docs/generate.py from the API's description: change the API, then run `make docs`."
)
COMMON = "common"

_PART = re.compile(r"\{(\w+)\}")
_REF = "#/components/schemas/"
_JSON = "application/json"
_SINGULAR = {"people": "person", "me": "me", "settings": "settings", "health": "health"}
_TYPES = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}


def client_files() -> dict[str, str]:
    """Path below src/dispatch/client to text."""
    groups = _by_tag()
    homes = _homes(groups)
    files = {f"shapes/{home}.py": _shapes(home, homes) for home in sorted(set(homes.values()))}
    files |= {f"groups/{tag}.py": _group(tag, ops, homes) for tag, ops in groups.items()}
    files["groups/__init__.py"] = _all_groups(sorted(groups))
    files["shapes/__init__.py"] = '"""What goes in and comes out, as JSON says it."""\n'
    return files


def method_of(tag: str, operation: str) -> str:
    """What an operation is called in its group: its verb, where that says which it is.

    Of two with the same verb, the one about several keeps its whole name.

    >>> method_of("subscribers", "list_subscribers"), method_of("subscribers", "edit_profile")
    ('list', 'edit_profile')
    """
    many, one = f"_{tag.replace('-', '_')}", f"_{singular(tag)}"
    for noun in (one, many):
        name = operation.removesuffix(noun)
        if name == operation or keyword.iskeyword(name):
            continue
        if noun == many != one and f"{name}{one}" in _operations():
            continue
        return name
    return operation


@cache
def _operations() -> frozenset[str]:
    methods = (one for path in document()["paths"].values() for one in path.values())
    return frozenset(one["operationId"] for one in methods)


def singular(tag: str) -> str:
    """One of what a group is about."""
    tag = tag.replace("-", "_")
    if tag in _SINGULAR:
        return _SINGULAR[tag]
    return f"{tag[:-3]}y" if tag.endswith("ies") else tag.removesuffix("s")


def _by_tag() -> dict[str, list[tuple[str, str, Mapping[str, Any]]]]:
    found: dict[str, list[tuple[str, str, Mapping[str, Any]]]] = defaultdict(list)
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            tag = operation.get("tags", [path.split("/")[1]])[0].replace("-", "_")
            found[tag].append((method.upper(), path, operation))
    return dict(sorted(found.items()))


def _homes(groups: Mapping[str, list[tuple[str, str, Mapping[str, Any]]]]) -> dict[str, str]:
    """Schema to the file that has it: that of the only group that uses it, or a common one."""
    used: dict[str, set[str]] = defaultdict(set)
    for tag, operations in groups.items():
        for _, _, operation in operations:
            for name in _named(operation):
                used[name].add(tag)
    return {
        name: next(iter(tags)) if len(tags) == 1 else COMMON
        for name, tags in sorted(used.items())
        if not is_list(name) and name not in {"Problem", "FieldProblem"}
    }


def _named(said: Any) -> set[str]:
    """All schemas that something names, and those that these name."""
    found: set[str] = set()
    todo = [said]
    while todo:
        one = todo.pop()
        if isinstance(one, dict):
            ref = one.get("$ref", "")
            if isinstance(ref, str) and ref.startswith(_REF):
                name = ref.removeprefix(_REF)
                if name not in found:
                    found.add(name)
                    todo.append(_schema(name))
            todo += [value for key, value in one.items() if key not in {"example", "examples"}]
        elif isinstance(one, list):
            todo += one
    return found


def _schema(name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = document()["components"]["schemas"][name]
    return found


def is_list(name: str) -> bool:
    """Whether a schema is part of a list."""
    properties = _schema(name).get("properties", {})
    return set(properties) == {"items", "next"}


def name_of(schema: str) -> str:
    """A schema's name, as Python takes it."""
    short = schema.rpartition("__")[2] if "__" in schema else schema
    return re.sub(r"\W", "", short)


def _shapes(home: str, homes: Mapping[str, str]) -> str:
    mine = [name for name, where in homes.items() if where == home]
    body = [text for name in _in_order(mine) for text in ("", _shape(name), "")]
    text = "\n".join(body)
    used = {name for one in mine for name in _named(_schema(one)) if homes.get(name) == COMMON}
    lines = [HEAD, f'"""Shapes of {"several groups" if home == COMMON else home}."""', ""]
    typing = [
        one
        for one in ("Any", "Literal", "NotRequired", "TypedDict")
        if re.search(rf"\b{one}\b", text)
    ]
    lines.append(f"from typing import {', '.join(typing)}")
    if home != COMMON and used:
        lines += ["", *imported(f"dispatch.client.shapes.{COMMON}", map(name_of, used))]
    lines.append("")
    return "\n".join(lines) + "\n" + text.rstrip() + "\n"


def _in_order(names: list[str]) -> Iterator[str]:
    """Each behind those that it names, so that aliases are there when they are needed."""
    done: set[str] = set()

    def put(name: str) -> Iterator[str]:
        if name in done:
            return
        done.add(name)
        for other in sorted(_named(_schema(name)) & set(names)):
            yield from put(other)
        yield name

    for name in sorted(names):
        yield from put(name)


def _shape(name: str) -> str:
    schema, called = _schema(name), name_of(name)
    if "properties" not in schema:
        alias = wrapped(f"{called} = {type_of(schema)}")
        about = _sentence(schema)
        return f'{alias}\n"""{about}"""' if about else alias
    required = set(schema.get("required", ()))
    fields = {
        field: type_of(said) if field in required else f"NotRequired[{type_of(said)}]"
        for field, said in schema["properties"].items()
    }
    about = _sentence(schema) or f"{called}."
    if any(keyword.iskeyword(field) or not field.isidentifier() for field in fields):
        inner = ", ".join(f'"{field}": {kind}' for field, kind in fields.items())
        return f'{called} = TypedDict("{called}", {{{inner}}})\n"""{about}"""'
    lines = [f"class {called}(TypedDict):", f'    """{about}"""', ""]
    for field, kind in fields.items():
        lines.append(f"    {field}: {kind}")
        if told := schema["properties"][field].get("description"):
            lines.append(docstring(told, 4))
    return "\n".join(lines)


def _sentence(schema: Mapping[str, Any]) -> str:
    text = " ".join(schema.get("description", "").partition("\n\n")[0].split())
    return text.replace("\\", "\\\\").replace('"""', "'''")[: WIDTH - 10]


def type_of(schema: Mapping[str, Any]) -> str:
    """The type of what a schema describes.

    >>> type_of({"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "null"}]})
    'list[str] | None'
    """
    if ref := schema.get("$ref"):
        return name_of(ref.removeprefix(_REF))
    for word in ("anyOf", "oneOf", "allOf"):
        if word in schema:
            return " | ".join(dict.fromkeys(type_of(one) for one in schema[word]))
    known = schema.get("enum", [schema["const"]] if "const" in schema else [])
    if known:
        return f"Literal[{', '.join(_literal(one) for one in known)}]"
    return _plain_type(schema)


def _plain_type(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type")
    if kind == "array":
        return _array(schema)
    if kind == "object":
        more = schema.get("additionalProperties")
        return f"dict[str, {type_of(more) if isinstance(more, dict) else 'Any'}]"
    return _TYPES.get(str(kind), "Any")


def _literal(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _array(schema: Mapping[str, Any]) -> str:
    if "prefixItems" in schema:
        kinds = dict.fromkeys(type_of(one) for one in schema["prefixItems"])
        return f"list[{' | '.join(kinds)}]"
    items = schema.get("items")
    return f"list[{type_of(items) if items else 'Any'}]"


def _group(
    tag: str, operations: list[tuple[str, str, Mapping[str, Any]]], homes: Mapping[str, str]
) -> str:
    body: list[str] = []
    for method, path, operation in operations:
        body += ["", *_method(tag, method, path, operation)]
    text = "\n".join(body)
    words = set(re.findall(r"\w+", text))
    lines = [HEAD, f'"""Operations of {tag.replace("_", " ")}."""', ""]
    abc = [one for one in ("Iterable", "Iterator", "Sequence") if one in words]
    if abc:
        lines.append(f"from collections.abc import {', '.join(abc)}")
    if "AbstractContextManager" in words:
        lines.append("from contextlib import AbstractContextManager")
    if typing := [one for one in ("Any", "Literal") if one in words]:
        lines.append(f"from typing import {', '.join(typing)}")
    if lines[-1]:
        lines.append("")
    tools = ["Calls"] + (["part"] if "part" in words else [])
    lines += imported("dispatch.client.calls", tools)
    for home in sorted({tag, COMMON}):
        names = [name_of(one) for one, where in homes.items() if where == home]
        if some := [one for one in names if one in words]:
            lines += imported(f"dispatch.client.shapes.{home}", some)
    lines += [
        "",
        "",
        f"class {class_of(tag)}:",
        f'    """Operations of {tag.replace("_", " ")}."""',
    ]
    lines += ["", "    def __init__(self, calls: Calls) -> None:", "        self._calls = calls"]
    return "\n".join(lines) + "\n" + text + "\n"


def class_of(tag: str) -> str:
    """What the class of a group is called."""
    return "".join(part.title() for part in tag.split("_")) + "Group"


def _method(tag: str, method: str, path: str, operation: Mapping[str, Any]) -> Iterator[str]:
    name = method_of(tag, operation["operationId"])
    kind = _answer(operation)
    given = {one: python_part(path, one) for one in _PART.findall(path)}
    query = {
        one["name"]: one
        for one in operation.get("parameters", ())
        if one["in"] == "query" and one["name"] != "cursor"
    }
    headers = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "header"}
    arguments = [f"{one}: str" for one in given.values()]
    passed: list[str] = []
    content = operation.get("requestBody", {}).get("content", {})
    if _JSON in content:
        arguments.append(f"body: {type_of(content[_JSON]['schema'])}")
        passed.append("body=body")
    elif content:
        arguments.append("content: bytes | str | Iterable[bytes]")
        passed += ["content=content", f'kind="{next(iter(content))}"']
    named = [
        f"{_safe(one)}: {_query_type(said)}" for one, said in query.items() if said["required"]
    ]
    named += [
        f"{_safe(one)}: {_query_type(said)} | None = None"
        for one, said in query.items()
        if not said["required"]
    ]
    is_list = kind.startswith("Iterator[")
    is_file = kind.startswith("AbstractContextManager")
    if "Idempotency-Key" in headers and not is_file:
        named.append('key: str = ""')
        passed.append("key=key")
    if query:
        inner = ", ".join(f'"{one}": {_safe(one)}' for one in query)
        passed.append(f"query={{{inner}}}")
    if "If-Match" in headers:
        passed.append("matches=True")
    where = _PART.sub(lambda one: f"{{part({given[one[1]]})}}", path)
    shown = f'f"{where}"' if given else f'"{path}"'
    star = ["*"] if named else []
    yield from wrapped_call(f"    def {name}", ["self", *arguments, *star, *named], f" -> {kind}:")
    yield docstring(operation.get("summary", name) + ".", 8)
    how = "pages" if is_list else "stream" if is_file else "ask"
    said = [shown, *passed] if is_list else [f'"{method}"', shown, *passed]
    if kind == "None" or is_list or is_file:
        begin = "        " if kind == "None" else "        return "
        yield from wrapped_call(f"{begin}self._calls.{how}", said, "")
    else:
        yield from wrapped_call(f"        answer: {kind} = self._calls.{how}", said, "")
        yield "        return answer"


def python_part(path: str, name: str) -> str:
    """What a part of a path is called where it is given."""
    if name != "id":
        return _safe(name)
    before = path.partition("{id}")[0].rstrip("/").rpartition("/")[2]
    return f"{singular(before)}_id"


def _safe(name: str) -> str:
    taken = {"id", "type", "format", "list", "all", "next", "self"}
    return f"{name}_" if keyword.iskeyword(name) or name in taken else name.replace("-", "_")


def _query_type(parameter: Mapping[str, Any]) -> str:
    kind = type_of(parameter["schema"]).removesuffix(" | None")
    return re.sub(r"\blist\[", "Sequence[", kind)


def _answer(operation: Mapping[str, Any]) -> str:
    """The type of what comes back."""
    for status, said in operation["responses"].items():
        if not status.startswith("2"):
            continue
        content = said.get("content", {})
        if _JSON in content:
            schema = content[_JSON]["schema"]
            name = schema.get("$ref", "").removeprefix(_REF)
            if name and is_list(name):
                items = _schema(name)["properties"]["items"]["items"]
                return f"Iterator[{type_of(items)}]"
            return re.sub(r"\blist\[", "Sequence[", type_of(schema))
        if content:
            return "AbstractContextManager[Iterator[bytes]]"
    return "None"


def _all_groups(tags: list[str]) -> str:
    lines = [HEAD, '"""All groups of operations."""', ""]
    lines += imported("dispatch.client.calls", ["Calls"])
    for tag in tags:
        lines += imported(f"dispatch.client.groups.{tag}", [class_of(tag)])
    lines += [
        "",
        "",
        "class Groups:",
        '    """The operations of the API, by what they are about."""',
        "",
    ]
    lines.append("    def __init__(self, calls: Calls) -> None:")
    lines += [f"        self.{tag} = {class_of(tag)}(calls)" for tag in tags]
    return "\n".join(lines) + "\n"
