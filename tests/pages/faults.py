"""What `docs/faults.md` lists: the keys and the kinds of faults."""

import inspect

import msgspec
from livestorm_mock_server.api.resources import api_routes
from livestorm_mock_server.arming.kinds import KINDS, phases_of
from livestorm_mock_server.doorkeeper.routes import ROUTES
from livestorm_mock_server.faults.fault import CONNECTION, Fault, When
from livestorm_mock_server.field_docstrings import field_docstrings
from livestorm_mock_server.reading import describe_type


def key_tables() -> str:
    """Give the keys that all faults share, and those of `when`, as Markdown tables."""
    shared = key_table(Fault, [field.name for field in msgspec.structs.fields(Fault)])
    conditions = key_table(When, [field.name for field in msgspec.structs.fields(When)])
    return f"{shared}\nConditions, in `when`; all that are given must hold:\n\n{conditions}"


def label_table() -> str:
    """Give the labels of all endpoints, with what each answers, as a Markdown table."""
    answered: dict[str, list[str]] = {}
    for route in (*ROUTES, *api_routes(())):
        for label in dict.fromkeys(route.labels):
            asked = f"`{', '.join(route.actions)} {route.path}`"
            kind = label.rpartition(".")[2]
            told = f"{asked} with `{route.told_by}` {kind}" if kind in route.kinds else asked
            answered.setdefault(label, []).append(told)
    rows = [f"| `{label}` | {'<br>'.join(told)} |\n" for label, told in answered.items()]
    of_handshakes = f"| `{CONNECTION}` | a TLS handshake, before there is a request |\n"
    return "".join(["| label | requests |\n|---|---|\n", *rows, of_handshakes])


def kind_sections() -> str:
    """Describe all kinds in Markdown."""
    return "\n".join(map(section, KINDS.values()))


def section(kind: type[Fault]) -> str:
    """Describe one kind: what it does, when and where it may strike, its parameters."""
    shared = {field.name for field in msgspec.structs.fields(Fault)}
    names = [one.name for one in msgspec.structs.fields(kind) if one.name not in shared]
    default = next(one.default for one in msgspec.structs.fields(kind) if one.name == "phase")
    phases = [f"`{phase}`" for phase in phases_of(kind)]
    told = inspect.cleandoc(kind.__doc__ or "")
    text = f"### `{kind.__struct_config__.tag}`\n\n{told}\n\nPhase: {' or '.join(phases)}"
    text += f", `{default}` by default.\n" if len(phases) > 1 else ".\n"
    if kind.places:
        text += f"\nWhere: {', '.join(f'`{place}`' for place in kind.places)}.\n"
    return f"{text}\n{key_table(kind, names)}" if names else text


def key_table(struct: type[msgspec.Struct], names: list[str]) -> str:
    """Give keys of a struct, with what each takes and means, as a Markdown table."""
    told = field_docstrings(struct)
    fields = {field.name: field for field in msgspec.structs.fields(struct)}
    rows = [
        f"| `{name}` | {describe_type(fields[name].type)} | {_default(fields[name])} "
        f"| {' '.join(told.get(name, '').split())} |\n"
        for name in names
    ]
    return "".join(["| key | takes | default | meaning |\n|---|---|---|---|\n", *rows])


def _default(field: msgspec.structs.FieldInfo) -> str:
    if field.required:
        return "required"
    if field.default is msgspec.NODEFAULT or isinstance(field.default, When):
        return "empty"
    if field.default in (None, (), ""):
        return "absent"
    if isinstance(field.default, bool):
        return f"`{str(field.default).lower()}`"
    if isinstance(field.default, tuple):
        return ", ".join(f"`{one}`" for one in field.default)
    return f"`{field.default}`"
