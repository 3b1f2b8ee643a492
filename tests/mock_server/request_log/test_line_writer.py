"""Lines are written by a thread that nobody waits for."""

import contextlib
import os
from collections.abc import Iterator

import pytest
from livestorm_mock_server.request_log.line_writer import MOST, LineWriter

WAITING = MOST + 10_000
"""More lines than a pipe and the queue take."""


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """Both ends of a pipe."""
    reading, writing = os.pipe()
    yield reading, writing
    for end in (reading, writing):
        with contextlib.suppress(OSError):  # The test has closed it.
            os.close(end)


def line_of(thing: str | int) -> bytes:
    """Give a line of a hundred bytes, or one that tells how many are lost."""
    text = f"{thing} lost" if isinstance(thing, int) else thing
    return f"{text:.<99}\n".encode()


def read_all(reading: int) -> list[str]:
    """Read to the end; give the lines."""
    with os.fdopen(os.dup(reading), "rb") as stream:
        return [line.decode().rstrip(".\n") for line in stream]


@pytest.mark.parametrize("blocks", [True, False])
def test_lines_come_whole_and_in_order(pipe: tuple[int, int], blocks: bool) -> None:
    """Also where somebody has made the descriptor non-blocking."""
    reading, writing = pipe
    os.set_blocking(writing, blocks)
    writer = LineWriter(writing, line_of)
    for number in range(MOST // 2):
        writer.put(f"line {number}")
    writer.close()
    os.close(writing)
    assert read_all(reading) == [f"line {number}" for number in range(MOST // 2)]


def test_lines_of_several_processes_stay_whole(pipe: tuple[int, int]) -> None:
    """Several may write into one pipe: nothing comes between the bytes of a line."""
    reading, writing = pipe
    writers = [LineWriter(writing, line_of) for _ in range(4)]
    for number in range(100):
        for name, writer in zip("abcd", writers, strict=True):
            writer.put(name * (number % 99 + 1))
    for writer in writers:
        writer.close()
    os.close(writing)
    lines = read_all(reading)
    assert len(lines) == 400
    assert [line for line in lines if len(set(line)) != 1] == []


def test_pipe_that_nobody_reads_keeps_nobody_waiting(pipe: tuple[int, int]) -> None:
    """What does not fit is dropped, neither `put` nor `close` waits for it, and it is counted."""
    reading, writing = pipe
    writer = LineWriter(writing, line_of)
    for number in range(WAITING):
        writer.put(f"line {number}")
    writer.close()
    came, told = 0, ""
    with os.fdopen(os.dup(reading), "rb") as stream:
        while not told.endswith("lost"):
            told = stream.readline().decode().rstrip(".\n")
            came += 1
    assert came - 1 + int(told.split()[0]) == WAITING


def test_closed_descriptor_fails_nothing(pipe: tuple[int, int]) -> None:
    """The lines are lost, and that is all."""
    reading, writing = pipe
    os.close(reading)
    writer = LineWriter(writing, line_of)
    writer.put("lost")
    writer.close()
