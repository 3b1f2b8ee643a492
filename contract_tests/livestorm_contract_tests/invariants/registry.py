"""All invariants, in their order, and the one place that judges by them."""

from collections.abc import Mapping
from typing import Final, TypeAlias

from . import inv_01, inv_02, inv_03, inv_04, inv_05, inv_06, inv_07, inv_08, inv_09, inv_10
from .history import History
from .invariant import Invariant

Judged: TypeAlias = Mapping[str, str | None]
"""Each invariant that was judged, with what does not hold, in words; None where all does."""

INVARIANTS: Final[Mapping[str, Invariant]] = {
    module.INVARIANT.name: module.INVARIANT
    for module in (
        inv_01,
        inv_02,
        inv_03,
        inv_04,
        inv_05,
        inv_06,
        inv_07,
        inv_08,
        inv_09,
        inv_10,
    )
}


def judge_history(history: History) -> Judged:
    """Judge what has happened by each invariant that it was an occasion to break."""
    return {name: one.judge(history) for name, one in INVARIANTS.items() if one.applies(history)}
