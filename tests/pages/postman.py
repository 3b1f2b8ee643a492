"""The collection for Postman: https://schema.postman.com/collection/json/v2.1.0/docs/."""

import json
from collections.abc import Mapping

from .api_steps import FORM, STEPS, VARIABLES, Request, Step, endpoints, request_of

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
STORY = "From nothing to a fault"


def collection() -> str:
    """Give the collection as a file: the story that can be run, and each endpoint alone."""
    told = {
        "info": {
            "name": "livestorm-mock",
            "description": "Livestorm's OAuth endpoints and API, as livestorm-mock fakes them.",
            "schema": SCHEMA,
        },
        "auth": _auth(),
        "variable": [{"key": name, "value": value} for name, value in VARIABLES.items()],
        "item": [
            {"name": STORY, "item": [_played(step) for step in STEPS]},
            {"name": "Endpoints", "item": [_item(one) for one in endpoints()]},
        ],
    }
    return json.dumps(told, indent=2) + "\n"


def _auth() -> dict[str, object]:
    """Give what fetches a token in Postman's own window."""
    members = {
        "grant_type": "authorization_code",
        "tokenName": "livestorm-mock",
        "authUrl": "{{app_url}}/oauth/authorize",
        "accessTokenUrl": "{{app_url}}/oauth/token",
        "refreshTokenUrl": "{{app_url}}/oauth/token",
        "clientId": "{{client_id}}",
        "clientSecret": "{{client_secret}}",
        "redirect_uri": "{{redirect_uri}}",
        "scope": "{{scope}}",
        "state": "{{state}}",
        "client_authentication": "body",
        "addTokenTo": "header",
        "headerPrefix": "Bearer",
    }
    return {"type": "oauth2", "oauth2": _members(members)}


def _members(values: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"key": name, "value": value, "type": "string"} for name, value in values.items()]


def _played(step: Step) -> dict[str, object]:
    request = request_of(step)
    bearer = {"type": "bearer", "bearer": _members({"token": f"{{{{{request.token}}}}}"})}
    auth = bearer if request.token else {"type": "noauth"}
    item = _item(request)
    asked = item["request"]
    assert isinstance(asked, dict)
    script = [
        f'pm.test("{step.expected}", () => pm.response.to.have.status({step.expected}));',
        *(
            f'pm.collectionVariables.set("{name}", {source.format(body="pm.response.json()")});'
            for name, source in step.kept.items()
        ),
    ]
    event = {"listen": "test", "script": {"type": "text/javascript", "exec": script}}
    return {**item, "request": {**asked, "auth": auth}, "event": [event]}


def _item(request: Request) -> dict[str, object]:
    base, *path = request.url.split("/")
    named = [one.strip("{}") for one in path if one.startswith("{")]
    segments = [f":{one.strip('{}')}" if one.startswith("{") else one for one in path]
    url: dict[str, object] = {
        "raw": "/".join([base, *segments]),
        "host": [base],
        "path": segments,
    }
    if named:
        url["variable"] = [{"key": name, "value": ""} for name in named]
    asked: dict[str, object] = {
        "method": request.method,
        "header": [],
        "url": url,
        "description": request.summary,
    }
    if request.media_type == FORM:
        values = {name: str(value) for name, value in request.body.items()}
        asked["body"] = {"mode": "urlencoded", "urlencoded": _texts(values)}
    elif request.media_type:
        asked["header"] = _texts({"Content-Type": request.media_type})
        asked["body"] = {"mode": "raw", "raw": json.dumps(request.body, indent=2)}
    return {"name": request.name, "request": asked, "response": []}


def _texts(values: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"key": name, "value": value} for name, value in values.items()]
