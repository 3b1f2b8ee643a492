"""Reading a fault from a scenario, the control API, Python or a request header."""

from collections.abc import Mapping, Sequence

from ..reading import InvalidInputError, expected_one_of
from .fault import Fault
from .sequence import SequenceFault
from .single import SINGLE_KINDS, read_kind_among

KINDS: dict[str, type[Fault]] = dict(sorted([*SINGLE_KINDS.items(), ("sequence", SequenceFault)]))

HEADER = "x-livestorm-mock-fault"


def read_fault(
    keys: Mapping[str, object], labels: Sequence[str], *, where: str = "", strict: bool = True
) -> Fault:
    """Read a fault from its keys. Raises InvalidInputError with the key that is wrong.

    Without `strict`, numbers may be given as text.
    """
    fault = read_kind(keys, where=where, strict=strict)
    if fault.on not in labels:
        raise InvalidInputError(f"{where}on", fault.on, expected_one_of(fault.on, labels))
    return fault


def read_kind(keys: Mapping[str, object], *, where: str = "", strict: bool = True) -> Fault:
    """Read a fault for whatever endpoint. Raises InvalidInputError."""
    return read_kind_among(KINDS, keys, where=where, strict=strict)


def read_header(value: str, label: str, labels: Sequence[str]) -> Fault:
    """Read a request's own fault: `rate_limited; retry_after=2`. Raises InvalidInputError."""
    kind, *pairs = (part.strip() for part in value.split(";"))
    keys: dict[str, object] = {"on": label, "fault": kind}
    for pair in filter(None, pairs):
        name, _, text = pair.partition("=")
        keys[name.strip()] = text.strip().strip('"')
    return read_fault(keys, labels, where="X-Livestorm-Mock-Fault: ", strict=False)
