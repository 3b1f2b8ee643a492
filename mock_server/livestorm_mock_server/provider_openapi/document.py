"""The description as a whole."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from itertools import count

import msgspec

from ..api.users import camel_case
from ..collections.declared import Collection
from ..doorkeeper.errors import OAuthError
from ..doorkeeper.narrowing import WORDS
from ..json_schemas import Schema, components_of, explain, reference_to, schema_of
from ..options import ProviderOptions
from ..scenario import ResourceEntry
from . import bodies
from .api import DescribedAPI
from .examples import EXAMPLES
from .oauth import oauth_operations
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


def describe_provider(
    options: ProviderOptions,
    resources: Sequence[ResourceEntry] = (),
    collections: Sequence[Collection] = (),
    *,
    app_url: str,
) -> dict[str, object]:
    """Give the description as a JSON object; `app_url` is where the sandbox is."""
    api = DescribedAPI(options=options)
    operations = [*oauth_operations(options), *api.operations(resources, collections)]
    schemes = _security_schemes(options, app_url)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Livestorm's OAuth endpoints and API, as livestorm-mock fakes them",
            "version": version("livestorm-mock"),
            "description": f"As Doorkeeper {options.release} answers, with the options that are"
            " set. Faults may answer anything.",
        },
        "servers": [{"url": app_url}],
        "paths": _paths(operations, schemes),
        "components": {
            "schemas": _schemas(options),
            "responses": {str(status): _response(status, one) for status, one in _ANYWHERE.items()},
            "securitySchemes": schemes,
        },
    }


def _paths(
    operations: Iterable[ProviderOperation], schemes: Mapping[str, Schema]
) -> dict[str, dict[str, object]]:
    paths: dict[str, dict[str, object]] = {}
    taken: set[str] = set()
    for one in operations:
        described = paths.setdefault(_distinct(one.path), {})
        if one.verb not in described:
            described[one.verb] = _operation(one, _unique(one.id, taken), schemes)
    return paths


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


def _operation(one: ProviderOperation, identifier: str, schemes: Mapping[str, Schema]) -> Schema:
    own = {str(status): _response(status, told) for status, told in one.answers.items()}
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
            if way.keys() <= schemes.keys()
        ],
    }
    if one.forms:
        content = {kind: _content(kind, one.forms, is_tagged=True) for kind in one.media_types}
        described["requestBody"] = {"required": True, "content": content}
    return described


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


def _response(status: int, answer: Answer) -> Schema:
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
        described["content"] = {kind: _content(kind, types) for kind, types in content.items()}
    return described


def _content(kind: str, types: Sequence[object], *, is_tagged: bool = False) -> Schema:
    """Describe a body of a media type; without types it is a text, or any JSON."""
    if not types:
        return {"schema": {} if kind.endswith("json") else {"type": "string"}}
    schemas = [schema_of(one) for one in dict.fromkeys(types)]
    schema: Schema = schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
    if is_tagged and len(schemas) > 1:
        mapping = {_tag(one): schema_of(one)["$ref"] for one in types}
        discriminator: Schema = {"propertyName": "grant_type", "mapping": mapping}
        schema["discriminator"] = discriminator
    names = [one.__name__ for one in types if isinstance(one, type) and one.__name__ in EXAMPLES]
    examples = {name: {"value": EXAMPLES[name]} for name in names}
    return {"schema": schema} | ({"examples": examples} if examples else {})


def _tag(one: object) -> object:
    assert isinstance(one, type)
    assert issubclass(one, msgspec.Struct)
    return one.__struct_config__.tag


def _schemas(options: ProviderOptions) -> dict[str, Schema]:
    structs = [
        one
        for one in vars(bodies).values()
        if isinstance(one, type) and issubclass(one, msgspec.Struct) and one is not msgspec.Struct
    ]
    _, schemas = components_of(structs)
    for struct in structs:
        explain(schemas[struct.__name__], struct)
    codes: Schema = {"type": "string", "enum": sorted({one.code for one in _errors_of(OAuthError)})}
    failure = schemas["OAuthFailure"]["properties"]
    assert isinstance(failure, dict)
    failure["error"] = reference_to("OAuthErrorCode")
    if options.attribute_case == "camelCase":
        _respell(schemas["UserAttributes"])
    return {**schemas, "OAuthErrorCode": codes}


def _errors_of(error: type[OAuthError]) -> Iterator[type[OAuthError]]:
    for one in error.__subclasses__():
        yield one
        yield from _errors_of(one)


def _respell(schema: Schema) -> None:
    properties, required = schema["properties"], schema["required"]
    assert isinstance(properties, dict)
    assert isinstance(required, list)
    schema["properties"] = {camel_case(name): one for name, one in properties.items()}
    schema["required"] = [camel_case(name) for name in required]


def _security_schemes(options: ProviderOptions, app_url: str) -> dict[str, Schema]:
    scopes: Schema = {one: WORDS.get(one, one) for one in options.scopes}
    flow: Schema = {
        "authorizationUrl": f"{app_url}/oauth/authorize",
        "tokenUrl": f"{app_url}/oauth/token",
        "refreshUrl": f"{app_url}/oauth/token",
        "scopes": scopes,
    }
    token: Schema = {"type": "http", "scheme": "bearer", "description": "Any access token."}
    private: Schema = {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "A private API token of a workspace, without `Bearer`.",
    }
    schemes: dict[str, Schema] = {
        "oauth": {"type": "oauth2", "flows": {"authorizationCode": flow}},
        "accessToken": token,
        "client": {
            "type": "http",
            "scheme": "basic",
            "description": "`client_id` and `client_secret`; or both in the body, or, of a public"
            " client, the first alone.",
        },
    }
    return schemes | ({"privateToken": private} if options.private_tokens else {})
