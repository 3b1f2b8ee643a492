"""What `docs/runtimes.md` lists: the variables, and the runtimes with their ways."""

from inspect import getdoc

from livestorm_mock_server.doctor.runtimes import RUNTIMES, Runtime
from livestorm_mock_server.interception.variables import TABLE

from ..drop_in.client_programs import TABLE as CLIENTS
from ..drop_in.client_programs import Client


def variable_table() -> str:
    """Give the variables as a Markdown table."""
    rows = [f"| `{r.name}` | {r.readers} | {_first_line(r.value)} |\n" for r in TABLE]
    return "".join(["| variable | read by | what it is made of |\n|---|---|---|\n", *rows])


def client_table() -> str:
    """Give the clients that are tried, with what leads each outside a namespace."""
    rows = [f"| {one.name} | yes | {_ways_of_client(one)} |\n" for one in CLIENTS]
    head = "| client | in a namespace | by its environment |\n|---|---|---|\n"
    return "".join([head, *rows])


def runtime_table() -> str:
    """Give the runtimes that `doctor` knows."""
    rows = [
        f"| {one.name} | {_programs(one)} | {_ways(one)} | {one.misses or ''} |\n"
        for one in RUNTIMES
    ]
    return "".join(["| runtime | programs | ways | not led |\n|---|---|---|---|\n", *rows])


def _first_line(value: object) -> str:
    return (getdoc(value) or "").partition("\n")[0].rstrip(".")


def _ways_of_client(client: Client) -> str:
    return " or ".join(client.ways) or "**missed**: refused, named, exit status 4"


def _programs(runtime: Runtime) -> str:
    return ", ".join(f"`{one}`" for one in runtime.programs)


def _ways(runtime: Runtime) -> str:
    ways = {"shim": runtime.shim, "proxy": runtime.proxy}
    return ", ".join(name for name, why in ways.items() if why is None)
