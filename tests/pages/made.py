"""Pages of the documentation that list what the code has; `make docs` brings them up to date."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from ..fidelity import report as fidelity_report
from ..hardening import figures
from ..hardening.conformance import comparison
from . import (
    api_steps,
    audit,
    bruno,
    cases,
    causes,
    ci,
    commands,
    control_api,
    faults,
    layers,
    postman,
    protocol,
    python_api,
    report,
    runtimes,
    scenario_keys,
    scenarios,
    scoreboard,
)
from .parts import filled

ROOT = Path(__file__).parents[2]
SCHEMA = "contract_tests/livestorm_contract_tests/report/report.schema.json"
MADE: Mapping[str, Mapping[str, Callable[[], str]]] = {
    "ARCHITECTURE.md": {
        "layers of the fake": lambda: layers.picture("livestorm_mock_server"),
        "layers of the contract tests": lambda: layers.picture("livestorm_contract_tests"),
    },
    "README.md": {"scoreboard": scoreboard.core_table},
    "docs/adapter-protocol.md": {
        "ready": protocol.ready_tables,
        "configure": protocol.configure_tables,
        "operations": protocol.operation_tables,
        "replies": protocol.reply_tables,
    },
    "docs/audit.md": {"rules": audit.rule_table},
    "docs/cases.md": {"cases": cases.case_tables},
    "docs/causes.md": {"causes": causes.cause_table},
    "docs/ci.md": {"inputs": ci.input_tables, "variables": ci.variable_table},
    "docs/commands.md": {"commands": commands.command_sections},
    "docs/control-api.md": {"operations": control_api.operation_table},
    "docs/faults.md": {
        "keys": faults.key_tables,
        "labels": faults.label_table,
        "kinds": faults.kind_sections,
    },
    "docs/fidelity.md": {
        "fidelity": lambda: fidelity_report.section(fidelity_report.promise_releases()),
        "conformance": comparison.section,
    },
    "docs/python-api.md": {
        "fixtures": python_api.fixture_table,
        "server": python_api.server_sections,
        "client": python_api.client_sections,
        "suite": python_api.suite_section,
    },
    "docs/reliability.md": {"figures": figures.tables},
    "docs/report.md": {"members": report.member_tables},
    "docs/runtimes.md": {
        "clients": runtimes.client_table,
        "runtimes": runtimes.runtime_table,
        "variables": runtimes.variable_table,
    },
    "docs/scenario-file.md": {"keys": scenario_keys.key_sections},
    "docs/scenarios.md": {"scenarios": scenarios.scenario_tables},
    SCHEMA: {"": report.schema_file},
    "clients/livestorm-openapi.json": {"": api_steps.provider_file},
    "clients/postman/livestorm-mock.postman_collection.json": {"": postman.collection},
    **{f"clients/bruno/{name}": {"": partial(bruno.file, name)} for name in bruno.names()},
}
"""What is made of each page: the parts from `<!-- name -->` to `<!-- end of name -->`.

A part without a name is the whole.

Not here is what takes long: `make scoreboard`, `make tutorial`, `make examples` and `make bench`
write theirs.
"""


def updated(name: str, page: str) -> str:
    """Give a page with its parts as they are now."""
    parts = {part: make() for part, make in MADE[name].items()}
    return parts[""] if "" in parts else filled(page, parts)
