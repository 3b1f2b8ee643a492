"""The description of the faked endpoints, as what an answer is held against."""

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from jsonschema_rs import Draft202012Validator

URL = "http://127.0.0.1:8787"


class Told(NamedTuple):
    """An answer: its status, its media type (empty without one) and its body."""

    status: int
    media_type: str
    body: str


class DescribedProvider:
    """A description that was made or fetched."""

    def __init__(self, described: Mapping[str, Any]) -> None:
        self._described = described
        self._paths = {
            re.compile(re.sub(r"\\\{\w+\\\}", "[^/.]+", re.escape(path))): one
            for path, one in described["paths"].items()
        }

    def find(self, method: str, target: str) -> Mapping[str, Any] | None:
        """Give the operation of a request, None where it is not described."""
        path = target.partition("?")[0]
        for pattern, verbs in self._paths.items():
            if pattern.fullmatch(path):
                return dict(verbs).get(method.lower())
        return None

    def check(self, operation: Mapping[str, Any], answer: Told) -> None:
        """Check that a status is described, and that type and body are what it may have."""
        responses = operation["responses"]
        assert str(answer.status) in responses, (answer, sorted(responses))
        told = responses[str(answer.status)]
        if "$ref" in told:
            told = self._described["components"]["responses"][told["$ref"].rpartition("/")[2]]
        if answer.body == "":
            return
        assert answer.media_type in told.get("content", {}), (answer, told)
        if answer.media_type.endswith("json"):
            schema = told["content"][answer.media_type]["schema"]
            self.validator(json.dumps(schema)).validate(json.loads(answer.body))

    @cache  # noqa: B019 - as long as the tests of a module
    def validator(self, schema: str) -> Draft202012Validator:
        """Give what holds a value to a schema, in which no member is left untold."""
        schemas = {
            name: {"unevaluatedProperties": False, **one} if "properties" in one else one
            for name, one in self._described["components"]["schemas"].items()
        }
        return Draft202012Validator({**json.loads(schema), "components": {"schemas": schemas}})
