"""The collection for Bruno: https://docs.usebruno.com/bru-lang/overview."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping

from .api_steps import FORM, STEPS, VARIABLES, Request, Step, request_of

ENVIRONMENT = "serve"


def names() -> Iterator[str]:
    """Give the names of the collection's files."""
    yield from _ABOUT
    yield from _steps()


def file(name: str) -> str:
    """Give the text of one."""
    steps = _steps()
    return _step(*steps[name]) if name in steps else _ABOUT[name]()


def _steps() -> Mapping[str, tuple[int, Step]]:
    return {f"{at:02} {one.name}.bru": (at, one) for at, one in enumerate(STEPS, start=1)}


def _settings() -> str:
    about = {"version": "1", "name": "livestorm-mock", "type": "collection"}
    return json.dumps(about, indent=2) + "\n"


def _collection() -> str:
    return _blocks([("auth", {"mode": "oauth2"}), ("auth:oauth2", _oauth2())])


_ABOUT: Mapping[str, Callable[[], str]] = {
    "bruno.json": _settings,
    "collection.bru": _collection,
    f"environments/{ENVIRONMENT}.bru": lambda: _blocks([("vars", VARIABLES)]),
}


def _oauth2() -> Mapping[str, str]:
    """Give what fetches a token in Bruno's own window."""
    return {
        "grant_type": "authorization_code",
        "callback_url": "{{redirect_uri}}",
        "authorization_url": "{{app_url}}/oauth/authorize",
        "access_token_url": "{{app_url}}/oauth/token",
        "refresh_token_url": "{{app_url}}/oauth/token",
        "client_id": "{{client_id}}",
        "client_secret": "{{client_secret}}",
        "scope": "{{scope}}",
        "state": "{{state}}",
        "pkce": "false",
        "credentials_placement": "body",
        "credentials_id": "credentials",
        "token_placement": "header",
        "token_header_prefix": "Bearer",
        "auto_fetch_token": "true",
        "auto_refresh_token": "false",
    }


def _step(number: int, step: Step) -> str:
    request = request_of(step)
    meta = {"name": step.name, "type": "http", "seq": str(number)}
    blocks: list[tuple[str, Mapping[str, str] | str]] = [
        ("meta", meta),
        (request.method.lower(), _asked(request)),
    ]
    if request.token:
        blocks.append(("auth:bearer", {"token": f"{{{{{request.token}}}}}"}))
    if request.media_type == FORM:
        blocks.append(("body:form-urlencoded", {n: str(v) for n, v in request.body.items()}))
    elif request.media_type:
        blocks.append(("body:json", json.dumps(request.body, indent=2)))
    blocks.append(("assert", {"res.status": f"eq {step.expected}"}))
    if step.kept:
        blocks.append(("script:post-response", "\n".join(_kept(step))))
    blocks.append(("docs", request.summary))
    return _blocks(blocks)


def _asked(request: Request) -> Mapping[str, str]:
    body = {FORM: "formUrlEncoded", "": "none"}.get(request.media_type, "json")
    return {
        "url": request.url,
        "body": body,
        "auth": "bearer" if request.token else "none",
    }


def _kept(step: Step) -> Iterable[str]:
    for name, source in step.kept.items():
        yield f'bru.setVar("{name}", {source.format(body="res.body")});'


def _blocks(blocks: Iterable[tuple[str, Mapping[str, str] | str]]) -> str:
    return "\n".join(_block(name, content) for name, content in blocks)


def _block(name: str, content: Mapping[str, str] | str) -> str:
    if isinstance(content, str):
        lines = content.splitlines()
    else:
        lines = [f"{key}: {value}".rstrip() for key, value in content.items()]
    return "".join([f"{name} {{\n", *(f"  {line}\n" for line in lines), "}\n"])
