"""What a sandbox is, as a value: what the workers agree on, beside its store and its journal."""

import secrets
from hashlib import sha256

import msgspec
from msgspec.structs import replace

from ..clock import ClockSetting
from ..randomness import Randomness
from ..reading import InvalidInputError
from ..registration import Registration
from ..scenario import Scenario
from ..scenario_records import announce
from ..store.records import Application


class ArmedState(msgspec.Struct, frozen=True, kw_only=True):
    """A fault in place; its counts are kept apart."""

    id: str
    keys: dict[str, object]
    """Those that it was armed with, defaults included."""


class SandboxState(msgspec.Struct, frozen=True, kw_only=True):
    """The state of a sandbox; each change makes another one, as a whole."""

    scenario: Scenario
    registration: Registration
    drawn_from: str
    """The seed of what was announced: keys, ids and credentials."""
    announced_at: float
    """The virtual time of that, in Unix seconds."""
    applications: tuple[Application, ...]
    """Those of the scenario, as they were announced, and those that were registered since."""
    clock: ClockSetting
    armed: tuple[ArmedState, ...]
    last_fault: int
    started_from: str
    """What tells whether two servers were started with the same options."""


def begin(
    scenario: Scenario,
    registration: Registration,
    *,
    well_known: bool,
    callback: str | None,
    now: float,
    started_from: str | None = None,
) -> SandboxState:
    """Give the state from which a sandbox begins; what is announced is drawn.

    `now` is the virtual time, `callback` the fake's own page for codes, see `announce`. Raises
    InvalidInputError for a wrong fault, for a client id that is taken, and for collections.
    """
    check_shareable(scenario)
    drawn_from = secrets.token_hex(32)
    announced = announce(
        scenario,
        Randomness(drawn_from),
        now=now,
        well_known=well_known,
        registration=registration,
        callback=callback,
    )
    state = SandboxState(
        scenario=scenario,
        registration=registration,
        drawn_from=drawn_from,
        announced_at=now,
        applications=tuple(announced.applications),
        clock=ClockSetting(),
        armed=(),
        last_fault=0,
        started_from=started_from or digest(scenario, registration),
    )
    return begin_anew(state)


def check_shareable(scenario: Scenario) -> None:
    """Check that a scenario has nothing that each worker would have alone.

    Raises InvalidInputError.
    """
    if scenario.collections:
        paths = [one.path for one in scenario.collections]
        expected = "none with a shared store, as each worker would have items of its own"
        raise InvalidInputError("collections", paths, expected)


def begin_anew(state: SandboxState) -> SandboxState:
    """Give the state after a reset: the scenario's faults, wall time."""
    armed = tuple(
        ArmedState(id=f"fault-{number}", keys=fault.as_json())
        for number, fault in enumerate(state.scenario.read_faults, start=1)
    )
    return replace(state, clock=ClockSetting(), armed=armed, last_fault=len(armed))


def digest(scenario: Scenario, registration: Registration) -> str:
    """Give a text that is the same where these are."""
    return sha256(_encoder.encode((scenario, registration))).hexdigest()


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(SandboxState)


def encode_state(state: SandboxState) -> bytes:
    """Give a state as bytes."""
    return _encoder.encode(state)


def decode_state(encoded: bytes) -> SandboxState:
    """Give the state of these bytes."""
    return _decoder.decode(encoded)
