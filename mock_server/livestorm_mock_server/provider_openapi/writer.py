"""Operations as OpenAPI writes them down."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count

import msgspec

from ..json_schemas import Schema, components_of, explain, schema_of
from .operation import HEADERS, RAILS, Answer, ProviderOperation

_ANYWHERE: Mapping[int, Answer] = {
    400: Answer(told="The request or its parameters can't be read.", bodies=RAILS),
    406: Answer(told="`Accept` or `Content-Type` is no media type that is known.", bodies=RAILS),
    408: Answer(told="The rest of the request did not come."),
    413: Answer(told="The body is longer than `--max-body`."),
    500: Answer(told="The engine failed.", bodies={**RAILS, "text/plain": ()}),
    501: Answer(told="The transfer coding is unknown."),
    503: Answer(told="The store that servers share does not answer.", bodies=RAILS),
}
"""What any endpoint may answer before, or instead of, its own."""
_SHARED = {str(status): {"$ref": f"#/components/responses/{status}"} for status in _ANYWHERE}
_UNCHANGED: Schema = {"description": "It is as `If-None-Match` has it."}


class Writer(msgspec.Struct, frozen=True, kw_only=True):
    """Writes operations down with the credentials and the examples that there are."""

    schemes: Mapping[str, Schema]
    examples: Mapping[str, object]

    def paths(self, operations: Iterable[ProviderOperation]) -> dict[str, dict[str, object]]:
        """Describe operations by their paths; of those of one place, the first is what answers."""
        found: dict[str, dict[str, object]] = {}
        taken: set[str] = set()
        for one in operations:
            described = found.setdefault(_distinct(one.path), {})
            if one.verb not in described:
                described[one.verb] = self._operation(one, _unique(one.id, taken))
        return found

    def anywhere(self) -> dict[str, Schema]:
        """Describe what any endpoint may answer, by the status."""
        return {str(status): self._response(status, one) for status, one in _ANYWHERE.items()}

    def _operation(self, one: ProviderOperation, identifier: str) -> Schema:
        own = {str(status): self._response(status, told) for status, told in one.answers.items()}
        unchanged = {"304": _UNCHANGED} if one.verb == "get" else {}
        described: Schema = {
            "operationId": identifier,
            "summary": one.summary,
            "x-livestorm-mock-labels": list(one.labels),
            "parameters": [*_in_path(one.path), *_in_query(one.query), *one.parameters],
            "responses": dict(sorted({**_SHARED, **unchanged, **own}.items())),
            "security": [
                {name: list(scopes) for name, scopes in way.items()}
                for way in one.security
                if way.keys() <= self.schemes.keys()
            ],
        }
        if one.forms:
            forms = {
                kind: self._content(kind, one.forms, is_tagged=True) for kind in one.media_types
            }
            described["requestBody"] = {"required": True, "content": forms}
        return described

    def _response(self, status: int, answer: Answer) -> Schema:
        content = answer.bodies
        if status in _ANYWHERE:
            content = {
                kind: (*content.get(kind, ()), *_ANYWHERE[status].bodies.get(kind, ()))
                for kind in {**content, **_ANYWHERE[status].bodies}
            }
        described: Schema = {"description": answer.told}
        if answer.headers:
            described["headers"] = {
                name: {"description": HEADERS[name], "schema": {"type": "string"}}
                for name in answer.headers
            }
        if content:
            described["content"] = {
                kind: self._content(kind, types) for kind, types in content.items()
            }
        return described

    def _content(self, kind: str, types: Sequence[object], *, is_tagged: bool = False) -> Schema:
        """Describe a body of a media type; without types it is a text, or any JSON."""
        if not types:
            return {"schema": {} if kind.endswith("json") else {"type": "string"}}
        schemas = [schema_of(one) for one in dict.fromkeys(types)]
        schema: Schema = schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
        if is_tagged and len(schemas) > 1:
            mapping = {_tag(one): schema_of(one)["$ref"] for one in types}
            discriminator: Schema = {"propertyName": "grant_type", "mapping": mapping}
            schema["discriminator"] = discriminator
        names = [
            one.__name__ for one in types if isinstance(one, type) and one.__name__ in self.examples
        ]
        examples = {name: {"value": self.examples[name]} for name in names}
        return {"schema": schema} | ({"examples": examples} if examples else {})


def _distinct(path: str) -> str:
    """Give the parameters of a path names of their own: `id`, `id2` and so on."""
    numbers = count(1)
    return re.sub(r"\{id\}", lambda _: f"{{id{_number(next(numbers))}}}", path)


def _number(number: int) -> str:
    return "" if number == 1 else str(number)


def _unique(identifier: str, taken: set[str]) -> str:
    names = (f"{identifier}{_number(number)}" for number in count(1))
    name = next(one for one in names if one not in taken)
    taken.add(name)
    return name


def _in_path(path: str) -> list[Schema]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"\{(\w+)\}", _distinct(path))
    ]


def _in_query(query: type[msgspec.Struct] | None) -> Iterator[Schema]:
    if query is None:
        return
    _, schemas = components_of([query])
    schema = schemas[query.__name__]
    explain(schema, query)
    required, properties = schema["required"], schema["properties"]
    assert isinstance(required, list)
    assert isinstance(properties, dict)
    for name, one in properties.items():
        told = {"description": one.pop("description")} if "description" in one else {}
        yield {"name": name, "in": "query", "required": name in required, **told, "schema": one}


def _tag(one: object) -> object:
    assert isinstance(one, type)
    assert issubclass(one, msgspec.Struct)
    return one.__struct_config__.tag
