"""Every documented way to install it works as it is written."""

from pathlib import Path

import pytest

from .release import versions
from .ways import Machine, ways

FIXTURES = """
def test_fixture_is_there(livestorm):
    assert livestorm.issue_tokens()["token_type"] == "Bearer"
"""


@pytest.mark.long
@pytest.mark.parametrize("line", ways())
def test_way_leads_to_a_command_that_works(
    line: str, machine: Machine, wheels: Path, repository: str
) -> None:
    """It tells its version; with the suite it knows the cases, and of the wheel pytest is asked."""
    machine.install(line, wheels, repository)
    told = f"livestorm-mock, version {versions()['pyproject.toml']}\n"
    assert machine.run("livestorm-mock --version").stdout == told
    cases = machine.run("livestorm-mock cases show C09")
    if "[suite]" in line:
        assert "RFC 6749" in cases.stdout
    else:
        assert (cases.returncode, "which the extra `suite` brings" in cases.stdout) == (3, True)
    if ".whl" in line:
        (machine.home / "test_fixture.py").write_text(FIXTURES, encoding="utf-8")
        tested = machine.run("python -m pytest -q test_fixture.py")
        assert "1 passed" in tested.stdout, tested.stdout


def test_page_shows_each_way() -> None:
    """A checkout, a wheel and a git URL; pipx, uv and pip."""
    shown = "\n".join(ways())
    for needed in ("pipx install .", "uv tool install .", "pip install ", ".whl", "git+https://"):
        assert needed in shown
