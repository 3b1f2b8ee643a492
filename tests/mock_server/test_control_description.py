"""The description of the control API."""

import json
import re

import httpx
from livestorm_mock_server import LivestormSandbox
from livestorm_mock_server.arming.kinds import KINDS
from livestorm_mock_server.control.app import OPERATIONS


def description(livestorm: LivestormSandbox) -> dict[str, dict[str, dict[str, object]]]:
    """Fetch the description."""
    described: dict[str, dict[str, dict[str, object]]] = httpx.get(
        f"{livestorm.control_url}/openapi.json"
    ).json()
    return described


def test_description_has_every_operation(livestorm: LivestormSandbox) -> None:
    """Each method of each path is described."""
    described = {
        (method.upper(), path)
        for path, methods in description(livestorm)["paths"].items()
        for method in methods
    }
    assert described == {(one.method, f"/_mock/{one.path}") for one in OPERATIONS}


def test_operation_says_what_it_does() -> None:
    """In one sentence, the first of the docstring of the function that answers."""
    assert [one.path for one in OPERATIONS if not re.fullmatch(r"[A-Z].+\.", one.summary)] == []


def test_description_refers_to_schemas_that_exist(livestorm: LivestormSandbox) -> None:
    """No reference of the description leads nowhere."""
    described = description(livestorm)
    references = re.findall(r'"#/components/schemas/(\w+)"', json.dumps(described))
    assert set(references) <= set(described["components"]["schemas"])


def test_description_has_every_fault(livestorm: LivestormSandbox) -> None:
    """Each kind of fault is one of the bodies that arm one."""
    text = json.dumps(description(livestorm)["paths"]["/_mock/faults"]["post"])
    assert [kind for kind in KINDS if f'"{kind}"' not in text] == []
