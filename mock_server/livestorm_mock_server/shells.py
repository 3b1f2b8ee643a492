"""Variables as shells, and files of variables, are written."""

import json
from collections.abc import Callable, Mapping
from typing import Final


def written(shell: str, variables: Mapping[str, str], before: Mapping[str, str]) -> str:
    """Give lines for a shell of SHELLS; `before` is what the variables were, for the way back."""
    if shell == "json":
        return json.dumps(dict(variables), indent=2)
    lines = [SHELLS[shell](name, value) for name, value in variables.items()]
    if shell in _UNSET:
        back = {name: before.get(name) for name in variables}
        lines += ["", "# The way back:"]
        lines += [
            f"# {SHELLS[shell](name, value) if value is not None else _UNSET[shell] % name}"
            for name, value in back.items()
        ]
    return "\n".join(lines)


def _posix(name: str, value: str) -> str:
    """Quote as POSIX says (XCU, section 2.2.2)."""
    return "export {}='{}'".format(name, value.replace("'", "'\\''"))


def _fish(name: str, value: str) -> str:
    """Quote as https://fishshell.com/docs/current/language.html#quotes says."""
    return "set -gx {} '{}'".format(name, value.replace("\\", "\\\\").replace("'", "\\'"))


def _powershell(name: str, value: str) -> str:
    """Double each quote, of which PowerShell knows five (about_Quoting_Rules)."""
    quoted = "".join(one * 2 if one in "'\u2018\u2019\u201a\u201b" else one for one in value)
    return f"$env:{name} = '{quoted}'"


def _dotenv(name: str, value: str) -> str:
    """Quote so that nothing is expanded, or, around a single quote, so that all is escaped."""
    if "'" not in value:
        return f"{name}='{value}'"
    escaped = "".join(f"\\{one}" if one in '\\"$`' else one for one in value)
    return f'{name}="{escaped}"'


def _docker(name: str, value: str) -> str:
    """Write a line of `docker run --env-file`, which knows no quotes. Raises ValueError."""
    if "\n" in value:
        raise ValueError(f"{name} has more than one line, which --env-file can't hold")
    return f"{name}={value}"


SHELLS: Final[Mapping[str, Callable[[str, str], str]]] = {
    "bash": _posix,
    "fish": _fish,
    "pwsh": _powershell,
    "json": lambda name, value: json.dumps({name: value}),
    "dotenv": _dotenv,
    "docker": _docker,
}
_UNSET: Final = {"bash": "unset %s", "fish": "set -e %s", "pwsh": "Remove-Item Env:%s"}

FAILING: Final[Mapping[str, str]] = {
    "bash": "false",
    "fish": "false",
    "pwsh": "throw 'livestorm-mock env failed'",
}
"""What is printed where there is nothing to set, so that what evaluates it fails."""
