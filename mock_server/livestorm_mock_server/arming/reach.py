"""Whether a fault can strike at all: where its kind can, and what its conditions ask for."""

from collections.abc import Iterator, Mapping

from ..doorkeeper.token import GRANTS
from ..faults.fault import CONNECTION, Fault, When, is_within
from ..labels import Labels
from ..limits import MAX_FIELD_NAME, MAX_FIELD_VALUE, MAX_HEAD
from ..message_body import body_of
from ..rails.errors import RailsError
from ..rails.parameters import read_wire_name
from ..reading import InvalidInputError, expected_one_of
from ..refusal import Refused

HEADER = "x-livestorm-mock-fault"
"""The header by which a request asks for a fault; what is armed then lets it be."""


def check_reach(fault: Fault, labels: Labels, *, where: str = "") -> None:
    """Check that there are requests which the fault strikes.

    `labels` has the verbs of each endpoint. Raises InvalidInputError with the key that forbids it.
    """
    check_endpoint(fault.on, labels, where=where)
    _check_place(fault, where)
    _check_method(fault, labels, where)
    for mistake in find_name_mistakes(f"{where}when.parameter.", fault.when.parameter):
        raise mistake
    _check_parameters(fault.when, f"{where}when.parameter.")
    _check_grant_type(fault, where)
    _check_number(fault, where)
    _check_headers(fault.when, f"{where}when.header.")
    _check_framing(fault.when, f"{where}when.header.")


def check_endpoint(on: str, labels: Labels, *, where: str = "") -> None:
    """Check that a fault is for an endpoint that there is. Raises InvalidInputError."""
    if on not in labels and on != CONNECTION:
        raise InvalidInputError(f"{where}on", on, expected_one_of(on, [*labels, CONNECTION]))


def _check_place(fault: Fault, where: str) -> None:
    grant_type = fault.when.grant_type
    on = fault.on if grant_type is None or fault.on != "token" else f"token.{grant_type}"
    if fault.places and not any(_meet(on, place) for place in fault.places):
        expected = f"where {fault.kind} can strike: {', '.join(fault.places)}"
        raise InvalidInputError(f"{where}on", on, expected)
    if on == CONNECTION and not fault.places:
        expected = f"an endpoint: {fault.kind} strikes a request"
        raise InvalidInputError(f"{where}on", on, expected)


def _check_method(fault: Fault, labels: Labels, where: str) -> None:
    method = fault.when.method
    known = sorted({verb for name in labels if fault.covers(name) for verb in labels[name]})
    if method is not None and method not in known:
        expected = expected_one_of(method, known)
        raise InvalidInputError(f"{where}when.method", method, expected)


def _check_grant_type(fault: Fault, where: str) -> None:
    possible = [one for one in GRANTS if is_within(f"token.{one}", fault.on)]
    given = fault.when.grant_type
    if given is not None and given not in possible:
        expected = expected_one_of(given, possible) if possible else f"none at {fault.on}"
        raise InvalidInputError(f"{where}when.grant_type", given, expected)
    if given is not None:
        possible = [given]
    elif not fault.on.startswith("token."):
        return
    for name, sent in fault.when.parameter.items():
        if read_wire_name(name) == "grant_type" and sent not in possible:
            expected = expected_one_of(sent, possible)
            raise InvalidInputError(f"{where}when.parameter.{name}", sent, expected)


def _check_parameters(when: When, where: str) -> None:
    """Check that no parameter has two values; a name with `[]` is that of one of several."""
    values: dict[str | None, str] = {}
    for name, value in when.parameter.items():
        known = read_wire_name(name)
        if "[]" not in str(known) and values.setdefault(known, value) != value:
            raise InvalidInputError(f"{where}{name}", value, f"{values[known]!r}, as before")


def _check_number(fault: Fault, where: str) -> None:
    if fault.when.number is not None and fault.after:
        expected = "no such key beside when.number, which is one request"
        raise InvalidInputError(f"{where}after", fault.after, expected)


def _check_headers(when: When, where: str) -> None:
    values: dict[str, str] = {}
    for name, value in when.header.items():
        if name.lower() == HEADER:
            raise InvalidInputError(
                f"{where}{name}", value, "another header: this asks for a fault"
            )
        if values.setdefault(name.lower(), value) != value:
            expected = f"{values[name.lower()]!r}, as before"
            raise InvalidInputError(f"{where}{name}", value, expected)
        if len(name) > MAX_FIELD_NAME:
            expected = f"a name of {MAX_FIELD_NAME} bytes at most: the server takes no longer one"
            raise InvalidInputError(f"{where}{name}", value, expected)
        # Fields of one name come as one value, so that it may be longer than each of them.
        if len(value) > MAX_HEAD or max(map(len, value.split(", "))) > MAX_FIELD_VALUE:
            expected = f"{MAX_FIELD_VALUE} bytes at most: the server takes no longer field"
            raise InvalidInputError(f"{where}{name}", value, expected)


def _check_framing(when: When, where: str) -> None:
    """Check that the server could find the end of the body; it heeds no length beside chunks."""
    given = {name.lower(): (name, value) for name, value in when.header.items()}
    coding = given.get("transfer-encoding", ("", "chunked"))[1]
    for field in ("transfer-encoding", "content-length"):
        if field not in given:
            continue
        name, value = given[field]
        framing = {"transfer-encoding": coding, field: value}
        try:
            body_of({key.encode(): [one.encode("latin-1")] for key, one in framing.items()})
        except Refused as error:
            expected = f"one that the server takes: it refuses {error}"
            raise InvalidInputError(f"{where}{name}", value, expected) from None


def find_name_mistakes(where: str, parameters: Mapping[str, str]) -> Iterator[InvalidInputError]:
    """Give what is wrong with the names of parameters, which stand as on the wire."""
    expected = "a name as it is on the wire, such as filter[email]"
    for name, value in parameters.items():
        try:
            known = read_wire_name(name)
        except RailsError as error:
            yield InvalidInputError(f"{where}{name}", value, f"{expected} ({error})")
        else:
            if known is None:
                yield InvalidInputError(f"{where}{name}", value, expected)


def _meet(one: str, other: str) -> bool:
    return is_within(one, other) or is_within(other, one)
