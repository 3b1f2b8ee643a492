"""Exchanges of the journal, as they are kept on the server."""

from typing import Any
from weakref import WeakValueDictionary

import msgspec

from ..arming.armed import ArmedFault
from ..arming.reading import read_kind
from ..arming.strike import Strike
from ..connection import ConnectionName
from ..journal.entry import Entry
from ..journal.kept import KeptExchange, KeptResponse


class _Struck(msgspec.Struct, frozen=True, array_like=True):
    """The fault that struck."""

    id: str
    armed: dict[str, Any]
    step: dict[str, Any] | None
    """What struck for it; None where it did itself."""
    spoils: bool


class _KeptEntry(msgspec.Struct, frozen=True, array_like=True):
    """An entry, but for its number."""

    exchange: KeptExchange
    wall: float
    at: float
    paced_at: float
    struck: _Struck | None
    response: KeptResponse | None
    answered_at: float | None


class _Names:
    """The names of connections, each of which is one object again where it is read.

    One from within has no number, and a key of this process alone.
    """

    def __init__(self) -> None:
        self._known: WeakValueDictionary[object, ConnectionName] = WeakValueDictionary()

    def key_of(self, name: object) -> object:
        assert isinstance(name, ConnectionName)
        key = name.number if name.number is not None else f"{id(name):x}"
        self._known[key] = name
        return key

    def name_of(self, kind: type, key: Any) -> ConnectionName:
        assert kind is ConnectionName
        number = key if isinstance(key, int) else None
        return self._known.setdefault(key, ConnectionName(number))


_names = _Names()
_encoder = msgspec.msgpack.Encoder(enc_hook=_names.key_of)
_decoder = msgspec.msgpack.Decoder(_KeptEntry, dec_hook=_names.name_of)
_UNANSWERED = 16 * b"0"


def encode_entry(entry: Entry, exchange: KeptExchange) -> bytes:
    """Give an entry as bytes, with what is kept of its exchange."""
    kept = _KeptEntry(
        exchange,
        entry.wall,
        entry.at,
        entry.paced_at,
        None if entry.strike is None else _struck(entry.strike),
        entry.response,
        entry.answered_at,
    )
    return _encoder.encode(kept)


def decode_entry(number: int, kept: bytes) -> Entry:
    """Give the entry of an exchange, see `state.lua`."""
    event, read = kept[:16], _decoder.decode(memoryview(kept)[16:])
    exchange = msgspec.structs.replace(read.exchange, number=number)
    return Entry(
        exchange=exchange,
        seq=number,
        wall=read.wall,
        at=read.at,
        paced_at=read.paced_at,
        strike=None if read.struck is None else _strike(read.struck),
        response=read.response,
        answered_at=read.answered_at,
        event=None if event == _UNANSWERED else int(event),
    )


def _struck(strike: Strike) -> _Struck:
    armed, fault = strike.armed, strike.fault
    step = None if fault is armed.fault else fault.as_json()
    return _Struck(armed.id, armed.fault.as_json(), step, strike.spoils)


def _strike(struck: _Struck) -> Strike:
    armed = ArmedFault(struck.id, read_kind(struck.armed))
    fault = armed.fault if struck.step is None else read_kind(struck.step)
    return Strike(armed=armed, fault=fault, spoils=struck.spoils)
