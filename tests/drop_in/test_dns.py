"""The names that a nameserver's answer leads to."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_mock_server.interception.dns import names_led_to

QUESTION = b"\x05alias\x04test\0\0\1\0\1"
TARGET = b"\x03App\x09livestorm\x02co\0"
THAT_NAME = b"\xc0\x0c"


def answer(*records: tuple[bytes, int, bytes]) -> bytes:
    """Give a message of the question and records: owner, kind, data."""
    head = struct.pack("!6H", 1, 0x8180, 1, len(records), 0, 0)
    encoded = [
        owner + struct.pack("!HHIH", kind, 1, 60, len(data)) + data for owner, kind, data in records
    ]
    return head + QUESTION + b"".join(encoded)


@pytest.mark.parametrize(
    ("kind", "data"),
    [(5, TARGET), (39, TARGET), (64, b"\0\1" + TARGET), (65, b"\0\1" + TARGET)],
    ids=["CNAME", "DNAME", "SVCB", "HTTPS"],
)
def test_names_are_those_that_records_lead_to(kind: int, data: bytes) -> None:
    """The owner of each record and its target, in lower case."""
    assert [*names_led_to(answer((THAT_NAME, kind, data)))] == ["alias.test", "app.livestorm.co"]


def test_names_are_read_through_compression() -> None:
    """A name goes on where it points to, and the record after it begins where it ended."""
    first = answer((THAT_NAME, 5, b"\x09livestorm\x02co\0"))
    pointer = struct.pack("!H", 0xC000 | first.index(b"\x09livestorm"))
    message = answer(
        (THAT_NAME, 5, b"\x09livestorm\x02co\0"), (b"\x03api" + pointer, 1, b"\x7f\0\0\1")
    )
    assert [*names_led_to(message)] == ["alias.test", "livestorm.co", "api.livestorm.co"]


def test_names_end_where_a_name_leads_to_itself() -> None:
    """A pointer to itself has no end."""
    loop = struct.pack("!H", 0xC000 | (12 + len(QUESTION)))
    assert [*names_led_to(answer((loop, 1, b"\x7f\0\0\1")))] == []


@given(st.binary(max_size=80), st.integers(0, 120))
def test_names_of_anything_come_to_an_end(noise: bytes, cut: int) -> None:
    """Whatever comes is read without an error."""
    whole = answer((THAT_NAME, 5, TARGET))
    assert all(isinstance(one, str) for one in names_led_to(whole[:cut] + noise))
