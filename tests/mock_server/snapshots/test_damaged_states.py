"""What is no state is refused with its place, whole; what is imported is what was given."""

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from livestorm_mock_server import InvalidInputError, MockLivestorm
from livestorm_mock_server.clock import VirtualClock
from livestorm_mock_server.sandbox import Sandbox
from livestorm_mock_server.scenario import Scenario
from livestorm_mock_server.snapshots.encoding import decode, encode
from livestorm_mock_server.snapshots.reading import read_document
from livestorm_mock_server.snapshots.writing import write_document

from ..test_store import done
from .histories import SCENARIO, history

Document = dict[str, Any]
Mutate = Callable[[st.DataObject, bytes], bytes]

OPTIONAL = ("scenario", "registration", "keys")
"""Where what is not said is at its default."""
LEAVES: tuple[Any, ...] = (None, True, False, 0, -1, 1.5, 10**30, "", "x", [], {}, [None], {"x": 1})


@pytest.fixture(scope="module")
def whole(livestorm_server: MockLivestorm) -> bytes:
    """A state with something of everything."""
    with (
        livestorm_server.sandbox(SCENARIO, seed=7) as livestorm,
        httpx.Client(trust_env=False) as http,
    ):
        history(livestorm, http).create(1)
        collections = livestorm._sandbox.collections
        for at in (9e9, 9.5e9):
            collections.plan_change(at, "events", "unknown", {"title": "Then"})
        collections.plan_item(9.7e9, "events", collections.new_item("events", {"title": "At last"}))
        return encode(livestorm.state())


def places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Give the paths of all that is in a document."""
    members: Any = ()
    if isinstance(value, dict):
        members = value.items()
    elif isinstance(value, list):
        members = enumerate(value)
    for key, one in members:
        yield (*path, key)
        yield from places(one, (*path, key))


def at(document: Any, path: tuple[str | int, ...]) -> Any:
    """Give what is at a path."""
    for step in path:
        document = document[step]
    return document


def in_document(
    change: Callable[[st.DataObject, Any, str | int], None],
) -> Mutate:
    """Change something in the object or list around a drawn place."""

    def mutate(data: st.DataObject, raw: bytes) -> bytes:
        document = json.loads(raw)
        path = data.draw(st.sampled_from(list(places(document))), label="place")
        change(data, at(document, path[:-1]), path[-1])
        return encode(document)

    return mutate


def drop(data: st.DataObject, around: Any, key: str | int) -> None:
    """Leave something out."""
    del data, around[key]


def retype(data: st.DataObject, around: Any, key: str | int) -> None:
    """Put something else in its place."""
    around[key] = data.draw(st.sampled_from(LEAVES), label="instead")


def double(data: st.DataObject, around: Any, key: str | int) -> None:
    """Have an item twice, or a member under another name, too."""
    if isinstance(around, list):
        at = data.draw(st.integers(0, len(around)))
        around.insert(at, copy.deepcopy(around[int(key)]))
    else:
        around[f"{key}x"] = around[key]


def break_reference(data: st.DataObject, around: Any, key: str | int) -> None:
    """Have a number be another, a text another's."""
    if isinstance(around[key], int | float):
        around[key] += data.draw(st.sampled_from([-1, 1, 100, 2**60]))
    else:
        around[key] = f"{around[key]}x"


def flip(data: st.DataObject, raw: bytes) -> bytes:
    """Flip bits of some bytes."""
    changed = bytearray(raw)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(raw) - 1), label="place")
        changed[place] ^= data.draw(st.integers(1, 255), label="bits")
    return bytes(changed)


def cut(data: st.DataObject, raw: bytes) -> bytes:
    """Cut something out."""
    start = data.draw(st.integers(0, len(raw)), label="from")
    length = data.draw(st.sampled_from([1, 2, 40, len(raw)]), label="length")
    return raw[:start] + raw[start + length :]


MUTATIONS: tuple[Mutate, ...] = (
    *map(in_document, (drop, retype, double, break_reference)),
    flip,
    cut,
)


def assert_same(given: Any, exported: Any, *, is_optional: bool = False) -> None:
    """Assert that all that was given is exported, and nothing else."""
    if isinstance(given, dict) and isinstance(exported, dict):
        assert exported.keys() <= given.keys()
        for name, value in given.items():
            if name in exported:
                assert_same(value, exported[name], is_optional=is_optional or name in OPTIONAL)
            else:
                assert is_optional
                assert value in (None, False, 0, "", [], {}, 1)
    elif isinstance(given, list) and isinstance(exported, list):
        assert len(given) == len(exported)
        for one, other in zip(given, exported, strict=True):
            assert_same(one, other, is_optional=is_optional)
    else:
        assert given == exported
        assert isinstance(given, bool) == isinstance(exported, bool)


def export(sandbox: Sandbox) -> bytes:
    """Give the state of a sandbox of this process."""
    return encode(write_document(done(sandbox.snapshot())))


@settings(max_examples=1_000, deadline=None)
@given(data=st.data(), mutate=st.sampled_from(MUTATIONS))
def test_mutilated_state_is_refused_or_imported_as_it_is(
    whole: bytes, data: st.DataObject, mutate: Mutate
) -> None:
    """Nothing is imported by halves, whatever becomes of a file."""
    sandbox = Sandbox(Scenario(title="Before"))
    before = export(sandbox)
    mutilated = mutate(data, whole)
    try:
        given = decode(mutilated)
        done(sandbox.restore(read_document(given, sandbox.clock)))
    except InvalidInputError:
        assert export(sandbox) == before
    else:
        assert_same(given, json.loads(export(sandbox)))


