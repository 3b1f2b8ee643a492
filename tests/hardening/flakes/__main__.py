"""`make flakes`: all tests in random order, in parallel, while other programs want the processors.

Each round has its own order, which it prints; `pytest --random-order-seed` plays it again. What is
kept after each round is how many went well one after the other, so that a later call goes on.
Exit status 1 where a test failed in any round, or a round did not come to its end.
"""

import sys
from collections import Counter
from datetime import date
from random import SystemRandom

import click

from .. import figures
from .rounds import Round, play


def main() -> int:
    """Play the rounds, print and keep the figures; give the exit status."""
    times, chosen = int(sys.argv[1]), sys.argv[2:]
    failed: Counter[str] = Counter()
    for number in range(1, times + 1):
        seed = SystemRandom().randrange(10**6)
        click.echo(f"round {number} of {times}: --random-order-seed={seed}")
        played = play(seed, chosen)
        if not played.is_whole:
            click.echo(f"round {number} did not come to its end: pytest ended with {played.status}")
            return 1
        failed.update(played.failed)
        if not chosen:
            today = date.today()
            figures.keep("flakes", added(figures.kept("flakes"), played, on=today), on=today)
    for test, count in failed.most_common():
        click.echo(f"failed in {count} of {times} rounds: {test}")
    return 1 if failed else 0


ROUNDS = "rounds without a failure, one after the other"
FIRST = "the first of them on"
TESTS = "tests played in them"
FAILURE = "last round with a failure on"


def added(kept: figures.Figures, played: Round, *, on: date) -> dict[str, str | int]:
    """Give the figures with one more round: a failure begins the count anew."""
    if played.failed:
        return {ROUNDS: 0, FAILURE: on.isoformat()}
    before = {FAILURE: kept[FAILURE]} if FAILURE in kept else {}
    return {
        ROUNDS: int(kept.get(ROUNDS, 0)) + 1,
        FIRST: kept.get(FIRST, on.isoformat()),
        TESTS: int(kept.get(TESTS, 0)) + played.tests,
        **before,
    }


if __name__ == "__main__":
    sys.exit(main())
