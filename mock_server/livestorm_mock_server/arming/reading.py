"""Reading a fault from a scenario, the control API, Python or a request header."""

from collections.abc import Mapping, Sequence

from ..faults.fault import CHOOSING, Fault, Stepwise
from ..labels import Labels
from ..reading import (
    InvalidInputError,
    MissingKeyError,
    UnknownKeyError,
    expected_one_of,
    read_struct,
)
from .kinds import KINDS
from .reach import check_reach


def read_fault(
    keys: Mapping[str, object], labels: Labels, *, where: str = "", strict: bool = True
) -> Fault:
    """Read a fault from its keys. Raises InvalidInputError with the key that is wrong.

    One that could strike no request is refused. Without `strict`, numbers may be given as text.
    """
    fault = read_kind(keys, where=where, strict=strict)
    check_reach(fault, labels, where=where)
    for index, step in enumerate(read_steps(fault, where=where) or ()):
        if step is not None:
            check_reach(step, labels, where=f"{where}steps[{index}].")
    return fault


def read_kind(keys: Mapping[str, object], *, where: str = "", strict: bool = True) -> Fault:
    """Read a fault for whatever endpoint. Raises InvalidInputError."""
    kind = keys.get("fault")
    expected = expected_one_of(kind, KINDS)
    if "fault" not in keys:
        raise MissingKeyError(f"{where}fault", expected)
    if not isinstance(kind, str) or kind not in KINDS:
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
        name, text = (part.strip() for part in (pair.partition("=")[::2]))
        if name in CHOOSING:
            expected = f"a key of {kind}: the header is for this request, once"
            raise UnknownKeyError(f"{where}{name}", text, expected)
        keys[name] = text.strip('"')
    return read_fault(keys, labels, where=where, strict=False)