def refusal(document: object) -> str:
    """Give what is said of a document that is refused."""
    with pytest.raises(InvalidInputError) as caught:
        read_document(document, VirtualClock())
    return str(caught.value)


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("version",), 2, "version is 2; expected 1, the newest that this"),
        (("version",), True, "version is True; expected 1, the newest that this"),
        (("store", "tokens", 1, "client_id"), "x", "store.tokens[1].client_id is 'x'; expected"),
        (("store", "tokens", 1, "user"), "x@y.test", "store.tokens[1].user is 'x@y.test'"),
        (("store", "tokens", 1, "id"), 1, "store.tokens[1].id is 1; expected more than 1"),
        (("store", "codes", 0, "token_id"), 99, "store.codes[0].token_id is 99; expected "),
        (("store", "revoked"), [99], "store.revoked[0] is 99; expected "),
        (("collections", "items", "people", 0, "id"), "", "collections.items.people[0].id is ''"),
        (("collections", "items", "folk"), [], "collections.items.folk is 'folk'; expected a type"),
        (("collections", "planned", 1, "at"), 1, "collections.planned[1].at is 1.0; expected no"),
        (("collections", "planned", 1, "number"), 99, "collections.planned[1].number is 99; "),
        (("collections", "planned", 0, "at"), 1, "collections.planned[0].at is 1.0; expected a "),
        (("collections", "planned", 0, "id"), "", "collections.planned[0].id is ''; expected the "),
        (
            ("collections", "planned", 2, "id"),
            "x",
            "collections.planned[2].id is 'x'; expected the",
        ),
        (("collections", "planned", 2, "item", "id"), "", "collections.planned[2].item.id is ''"),
        (("users", 1, "organization"), "Third", "users[1].organization is 'Third'; expected"),
        (("users", 1, "id"), 1, "users[1].id is 1; expected a value of its own: users[0] has"),
        (("clock", "offset"), 1e12, "clock.offset is 1000000000000.0; expected what leads to"),
        (("clock", "frozen_at"), -1.0, "clock.frozen_at is -1.0; expected what leads to"),
        (("faults", 0, "hits"), 7, "faults[0].hits is 7; expected"),
        (("faults", 0, "id"), "fault-9", "faults[0].id is 'fault-9'; expected fault-3 at most"),
        (("faults", 0, "keys", "on"), "apii", "faults[0].keys.on is 'apii'; expected one of"),
        (("scenario", "titel"), "x", "unknown key scenario.titel; expected one of"),
        (("scenario", "faults"), [{"on": "api"}], "scenario.faults[0].fault is missing; expected"),
        (("randomness", "tokens"), "AAAA", "randomness.tokens is 'AAAA'; expected a position"),
        (("randomness", "tokens"), None, "randomness.tokens is None; expected null without a"),
        (("store", "applications"), [], "store.applications is 0; expected all that stand in"),
        (("key",), "00", "key is '00...'; expected 64 hexadecimal digits"),
        (("surplus",), 1, "unknown key surplus; expected one of"),
    ],
)
def test_damage_is_named_by_its_place(
    whole: bytes, path: tuple[str | int, ...], value: object, told: str
) -> None:
    """The path of what is wrong, what is there, and what was expected."""
    document = json.loads(whole)
    at(document, path[:-1])[path[-1]] = value
    assert refusal(document).startswith(told)


def test_refusal_shows_no_secret(whole: bytes) -> None:
    """Of a token that two pairs have, the message has but the beginning."""
    document = json.loads(whole)
    one, other, *_ = document["store"]["tokens"]
    other["access_token"] = one["access_token"]
    told = refusal(document)
    assert told.startswith("store.tokens[1].access_token is '")
    assert one["access_token"] not in told


@pytest.mark.parametrize("name", ["version", "store", "seed"])
def test_lacking_member_is_named(whole: bytes, name: str) -> None:
    """Nothing of the document may be missing."""
    document = json.loads(whole)
    del document[name]
    assert refusal(document).startswith(f"{name} is missing; expected ")


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b'{"version": 1 2}', "JSON, which it is not at line 1 column 15: "),
        (b'{"version"\n: \xff}', "JSON in UTF-8, which it is not at byte 13"),
        (b'{"a": 1, "a": 1}', "the name of a member is 'a'; expected one that its object has once"),
        (b'{"a": NaN}', "a number is 'NaN'; expected one that JSON has"),
        (b'{"a": 1e999}', "a number is '1e999'; expected one that is not too large"),
        (b'{"a": ' + b"9" * 5000 + b"}", "expected one that can be read"),
        (b"[" * 100_000, "lists or objects in one another"),
    ],
    ids=["syntax", "bytes", "doubled", "nan", "infinity", "digits", "depth"],
)
def test_what_is_no_json_is_refused_at_its_place(raw: bytes, told: str) -> None:
    """What could be read in several ways is none, either."""
    with pytest.raises(InvalidInputError) as caught:
        decode(raw)
    assert told in str(caught.value)
