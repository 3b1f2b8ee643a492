"""What the workers agree on: the state of a sandbox, beside its store and its journal."""

from collections.abc import Sequence
from hashlib import sha256

import msgspec
from msgspec.structs import replace

from ..arming.armed import Counts
from ..clock import ClockSetting
from ..randomness import Randomness
from ..reading import InvalidInputError
from ..registration import Registration
from ..scenario import Scenario
from ..scenario_records import announce
from ..snapshots.state import ArmedState, SandboxState, Snapshot
from ..store.redis.content import encode_content

NO_SEED = "nothing with a shared store: its workers draw in no order that could be repeated"


class SharedState(SandboxState, frozen=True, kw_only=True):
    """The state of a sandbox that is shared; what its faults have counted is kept apart."""

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
) -> SharedState:
    """Give the state from which a sandbox begins; what is announced is drawn.

    `now` is the virtual time, `callback` the fake's own page for codes, see `announce`. Raises
    InvalidInputError for a wrong fault, for a client id that is taken, and for collections.
    """
    check_shareable(scenario)
    announced = announce(
        scenario,
        Randomness(),
        now=now,
        well_known=well_known,
        registration=registration,
        callback=callback,
    )
    state = SharedState(
        scenario=scenario,
        registration=registration,
        announced=announced,
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


def begin_anew(state: SharedState) -> SharedState:
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
_decoder = msgspec.msgpack.Decoder(SharedState)


def encode_state(state: SharedState) -> bytes:
    """Give a state as bytes."""
    return _encoder.encode(state)


def decode_state(encoded: bytes) -> SharedState:
    """Give the state of these bytes."""
    return _decoder.decode(encoded)


def encode_counts(counts: Counts) -> str:
    """Give a fault's counts as a text."""
    return f"{counts.seen} {counts.hits}"


def decode_count(text: bytes) -> Counts:
    """Give the counts of such a text."""
    seen, hits = text.split()
    return Counts(int(seen), int(hits))


def decode_counts(told: Sequence[bytes]) -> dict[str, Counts]:
    """Give the counts of faults by their ids; each id comes before its text."""
    pairs = zip(told[::2], told[1::2], strict=True)
    return {fault_id.decode(): decode_count(text) for fault_id, text in pairs}


def encode_rest(snapshot: Snapshot) -> list[bytes]:
    """Give what a snapshot has beside the state, as the script takes it that restores it."""
    counts: list[str | bytes] = []
    for one in snapshot.state.armed:
        counts += [one.id, encode_counts(one.counts)]
    return [_packed(one) for one in (counts, *encode_content(snapshot.content))]


def _packed(texts: Sequence[str | bytes]) -> bytes:
    """Give texts as one, each behind its length: a script takes but some thousand arguments."""
    encoded = (one if isinstance(one, bytes) else one.encode() for one in texts)
    return b"".join(len(one).to_bytes(4) + one for one in encoded)
