"""What the pages show can be copied: each code block is run, or says why not."""

import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import click
import pytest
from livestorm_mock_server import MockLivestorm
from livestorm_mock_server.cli import commands

from .blocks import Block, blocks_of
from .made import ROOT
from .reader import RUNNERS, Reader, logical_lines, own_commands
from .site.navigation import pages

BLOCKS = {path: [*blocks_of(ROOT / path)] for path in pages()}
RUN = {
    path: [one for one in blocks if one.reason is None]
    for path, blocks in BLOCKS.items()
    if any(one.reason is None for one in blocks)
}
SHELL = [one for blocks in BLOCKS.values() for one in blocks if one.language in ("sh", "console")]


@pytest.fixture
def reader(livestorm_server: MockLivestorm, tmp_path: Path) -> Iterator[Reader]:
    """A reader with an empty folder."""
    with ExitStack() as stack:
        doors = [stack.enter_context(socket.socket()) for _ in ("8787", "8788")]
        for door in doors:
            door.bind(("127.0.0.1", 0))
        ports = {
            name: one.getsockname()[1] for name, one in zip(("8787", "8788"), doors, strict=True)
        }
    with Reader(tmp_path, livestorm_server, ports) as reader:
        yield reader


LONG = ("docs/first-test.md", "docs/examples.md")
"""Pages whose blocks install things, or run several programs."""


@pytest.mark.parametrize(
    "path", [pytest.param(one, marks=pytest.mark.long) if one in LONG else one for one in RUN]
)
def test_blocks_of_a_page_run(path: str, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """One after another, as somebody copies them who has nothing else."""
    monkeypatch.chdir(reader.folder)
    for block in RUN[path]:
        try:
            reader.run(block)
        except Exception as error:
            error.add_note(f"in the block at {path}, line {block.line}")
            raise


@pytest.mark.parametrize("path", pages())
def test_block_is_of_a_kind_that_can_be_run_or_says_why_not(path: str) -> None:
    """By its language; the reason stands in a comment before it: `<!-- not run: ... -->`."""
    wrong = [one.line for one in BLOCKS[path] if one.language not in RUNNERS and not one.reason]
    assert wrong == [], "name a language of tests/pages/reader.py, or a reason"
    assert [one.line for one in BLOCKS[path] if not one.language] == []


def test_what_runs_a_block_instead_is_there() -> None:
    """A test or a program that a reason names."""
    reasons = [one.reason for blocks in BLOCKS.values() for one in blocks if one.reason]
    named = {one for reason in reasons for one in re.findall(r"\b(?:\w+/)+[\w.]*\w", reason)}
    assert "tests/examples/test_image.py" in named
    assert [one for one in sorted(named) if not (ROOT / one).exists()] == []


@pytest.mark.parametrize("path", ["docs/first-test.md", "docs/first-test-javascript.md"])
def test_tutorial_ends_with_the_example(path: str) -> None:
    """Which somebody may run who has not written it."""
    written = {one.file: one.text for one in BLOCKS[path] if one.file}
    folder = ROOT / "examples" / "first_test"
    assert written == {name: (folder / name).read_text("utf-8") for name in written if name}
    assert len(written) == 2


@pytest.mark.parametrize("block", SHELL, ids=str)
def test_commands_of_a_block_are_understood(block: Block) -> None:
    """Also those that are not run: each command, option and choice is there."""
    typed = re.findall(r"^\$ .+", block.text, re.MULTILINE) or [block.text]
    for words in own_commands("\n".join(typed)):
        understood(words)


def understood(words: list[str]) -> None:
    """Read a command line as the program does, without doing it. Raises click.UsageError."""
    command: click.Command = commands
    context = click.Context(commands)
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        _, found, words = command.resolve_command(context, words)
        assert found
        command = found
    with suppress(click.exceptions.Exit):  # `--help` and `--version` have done all they do.
        command.make_context("livestorm-mock", words)


@pytest.mark.parametrize(
    "words", [["serv"], ["serve", "--fast"], ["serve", "--release", "4.2"], ["cases", "list", "x"]]
)
def test_mistaken_command_is_not_understood(words: list[str]) -> None:
    """The test above can fail."""
    with pytest.raises(click.UsageError):
        understood(words)


def test_commands_are_found_in_what_a_shell_reads() -> None:
    """Behind others, with comments, over several lines."""
    text = "a | .venv/bin/livestorm-mock cases \\\n  list > b  # all\n$ x && livestorm-mock env &\n"
    assert logical_lines(text)[1] == "x && livestorm-mock env &"
    assert [*own_commands(text)] == [["cases", "list"], ["env"]]
