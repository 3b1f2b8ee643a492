"""What a line of the request log shows, whatever a client sends."""

import json
import logging
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_mock_server.request_log.lines import (
    MOST_OF_NAME,
    JSONLines,
    Message,
    TextLines,
    Told,
)

WALL = 1_795_455_000.25
BOLD_RED = "\x1b[1;31m"
ANY = st.none() | st.text(max_size=MOST_OF_NAME)
TOLD = st.builds(
    Told,
    wall=st.just(WALL),
    seconds=st.floats(0, 60),
    seq=st.integers(1),
    sandbox=ANY,
    client_id=ANY,
    endpoint=ANY,
    method=st.sampled_from(["GET", "POST", ""]),
    path=st.text(max_size=MOST_OF_NAME),
    status=st.none() | st.integers(200, 599),
    fault=st.none() | st.sampled_from(["rate_limited"]),
    phase=st.sampled_from(["before", "after"]),
    reason=ANY,
    ground=st.none() | st.just("token_unknown"),
)


def told(**changes: object) -> Told:
    """Give an exchange that went well, but for the changes."""
    usual = {
        "wall": WALL,
        "seconds": 0.008,
        "seq": 1,
        "sandbox": None,
        "client_id": "example-client-id",
        "endpoint": "api.me",
        "method": "GET",
        "path": "/v1/me",
        "status": 200,
        "fault": None,
        "phase": None,
        "reason": "the access token is valid",
        "ground": None,
        "webhook": None,
    }
    return Told(**(usual | changes))  # type: ignore[arg-type]


@given(TOLD, st.booleans())
def test_text_is_one_line_that_steers_no_terminal(thing: Told, in_colour: bool) -> None:
    """Of all escapes only the colours are there, and no character turns the direction."""
    line = TextLines(in_colour=in_colour).of(thing)
    assert line.endswith("\n")
    for code in (0, 2, 31, 32, 33, 35, 36):
        line = line.replace(f"\x1b[{code}m", "") if in_colour else line
    assert line[:-1].isprintable()
    assert {unicodedata.bidirectional(one) for one in line} & {"RLO", "LRO", "RLI", "PDF"} == set()
    assert len(line) < 15_000


@given(TOLD)
def test_json_is_one_line_of_ascii_with_the_same_values(thing: Told) -> None:
    """Programs get the values as they came."""
    line = JSONLines().of(thing)
    assert line.isascii()
    assert line.count("\n") == 1
    read = json.loads(line)
    assert (read["client_id"], read["path"]) == (thing.client_id, thing.path)
    assert read["time"] == "2026-11-23T17:30:00.250000Z"


@given(st.text(), st.sampled_from([logging.WARNING, logging.ERROR]))
def test_message_steers_no_terminal_either(text: str, level: int) -> None:
    """It may have several lines, as a traceback has."""
    message = Message(WALL, level, text)
    assert TextLines(in_colour=False).of(message).replace("\n", "").isprintable()
    assert json.loads(JSONLines().of(message))["message"] == text


@pytest.mark.parametrize(
    ("changes", "words", "others"),
    [
        ({}, ["200  api.me", "example-client-id", "GET /v1/me"], ["valid"]),
        ({"status": 401, "reason": "it expired"}, ["401", "it expired"], []),
        ({"ground": "scope_unknown", "reason": "scope is odd"}, ["200", "scope is odd"], []),
        ({"fault": "html_page", "phase": "after"}, ["[html_page, after the effect]"], []),
        ({"status": 502, "reason": "fault 1 (html_page, after the effect)"}, [], ["fault 1"]),
        ({"status": None, "reason": "fault 1 (tls): it left"}, ["  it left"], ["fault 1"]),
        ({"status": None, "reason": "reset"}, ["---", "reset"], []),
        ({"method": "", "path": "", "endpoint": None}, ["no request", "  -  "], []),
        ({"client_id": "a 200 b"}, ['"a 200 b"'], []),
        ({"client_id": "a\nb c"}, [r'"a\nb c"'], []),
        ({"client_id": '\u202e"'}, [r'"\u202e\""'], []),
        ({"client_id": "é"}, ["  é  "], []),
        ({"client_id": f"{BOLD_RED}a\u202e"}, [r"\x1b[1;31ma\u202e"], ["\x1b"]),
    ],
)
def test_line_tells_what_a_reader_looks_for(
    changes: dict[str, object], words: list[str], others: list[str]
) -> None:
    """Status, endpoint, client, request and fault; the reason where there is one to look for."""
    line = TextLines(in_colour=False).of(told(**changes))
    assert [word for word in words if word not in line] == []
    assert [word for word in others if word in line] == []


def test_colours_tell_good_from_bad() -> None:
    """What is refused has another colour than what is not."""
    good, bad = (TextLines(in_colour=True).of(told(status=one)) for one in (200, 500))
    assert "\x1b[32m200\x1b[0m" in good
    assert "\x1b[31m500\x1b[0m" in bad
