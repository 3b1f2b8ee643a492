"""The description as a whole."""

from collections.abc import Iterator, Sequence
from importlib.metadata import version

import msgspec

from ..api.users import camel_case
from ..collections.declared import Collection
from ..doorkeeper.errors import OAuthError
from ..doorkeeper.narrowing import WORDS
from ..json_schemas import Schema, components_of, explain, reference_to
from ..options import ProviderOptions
from ..scenario import ResourceEntry
from . import bodies
from .api import DescribedAPI
from .examples import examples_for
from .oauth import oauth_operations
from .writer import Writer


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
    writer = Writer(schemes=schemes, examples=examples_for(options))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Livestorm's OAuth endpoints and API, as livestorm-mock fakes them",
            "version": version("livestorm-mock"),
            "description": f"As Doorkeeper {options.release} answers, with the options that are"
            " set. Faults may answer anything.",
        },
        "servers": [{"url": app_url}],
        "paths": writer.paths(operations),
        "components": {
            "schemas": _schemas(options),
            "responses": writer.anywhere(),
            "securitySchemes": schemes,
        },
    }


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
