"""The description of the faked endpoints: that it is one, and that what is answered fits it."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox, MockLivestorm, ProviderOptions
from livestorm_mock_server.control.app import OPERATIONS
from livestorm_mock_server.control.openapi import describe
from livestorm_mock_server.doorkeeper.routes import oauth_routes
from livestorm_mock_server.labels import all_labels
from livestorm_mock_server.provider_openapi.document import describe_provider
from livestorm_mock_server.scenario_files import read_scenario
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.fidelity.fake import PROFILES_FOLDER
from tests.fidelity.recordings import PROFILES, RELEASES, Answer, load_recordings

from .described_provider import URL, DescribedProvider, Told
from .described_requests import TABLE

NOT_DESCRIBED = {"applications"}
"""Nobody is an administrator: 403, whatever is asked."""

DECLARED = """
[[resources]]
path = "/v1/jobs/{id}/tasks/{id}"
methods = ["GET", "POST"]
json = {data = []}

[[collections]]
type = "events"
path = "/v1/events"
operations = ["list", "show", "create", "update", "delete"]
read = ["events:read"]
write = ["events:write"]

[[collections]]
type = "sessions"
path = "/v1/events/{event}/sessions"
relationships = [{ name = "event", type = "events" }]
read = ["events:read"]

"""
SETTINGS: Mapping[str, Mapping[str, Any]] = {
    "default": {},
    "all flows": {"release": "6.0", "grant_flows": ["authorization_code", "password", "implicit"]},
    "other answers": {"attribute_case": "camelCase", "rate_limits": False, "private_tokens": False},
    "less": {"introspection": "disabled", "skip_controllers": ["token_info"]},
    "stricter": {"enforce_content_type": True, "rate_limits_cover_token_endpoint": True},
}


def described(**options: Any) -> Mapping[str, Any]:
    """Give the description with provider options, as JSON has it."""
    scenario = read_scenario(DECLARED, "declared.toml", None)
    told = describe_provider(
        ProviderOptions(**options), scenario.resources, scenario.declared.collections, app_url=URL
    )
    return dict(json.loads(json.dumps(told)))


@pytest.mark.parametrize("options", SETTINGS.values(), ids=SETTINGS)
def test_description_is_openapi(options: Mapping[str, Any]) -> None:
    """By the schema of OpenAPI 3.1, with references that lead somewhere and ids that are unique."""
    OpenAPIV31SpecValidator(dict(described(**options))).validate()


def test_workspace_describes_itself_as_openapi() -> None:
    """All that is declared there, people that are added by the dozen included."""
    with MockLivestorm(scenario="workspace") as livestorm:
        told = httpx.get(f"{livestorm.control_url}/livestorm-openapi.json").json()
    OpenAPIV31SpecValidator(told).validate()
    assert "post" in told["paths"]["/v1/sessions/{id}/people/bulk"]


@pytest.mark.parametrize("attribute_case", ["snake_case", "camelCase"])
def test_examples_fit_their_schemas(attribute_case: str) -> None:
    """Each of those that a reader or a generator is shown."""
    flows = ["authorization_code", "client_credentials", "password"]
    told = described(grant_flows=flows, attribute_case=attribute_case)
    provider = DescribedProvider(told)
    found = [
        (content["schema"], example["value"])
        for content in contents(told)
        for example in content.get("examples", {}).values()
    ]
    assert len(found) > 20
    for schema, value in found:
        provider.validator(json.dumps(schema)).validate(value)


def contents(told: Any) -> Iterator[Mapping[str, Any]]:
    """Give each body that is described, by its media type."""
    if isinstance(told, dict):
        for name, one in told.items():
            yield from one.values() if name == "content" else contents(one)


@pytest.mark.parametrize("options", SETTINGS.values(), ids=SETTINGS)
def test_description_has_what_there_is(options: Mapping[str, Any]) -> None:
    """Each route of the engine with each verb, and nothing that is not there; all labels."""
    told = described(**options)
    verbs = {(path, verb.upper()) for path, one in told["paths"].items() for verb in one}
    engine = {
        (route.path, verb)
        for route in oauth_routes(ProviderOptions(**options))
        for verb in route.actions
        if route.label not in NOT_DESCRIBED
    }
    assert {one for one in verbs if not one[0].startswith("/v1/")} == engine
    labels = {
        label
        for one in told["paths"].values()
        for operation in one.values()
        for label in operation["x-livestorm-mock-labels"]
    }
    scenario = read_scenario(DECLARED, "declared.toml", None)
    groups = {"token", "api", "api.events.{id}.sessions.{id}"} | NOT_DESCRIBED
    known = {one for one in scenario.labels if not one.startswith("token.")} - groups
    skipped = {"metadata", "introspect", "token_info"}
    assert labels - {one for one in labels if one.startswith("token.")} >= known - skipped
    assert labels <= set(all_labels(())) | set(scenario.labels)


def test_operations_are_called_otherwise_than_those_of_the_control_api() -> None:
    """A tool that reads both descriptions can tell them apart."""
    ids = [ids_of(described()), ids_of(describe(OPERATIONS))]
    assert ids[0] & ids[1] == set()


def ids_of(told: Mapping[str, Any]) -> set[str]:
    """Give the ids of all operations."""
    return {one["operationId"] for verbs in told["paths"].values() for one in verbs.values()}


def test_sandbox_describes_itself(livestorm: LivestormSandbox, http: httpx.Client) -> None:
    """With its own address, its options, and what its scenario declares."""
    scenario = read_scenario(DECLARED, "declared.toml", None)
    with livestorm.sandbox(scenario=scenario, release="6.0") as other:
        told = http.get(f"{other.control_url}/livestorm-openapi.json").json()
        assert told["servers"] == [{"url": other.app_url}]
        assert "/.well-known/oauth-authorization-server" in told["paths"]
        assert "/v1/events/{id}/sessions" in told["paths"]
        assert "/v1/jobs/{id}/tasks/{id2}" in told["paths"]


@pytest.mark.parametrize("name", TABLE)
def test_answer_fits_what_the_sandbox_says_of_itself(
    livestorm: LivestormSandbox, http: httpx.Client, name: str
) -> None:
    """Its status, its media type, and each member of its body."""
    status, verb, path, send = TABLE[name]
    scenario = read_scenario(DECLARED, "declared.toml", None)
    with livestorm.sandbox(scenario=scenario, release="6.0") as other:
        told = http.get(f"{other.control_url}/livestorm-openapi.json").json()
        answer = send(other, http)
    assert answer.status_code == status, answer.text
    media_type = answer.headers.get("content-type", "").partition(";")[0]
    operation = told["paths"][path][verb]
    DescribedProvider(told).check(operation, Told(status, media_type, answer.text))
    headers = {name.lower() for name in answer.headers}
    if path.startswith("/v1/"):
        response = operation["responses"][str(status)].get("headers", {})
        assert {one.lower() for one in response} - {"www-authenticate"} <= headers


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("release", RELEASES)
def test_recorded_engine_answers_as_it_is_described(release: str, profile: str) -> None:
    """What the real engine answered in this release, with these options, was told beforehand."""
    scenario = read_scenario(
        (PROFILES_FOLDER / f"{profile}.toml").read_text(encoding="utf-8"), profile, None
    )
    for recording in load_recordings(profile):
        options = {"release": release, **recording.provider}
        told = describe_provider(replaced(scenario.provider, options), app_url=URL)
        provider = DescribedProvider(json.loads(json.dumps(told)))
        for case in recording.cases_of(release):
            for exchange in case.exchanges:
                request = exchange.request
                operation = provider.find(request.method, request.target)
                if operation is not None and not request.target.startswith("/v1/"):
                    provider.check(operation, told_by(exchange.answer_of(release)))


def replaced(options: ProviderOptions, others: Mapping[str, Any]) -> ProviderOptions:
    """Give options with others in their places."""
    return ProviderOptions(
        **{**{n: getattr(options, n) for n in options.__struct_fields__}, **others}
    )


def told_by(answer: Answer) -> Told:
    """Give a recorded answer; its times are placeholders."""
    headers = {name.lower(): value for name, value in answer.headers}
    media_type = headers.get("content-type", "").partition(";")[0]
    body = "<html>" if answer.body is None and answer.html else answer.body or ""
    return Told(answer.status, media_type, re.sub(r":<NOW(\+\d+)?>", ":1795521600", body))
