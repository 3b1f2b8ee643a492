"""Reading a fault from a scenario, the control API, Python or a request header."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TypeGuard

import msgspec

from ..faults.fault import CHOOSING, Fault, Stepwise
from ..labels import Labels
from ..mistakes import find_mistakes, find_refusal
from ..reading import (
    InvalidInputError,
    MissingKeyError,
    UnknownKeyError,
    expected_one_of,
    read_struct,
)
from .kinds import KINDS
from .reach import check_endpoint, check_reach


def read_fault(
    keys: Mapping[str, object], labels: Labels, *, where: str = "", strict: bool = True
) -> Fault:
    """Read a fault from its keys. Raises InvalidInputError with the key that is wrong.

    One that could strike no request is refused. Without `strict`, numbers may be given as text.
    """
    fault = read_kind(keys, where=where, strict=strict)
    _check_reach(fault, labels, where)
    return fault


def find_fault_mistakes(
    keys: Mapping[str, object], labels: Labels | None, *, where: str
) -> Iterator[InvalidInputError]:
    """Give all that is wrong with a fault; without `labels`, its endpoint is not judged."""
    is_right = _is_kind(keys.get("fault"))
    for mistake in _find_in_keys(keys, labels, where):
        is_right = False
        yield mistake
    if is_right or not _is_kind(keys.get("fault")):
        read = read_kind if labels is None else partial(read_fault, labels=labels)
        yield from find_refusal(partial(read, keys, where=where))


def _find_in_keys(
    keys: Mapping[str, object], labels: Labels | None, where: str
) -> Iterator[InvalidInputError]:
    """Give what is wrong with keys by themselves."""
    kind, on = keys.get("fault"), keys.get("on")
    if _is_kind(kind):
        yield from find_mistakes(keys, KINDS[kind], where=where)
    if labels is not None and isinstance(on, str):
        yield from find_refusal(partial(check_endpoint, on, labels, where=where))


def _check_reach(fault: Fault, labels: Labels, where: str) -> None:
    check_reach(fault, labels, where=where)
    for index, step in enumerate(read_steps(fault, where=where) or ()):
        if step is not None:
            check_reach(step, labels, where=f"{where}steps[{index}].")


def _is_kind(kind: object) -> TypeGuard[str]:
    return isinstance(kind, str) and kind in KINDS


def read_kind(keys: Mapping[str, object], *, where: str = "", strict: bool = True) -> Fault:
    """Read a fault for whatever endpoint. Raises InvalidInputError."""
    kind = keys.get("fault")
    expected = expected_one_of(kind, KINDS)
    if "fault" not in keys:
        raise MissingKeyError(f"{where}fault", expected)
    if not _is_kind(kind):
        raise InvalidInputError(f"{where}fault", kind, expected)
    fault = read_struct(keys, KINDS[kind], where=where, strict=strict)
    fault.check(where)
    read_steps(fault, where=where)
    return fault


def read_steps(fault: Fault, *, where: str = "") -> Sequence[Fault | None] | None:
    """Read the faults that strike in place of a sequence, hit by hit; None for any other kind.

    Raises InvalidInputError.
    """
    if not isinstance(fault, Stepwise):
        return None
    steps = enumerate(fault.step_keys(where))
    return [
        None if keys is None else read_kind(keys, where=f"{where}steps[{index}].")
        for index, keys in steps
    ]


def read_header(value: str, label: str, labels: Labels) -> Fault:
    """Read a request's own fault: `rate_limited; retry_after=2`. Raises InvalidInputError."""
    where = "X-Livestorm-Mock-Fault: "
    kind, *pairs = (part.strip() for part in value.split(";"))
    keys: dict[str, object] = {"on": label, "fault": kind}
    for pair in filter(None, pairs):
        name, text = (part.strip() for part in pair.partition("=")[::2])
        if name in CHOOSING:
            expected = f"a key of {kind}: the header is for this request, once"
            raise UnknownKeyError(f"{where}{name}", text, expected)
        if _is_kind(kind) and name not in KINDS[kind].__struct_fields__:
            expected = expected_one_of(name, _keys_of_a_header(KINDS[kind]))
            raise UnknownKeyError(f"{where}{name}", text, expected)
        keys[name] = text.strip('"')
    return read_fault(keys, labels, where=where, strict=False)


def _keys_of_a_header(kind: type[Fault]) -> list[str]:
    """Give the keys that say nothing of other requests, and whose value can be a text."""
    fields = msgspec.inspect.type_info(kind)
    assert isinstance(fields, msgspec.inspect.StructType)
    return [
        one.name
        for one in fields.fields
        if one.name not in CHOOSING and not isinstance(one.type, _TABLES_AND_LISTS)
    ]


_TABLES_AND_LISTS = (
    msgspec.inspect.DictType,
    msgspec.inspect.StructType,
    msgspec.inspect.VarTupleType,
)
