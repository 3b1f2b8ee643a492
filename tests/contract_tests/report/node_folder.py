"""What npm brings to judge the reports."""

from pathlib import Path

from ...real_clients.node_packages import NodeMissingError, install_packages
from ..programs import leave_out

FOLDER = Path(__file__).parent / "node"


def npm_file(path: str) -> str:
    """Give the text of a file of one of the packages; without npm the test is skipped."""
    try:
        install_packages(FOLDER)
    except NodeMissingError as error:
        leave_out(str(error))
    return (FOLDER / "node_modules" / path).read_text(encoding="utf-8")
