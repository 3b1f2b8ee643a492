"""What `make flakes` makes of its rounds."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .. import figures
from .__main__ import FAILURE, FIRST, ROUNDS, TESTS, added
from .rounds import Round

ROOT = Path(__file__).parents[3]
OUTCOMES = st.builds(
    Round,
    status=st.just(0),
    tests=st.integers(1, 20_000),
    failed=st.frozensets(st.sampled_from(["a", "b"])),
)


@given(st.lists(OUTCOMES, max_size=6))
def test_only_rounds_since_the_last_failure_count(rounds: list[Round]) -> None:
    """However many calls they came from."""
    kept: figures.Figures = {}
    for number, played in enumerate(rounds, 1):
        kept = added(kept, played, on=date(2026, 1, number))
    failures = [number for number, played in enumerate(rounds, 1) if played.failed]
    last = max(failures, default=0)
    since = rounds[last:]
    assert kept.get(ROUNDS, 0) == len(since)
    assert kept.get(TESTS, 0) == sum(played.tests for played in since)
    assert kept.get(FIRST) == (f"2026-01-0{last + 1}" if since else None)
    assert kept.get(FAILURE) == (f"2026-01-0{last}" if last else None)


BROKEN = {
    "def test_fails(): assert 0": "failed in 1 of 1 rounds",
    "import nothing_of_this_name": "round 1 did not come to its end: pytest ended with 1",
}


@pytest.mark.parametrize("text", BROKEN)
def test_command_fails_where_a_round_did(tmp_path: Path, text: str) -> None:
    """A failed test, and a file that can't be read; of chosen tests no figure is kept."""
    before = figures.kept("flakes")
    file = tmp_path / "test_it.py"
    file.write_text(text, encoding="utf-8")
    cheap = ("-n", "1", f"--rootdir={tmp_path}")
    done = subprocess.run(
        [sys.executable, "-m", "tests.hardening.flakes", "1", *cheap, str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert BROKEN[text] in done.stdout
    assert figures.kept("flakes") == before
