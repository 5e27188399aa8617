"""Requests to SES, judged by the model of its API v2 that botocore comes from."""

import base64
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
from botocore.model import OperationModel, ServiceModel
from botocore.validate import ParamValidator


def ses(folder: Path) -> Callable[[httpx.Request], list[str]]:
    model = ServiceModel(json.loads((folder / "aws-sesv2.service-2.json").read_text("utf-8")))
    operations = [model.operation_model(name) for name in model.operation_names]

    def objections(request: httpx.Request) -> list[str]:
        # As it comes over the wire: a domain's percent signs are part of one name.
        path = request.url.raw_path.decode().partition("?")[0]
        for operation in operations:
            labels = _labels(operation, request.method, path)
            if labels is not None:
                return _judge(operation, labels, request)
        return [f"{request.method} {path}: no such call"]

    return objections


def _labels(operation: OperationModel, method: str, path: str) -> dict[str, str] | None:
    pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(operation.http["requestUri"]))
    found = re.fullmatch(pattern, path) if operation.http["method"] == method else None
    return None if found is None else {key: unquote(one) for key, one in found.groupdict().items()}


def _judge(operation: OperationModel, labels: dict[str, str], request: httpx.Request) -> list[str]:
    said = json.loads(request.content) if request.content else {}
    shape = operation.input_shape
    by_wire_name = {
        one.serialization.get("name", name): name for name, one in shape.members.items()
    }
    given = {by_wire_name.get(key, key): value for key, value in {**said, **labels}.items()}
    strange = [f"{one}: no such field" for one in _unknown(shape, given)]
    report = ParamValidator().validate(_bytes(shape, given), shape)
    return strange + ([report.generate_report()] if report.has_errors() else [])


def _unknown(shape: Any, value: Any) -> list[str]:
    """Fields that the model does not have, wherever they are: botocore drops them in silence."""
    if shape.type_name == "list" and isinstance(value, list):
        return [one for item in value for one in _unknown(shape.member, item)]
    if shape.type_name != "structure" or not isinstance(value, dict):
        return []
    strange = [key for key in value if key not in shape.members]
    known = value.keys() & shape.members.keys()
    return strange + [one for key in known for one in _unknown(shape.members[key], value[key])]


def _bytes(shape: Any, value: Any) -> Any:
    """The same with what is base64 on the wire as the bytes that botocore is given."""
    if shape.type_name == "blob" and isinstance(value, str):
        return base64.b64decode(value, validate=True)
    if shape.type_name == "list" and isinstance(value, list):
        return [_bytes(shape.member, one) for one in value]
    if shape.type_name == "structure" and isinstance(value, dict):
        return {
            key: _bytes(shape.members[key], one) if key in shape.members else one
            for key, one in value.items()
        }
    return value
