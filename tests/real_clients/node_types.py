"""`make types`: the types of the package for JavaScript, from the control API's description."""

import json
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from livestorm_mock_server.control.app import OPERATIONS
from livestorm_mock_server.control.openapi import describe

from .node_packages import install_packages

FOLDER = Path(__file__).parents[2] / "clients/node"
TYPES = FOLDER / "control-api.d.cts"


def make_types(node: str) -> str:
    """Make the types of what the control API takes and answers, without its paths."""
    command = FOLDER / "node_modules/openapi-typescript/bin/cli.js"
    with TemporaryDirectory() as folder:
        described, made = Path(folder, "openapi.json"), Path(folder, "made.d.cts")
        described.write_text(json.dumps({**describe(OPERATIONS), "paths": {}}), encoding="utf-8")
        options = ["--default-non-nullable=false", "--output", str(made)]
        subprocess.run([node, command, described, *options], capture_output=True, check=True)
        return made.read_text(encoding="utf-8")


if __name__ == "__main__":
    TYPES.write_text(make_types(install_packages(FOLDER)), encoding="utf-8")
