"""Records Puma's answers anew: `python -m tests.hardening.conformance.record`.

Says what drifted, holds the fake against the recording, and keeps the figures. Needs Ruby and
Debian's `puma`; installs nothing.
"""

import sys
from collections import Counter
from datetime import date

from ..figures import keep
from .comparison import VERDICTS, Compared, compare_all, count_table, departs, load_decided
from .probes import load_probes
from .puma import missing_packages, record, version
from .recording import Recording, drift, load_recording, store_recording

NOT_INSTALLED = 3
"""Exit status where Ruby or Puma is missing."""


def main() -> int:
    """Run the command; 1 if Puma drifted or a difference is not decided, 3 without Puma, else 0."""
    if missing := missing_packages():
        _say(f"missing: {' '.join(missing)}\ninstall with: apt-get install {' '.join(missing)}")
        return NOT_INSTALLED
    before = load_recording()
    now = Recording(puma=version(), observed=record([*load_probes().values()]))
    store_recording(now)
    drifted = drift(before, now)
    compared = compare_all()
    undecided = _undecided(compared)
    _say(*drifted, f"Puma {now.puma}: {len(drifted) or 'none'} drifted", "")
    _say(count_table(compared), *undecided)
    keep("conformance", _figures(compared, now.puma), on=date.today())
    return int(bool(drifted or undecided))


def _undecided(compared: list[Compared]) -> list[str]:
    decided = load_decided()
    return [
        f"{one.probe.id}: {one.verdict}, and not decided"
        for one in compared
        if one.verdict != "agree" and one.probe.id not in decided
    ]


def _figures(compared: list[Compared], puma: str) -> dict[str, str | int]:
    counts = Counter(one.verdict for one in compared)
    return {
        "version of Puma": puma,
        "raw requests": len(compared),
        **{f"the fake: {verdict}": counts[verdict] for verdict in VERDICTS},
        "against the RFCs: Puma": sum(departs(one.probe, one.puma) for one in compared),
        "against the RFCs: the fake": sum(departs(one.probe, one.fake) for one in compared),
    }


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))


if __name__ == "__main__":
    sys.exit(main())
