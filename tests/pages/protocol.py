"""What `docs/adapter-protocol.md` lists: the members of the messages."""

import inspect
from collections.abc import Iterable

import msgspec
from livestorm_contract_tests.driving import messages, sent
from livestorm_contract_tests.driving.kinds import Kind
from livestorm_mock_server.field_docstrings import field_docstrings
from livestorm_mock_server.reading import describe_type

OF_THE_ADAPTER: tuple[type[msgspec.Struct], ...] = (
    messages.Ready,
    messages.ClientName,
    messages.Features,
    messages.Reply,
    messages.CallTold,
    messages.ErrorTold,
    messages.StoredToken,
)
OF_THE_SUITE: tuple[type[msgspec.Struct], ...] = (
    sent.Configure,
    sent.Config,
    sent.Budget,
    sent.SeededToken,
)
CALLED = {
    messages.Ready: "`ready`",
    messages.ClientName: "`client`",
    messages.Features: "`features`",
    messages.Reply: "`result`",
    messages.CallTold: "`results`",
    messages.ErrorTold: "`error`",
    messages.StoredToken: "`token` of `state`",
    sent.Configure: "`configure`",
    sent.Config: "`config`",
    sent.Budget: "`budget`",
    sent.SeededToken: "`token` of `seed`",
}
"""What the page calls the structs that have a section."""


def ready_tables() -> str:
    """Describe an adapter's first message."""
    return _sections(messages.Ready, messages.ClientName, messages.Features)


def configure_tables() -> str:
    """Describe what begins a case."""
    return _sections(sent.Configure, sent.Config, sent.Budget)


def operation_tables() -> str:
    """Describe the operations, and what all of them share."""
    shared = {*sent.Command.__struct_fields__, *sent.TimedCommand.__struct_fields__}
    rows = [_operation(op, struct, shared) for op, struct in sent.OPERATIONS.items()]
    head = "| `op` | what it asks for | members |\n|---|---|---|\n"
    return "".join([head, *rows, "\n", table(sent.TimedCommand), "\n", _sections(sent.SeededToken)])


def reply_tables() -> str:
    """Describe the replies."""
    return _sections(messages.Reply, messages.CallTold, messages.ErrorTold, messages.StoredToken)


def table(struct: type[msgspec.Struct]) -> str:
    """Give the members of a struct as a Markdown table."""
    told = field_docstrings(struct)
    rows = [
        f"| `{one.encode_name}` | {_type(one.type)} | {_default(one)} "
        f"| {_one_line(told.get(one.name, ''))} |\n"
        for one in members(struct)
    ]
    return "".join(["| member | is | absent means | meaning |\n|---|---|---|---|\n", *rows])


def members(struct: type[msgspec.Struct]) -> list[msgspec.structs.FieldInfo]:
    """Give what a message may hold; of a reply, what the suite notes with it is none of it."""
    return [one for one in msgspec.structs.fields(struct) if one.name != "misfits"]


def _sections(*structs: type[msgspec.Struct]) -> str:
    return "\n".join(
        f"### {CALLED[one]}\n\n{inspect.cleandoc(one.__doc__ or '')}\n\n{table(one)}"
        for one in structs
    )


def _operation(op: str, struct: type[msgspec.Struct], shared: Iterable[str]) -> str:
    told = field_docstrings(struct)
    own = [
        f"`{one.name}`, {_type(one.type)}: {_one_line(told.get(one.name, ''))}"
        for one in msgspec.structs.fields(struct)
        if one.name not in shared
    ]
    return f"| `{op}` | {_one_line(struct.__doc__ or '')} | {'<br>'.join(own)} |\n"


def _type(annotation: object) -> str:
    """Say what a member is; an object that has a section is named by it."""
    if annotation is Kind:
        return "a [kind](#kinds)"
    for struct, called in CALLED.items():
        if annotation == struct:
            return called
        if annotation == struct | None:
            return f"{called} or null"
        if annotation == tuple[struct, ...]:  # type: ignore[valid-type]
            return f"a list of {called}"
    return describe_type(annotation) + (" or null" if _may_be_null(annotation) else "")


def _may_be_null(annotation: object) -> bool:
    info = msgspec.inspect.type_info(annotation)
    return isinstance(info, msgspec.inspect.UnionType) and info.includes_none


def _default(field: msgspec.structs.FieldInfo) -> str:
    if field.required:
        return "always there"
    if field.default is msgspec.NODEFAULT or isinstance(field.default, msgspec.Struct):
        return "empty"
    if field.default in ((), ""):
        return "empty"
    written = list(field.default) if isinstance(field.default, tuple) else field.default
    return f"`{msgspec.json.encode(written).decode()}`"


def _one_line(text: str) -> str:
    return " ".join(text.split())
