"""`make mutants-contract`: change the reference client, and see that the contract suite notices.

`make mutants-contract ONLY='livestorm_client.pacing*'` does so with some functions. The survivors
that are explained are in `survivors.txt`. Exit status 1 for another one, and for a stale line.
"""

import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import partial
from typing import Any

from .mutants import Mutant, write_mutants
from .plays import Play, find_killer, in_forks, observe, plays_of_catalogue
from .survivors import read_explained, stale

OBSERVING, AT_LEAST, TIMES = 60.0, 25.0, 3.0
"""Bounds in seconds: for some plays of the unchanged client; for a mutant, with so many times what
its plays took before."""
FORKS = 2 * (os.cpu_count() or 1)


def main() -> int:
    """Try all mutants that are asked for; give the exit status."""
    started = time.monotonic()
    pattern = (sys.argv[1:] or ["*"])[0]
    mutants = [one for one in write_mutants() if fnmatchcase(one.function, pattern)]
    plays = observed(plays_of_catalogue())
    told = f"{len(mutants)} mutants, {len(plays)} plays, {time.monotonic() - started:.0f} s"
    print(told, flush=True)
    survivors = find_survivors(mutants, plays)
    print_score(mutants, survivors)
    explained = read_explained()
    unexplained = [one for one in survivors if not any(line.explains(one) for line in explained)]
    for one in unexplained:
        print(f"new: {one.function} | {one.line} |")
    gone = stale(explained, mutants, survivors)
    for line in gone:
        print(f"no longer there: {line.function} | {line.line}")
    print(f"{len(unexplained)} not explained, {time.monotonic() - started:.0f} s")
    return 1 if unexplained or gone else 0


def observed(plays: Sequence[Play]) -> list[Play]:
    """Play everything with the unchanged client."""
    parts = [plays[number :: 4 * FORKS] for number in range(4 * FORKS)]
    works = [partial(observe, part) for part in parts]
    found = []
    for number, seen in in_forks(works, [OBSERVING] * len(works), FORKS):
        if not isinstance(seen, list):
            raise SystemExit(f"one of {[one.name for one in parts[number]]} does not end")
        found += [read_observation(*one) for one in zip(parts[number], seen, strict=True)]
    return found


def read_observation(one: Play, seen: dict[str, Any]) -> Play:
    """Note what a play did."""
    functions = frozenset(seen.pop("functions"))
    return replace(one, functions=functions, **seen)


def find_survivors(mutants: Sequence[Mutant], plays: Sequence[Play]) -> list[Mutant]:
    """Give the mutants that no play notices.

    Each is tried by the plays that run its function; those that noticed others of the function
    come first, then a variant of each case, the quickest before the rest.
    """
    killers: dict[str, Counter[str]] = {one.mangled: Counter() for one in mutants}

    def ordered(mutant: Mutant) -> list[Play]:
        noticed = killers[mutant.mangled]
        reaching = [one for one in plays if mutant.mangled in one.functions]
        return sorted(
            reaching,
            key=lambda one: (one.seconds > 1, -noticed[one.name], one.rank > 0, one.seconds),
        )

    works = (partial(find_killer, one.id, ordered(one)) for one in mutants)
    bounds = (AT_LEAST + TIMES * sum(play.seconds for play in ordered(one)) for one in mutants)
    survivors = []
    for number, killer in in_forks((partial(listed, work) for work in works), bounds, FORKS):
        mutant = mutants[number]
        if killer == [None]:
            survivors.append(mutant)
            print(f"survives: {mutant.function} | {mutant.line} |", flush=True)
        elif isinstance(killer, list):
            killers[mutant.mangled][killer[0]] += 1
    return sorted(survivors, key=lambda one: (one.function, one.line))


def listed(work: partial[str | None]) -> list[str | None]:
    """Wrap a result, so that nothing found differs from nothing told."""
    return [work()]


def print_score(mutants: Sequence[Mutant], survivors: Sequence[Mutant]) -> None:
    """Print how many were noticed, by module and in all."""
    total = Counter(one.module for one in mutants)
    alive = Counter(one.module for one in survivors)
    for module, count in sorted(total.items()):
        print(f"{module:<14} {count - alive[module]:>5} / {count}")
    print(f"{'all':<14} {len(mutants) - len(survivors):>5} / {len(mutants)}")


if __name__ == "__main__":
    sys.exit(main())
