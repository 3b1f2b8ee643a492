"""`make mutants-contract`: change the reference client, and see that the contract suite notices.

`make mutants-contract ONLY='livestorm_client.pacing*'` does so with some functions. The survivors
that are explained are in `survivors.txt`, those that change nothing in `tests/client/mutants.txt`.
Exit status 1 for another one, and for a stale line.

A run that was interrupted is gone on with. A mutant that was noticed is tried again once the client
has changed; one that was not, also once the suite has.
"""

import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import partial
from typing import Any

from .decided import Decided
from .mutants import STAGE, Mutant, write_mutants
from .plays import (
    Play,
    all_plays,
    find_killer,
    in_forks,
    load_client,
    most_promising,
    observe,
    reaching,
)
from .survivors import Explained, is_explained, read_equivalent, read_explained, stale

OBSERVING, AT_LEAST, TIMES = 240.0, 25.0, 3.0
"""Bounds in seconds: for some plays of the unchanged client; for a mutant, with so many times what
its plays took before."""
FORKS = 4 * (os.cpu_count() or 1)
"""Most of what a play takes is waiting."""


def main() -> int:
    """Try all mutants that are asked for; give the exit status."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # The forks have to end, too.
    started = time.monotonic()
    pattern = (sys.argv[1:] or ["*"])[0]
    written = write_mutants()
    mutants = [one for one in written if fnmatchcase(one.function, pattern)]
    decided = Decided(STAGE / "decided.jsonl")
    open_ones = [one for one in mutants if one.id not in decided.killers]
    explained = read_explained()
    reasons = [*explained, *read_equivalent()]
    print(f"{len(mutants)} mutants, {len(mutants) - len(open_ones)} of them decided", flush=True)
    if open_ones:
        load_client()
        everything = observed(all_plays())
        print(f"{len(everything)} plays, {time.monotonic() - started:.0f} s", flush=True)
        for mutant, killer in tried(open_ones, everything, reasons, decided.killers):
            decided.add(mutant.id, killer)
            if killer is None:
                print(f"survives: {mutant.function} | {mutant.line} |", flush=True)
    survivors = [one for one in mutants if decided.killers[one.id] is None]
    print_score(mutants, survivors)
    unexplained = [one for one in survivors if not is_explained(one, reasons)]
    for function, line in sorted({(one.function, one.line) for one in unexplained}):
        print(f"new: {function} | {line} |")
    left_out = [one for one in written if not fnmatchcase(one.function, pattern)]
    gone = stale(explained, survivors, tried=mutants, left_out=left_out)
    for entry in gone:
        print(f"no longer there: {entry.function} | {entry.line}")
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
        found += [with_observation(*one) for one in zip(parts[number], seen, strict=True)]
    return found


def with_observation(one: Play, seen: dict[str, Any]) -> Play:
    """Note what a play did."""
    lines = frozenset((file, line) for file, line in seen.pop("lines"))
    return replace(one, lines=lines, **seen)


def tried(
    mutants: Sequence[Mutant],
    plays: Sequence[Play],
    explained: Sequence[Explained],
    killers: Mapping[str, str | None],
) -> Iterator[tuple[Mutant, str | None]]:
    """Give each mutant with the play that notices it, None where none does.

    Each is tried by the plays that run its line, first the most promising ones; one whose survival
    is explained, by these only. Those that noticed others of its function, as `killers` knows
    meanwhile, come first. One that hangs or ends its process is noticed.
    """

    def chosen(mutant: Mutant) -> list[Play]:
        function = mutant.id.partition("__mutmut_")[0]
        of_function = [name for one, name in killers.items() if one.startswith(f"{function}__")]
        noticed = Counter(of_function)
        found = reaching(plays, mutant.at)
        first = most_promising(found)
        names = {one.name for one in first}
        others = [one for one in found if one.name not in names]
        return [
            play
            for part in ([first] if is_explained(mutant, explained) else [first, others])
            for play in sorted(part, key=lambda one: -noticed[one.name])
        ]

    works = (partial(listed, partial(find_killer, one.id, chosen(one))) for one in mutants)
    bounds = (
        AT_LEAST + TIMES * sum(one.seconds for one in reaching(plays, mutant.at))
        for mutant in mutants
    )
    for number, killer in in_forks(works, bounds, FORKS):
        yield mutants[number], killer[0] if isinstance(killer, list) else "(it does not end)"


def listed(work: Callable[[], str | None]) -> list[str | None]:
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
