"""What `docs/python-api.md` lists: what Python programs and tests may use of it."""

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from types import ModuleType
from typing import Final, NamedTuple

import livestorm_client
import livestorm_mock_server
from livestorm_contract_tests import pytest_suite
from livestorm_mock_server import LivestormSandbox, ProviderOptions, Scenario, pytest_plugin
from livestorm_mock_server.arming.armed import ArmedFault
from livestorm_mock_server.arming.faults import Faults
from livestorm_mock_server.clock import VirtualClock
from livestorm_mock_server.journal.journal import Journal

from .parts import table_row

REACHED: Final[Mapping[type, Sequence[str]]] = {
    VirtualClock: ("now", "frozen", "advance", "set", "freeze", "resume", "reset"),
    Faults: ("arm", "arm_from", "armed", "find", "disarm"),
    ArmedFault: ("hits",),
    Journal: ("entries", "last_number", "clear"),
}
"""What sandboxes hand out, with what of it is meant for tests."""
KEYS: Final[Mapping[type, str]] = {
    Scenario: "[a scenario file](scenario-file.md#at-the-top)",
    ProviderOptions: "[its table `[provider]`](scenario-file.md#provider)",
}
"""Structs whose fields have a page of their own."""
_HANDED_OUT: Final = (LivestormSandbox,)
"""What nobody makes by its constructor."""


class Member(NamedTuple):
    """What a class has: its name, how it is written, and what it does."""

    name: str
    shown: str
    told: str


def server_sections() -> str:
    """Describe the fake inside a Python process."""
    return f"{package_sections(livestorm_mock_server)}\n{_reached()}"


def client_sections() -> str:
    """Describe the reference client."""
    return package_sections(livestorm_client)


def fixture_table() -> str:
    """Give the fixtures of the pytest plugin as a Markdown table."""
    rows = [table_row(f"`{one.name}`", one.told) for one in fixtures()]
    return "".join(["| fixture | what it is |\n|---|---|\n", *rows])


def suite_section() -> str:
    """Describe the class that puts the cases to a client."""
    return section(pytest_suite.ContractSuite, known={})


def package_sections(package: ModuleType) -> str:
    """Describe all public names of a package."""
    known = {name: getattr(package, name) for name in package.__all__}
    return "\n".join(
        section(one, known=known) if inspect.isclass(one) else _function(name, one)
        for name, one in known.items()
    )


def section(owner: type, *, known: Mapping[str, object]) -> str:
    """Describe a class; what it has of another that is described is told by a link."""
    bases = [base for base in owner.__mro__[1:] if base in known.values()]
    told = [f"### `{owner.__name__}`", *_constructor(owner), described(owner)]
    if owner in KEYS:
        return "\n\n".join([*told, f"Its fields are the keys of {KEYS[owner]}.", ""])
    # What the classes share that is none of its own to be used, such as the settings of a client.
    told += [described(one) for one in _own(owner)[1:] if one not in bases and _has_fields(one)]
    inherited = {one.name for base in bases for one in members(base)}
    own = [one for one in members(owner) if one.name not in inherited]
    if fields := [f"`{one.shown}`" for one in own if not one.told]:
        told.append(f"Fields: {', '.join(fields)}.")
    if bases:
        links = (f"[`{base.__name__}`](#{base.__name__.lower()})" for base in bases)
        told.append(f"It has all of {', '.join(links)}.")
    return "\n\n".join([*told, _table(one for one in own if one.told)])


def members(owner: type) -> list[Member]:
    """Give the public members of a class, those of its bases in this project, too."""
    found: dict[str, Member] = {}
    for member in (one for base in _own(owner) for one in _own_members(base)):
        # What replaces a method of a base has its docstring, where it has none of its own.
        if not found.setdefault(member.name, member).told:
            found[member.name] = found[member.name]._replace(told=member.told)
    return [*found.values()]


def fixtures() -> list[Member]:
    """Give the fixtures of the plugin."""
    nodes = ast.parse(inspect.getsource(pytest_plugin)).body
    return [
        Member(node.name, node.name, joined(ast.get_docstring(node) or ""))
        for node in nodes
        if isinstance(node, ast.FunctionDef)
        and any(ast.unparse(one).startswith("pytest.fixture") for one in node.decorator_list)
    ]


def described(owner: object) -> str:
    """Give what a docstring says; a drawing in it stays as it is."""
    return inspect.getdoc(owner) or ""


def joined(text: str) -> str:
    """Give a docstring in one line."""
    return " ".join(inspect.cleandoc(text).split())


def _reached() -> str:
    parts = []
    for owner, names in REACHED.items():
        rows = [one for one in members(owner) if one.name in names]
        parts.append(f"### `{owner.__name__}`\n\n{described(owner)}\n\n{_table(iter(rows))}")
    return "\n".join(parts)


def _table(found: Iterator[Member]) -> str:
    rows = [table_row(f"`{one.shown}`", one.told) for one in found]
    return "".join(["| member | what it is |\n|---|---|\n", *rows]) if rows else ""


def _function(name: str, function: object) -> str:
    (node,) = ast.parse(inspect.getsource(function)).body  # type: ignore[arg-type]
    assert isinstance(node, ast.FunctionDef)
    return f"### `{name}`\n\n`{_signature(node)}`\n\n{described(function)}\n"


def _own_members(owner: type) -> Iterator[Member]:
    body = _body(owner)
    for node, below in pairwise([*body, ast.Pass()]):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if not node.name.startswith("_") and not _is_setter(node):
                yield _member(node)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            name = node.target.id
            if not name.startswith("_"):
                is_plain = isinstance(node.value, ast.Constant)
                value = f" = {node.value.value!r}" if is_plain else ""  # type: ignore[union-attr]
                yield Member(name, f"{name}: {_written(node.annotation)}{value}", _told(below))
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            function = inspect.unwrap(getattr(owner, node.targets[0].id))
            if not node.targets[0].id.startswith("_") and inspect.isfunction(function):
                (one,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
                assert isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
                yield _member(one, awaited=False)


def _body(owner: type) -> Sequence[ast.stmt]:
    (node,) = ast.parse(textwrap.dedent(inspect.getsource(owner))).body
    assert isinstance(node, ast.ClassDef)
    return node.body


def _own(owner: type) -> list[type]:
    """Give a class and its bases, as far as they are of this project."""
    return [base for base in owner.__mro__ if base.__module__.startswith("livestorm_")]


def _has_fields(owner: type) -> bool:
    return any(isinstance(node, ast.AnnAssign) for node in _body(owner))


def _constructor(owner: type) -> Iterator[str]:
    """Give how an object is made, where that is by arguments of its own."""
    if owner not in _HANDED_OUT:
        for node in (node for base in _own(owner) for node in _body(base)):
            if isinstance(node, ast.FunctionDef) and node.name == "__init__":
                yield f"`{owner.__name__}({_arguments(node)})`"
                return


def _member(node: ast.FunctionDef | ast.AsyncFunctionDef, *, awaited: bool = True) -> Member:
    is_property = any("property" in ast.unparse(one) for one in node.decorator_list)
    returns = f": {_written(node.returns)}" if node.returns and is_property else ""
    shown = f"{node.name}{returns}" if is_property else _signature(node)
    if isinstance(node, ast.AsyncFunctionDef) and awaited:
        shown = f"await {shown}"
    return Member(node.name, shown, joined(ast.get_docstring(node) or ""))


def _is_setter(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(ast.unparse(one).endswith(".setter") for one in node.decorator_list)


def _signature(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    returns = f" -> {_written(node.returns)}" if node.returns else ""
    return f"{node.name}({_arguments(node)}){returns}"


def _arguments(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    for one in (*node.args.args, *node.args.kwonlyargs):
        one.annotation = one.annotation and ast.Name(_written(one.annotation))
    written = ast.unparse(node.args)
    return re.sub(r"^(?:self|cls)(?:, /)?(?:, )?", "", written)


def _written(annotation: ast.expr) -> str:
    """Give an annotation, also one that stands in quotes, as what it names is not loaded yet."""
    is_quoted = isinstance(annotation, ast.Constant) and isinstance(annotation.value, str)
    return str(annotation.value) if is_quoted else ast.unparse(annotation)  # type: ignore[attr-defined]


def _told(node: ast.stmt) -> str:
    is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    text = node.value.value if is_text else ""  # type: ignore[attr-defined]
    return joined(text) if isinstance(text, str) else ""
