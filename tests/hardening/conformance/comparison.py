"""The fake beside Puma: who serves what the other refuses, and what was decided about it."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from .fake import run_fake
from .observing import Observation, Seen
from .probes import GROUPS, Probe, load_probes
from .recording import load_recording

DECIDED = Path(__file__).parent / "decided.toml"

Verdict = Literal["agree", "stricter", "more lenient", "otherwise"]
_MAY = {"serve": "serve", "refuse": "refuse", "either": "serve or refuse"}
VERDICTS: tuple[Verdict, ...] = ("agree", "stricter", "more lenient", "otherwise")


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One probe at both."""

    probe: Probe
    puma: Observation
    fake: Observation

    @property
    def verdict(self) -> Verdict:
        """What the fake is, compared to Puma."""
        more = self.fake.answers.count("served") - self.puma.answers.count("served")
        if more:
            return "more lenient" if more > 0 else "stricter"
        return "agree" if self.fake == self.puma else "otherwise"


def load_decided() -> dict[str, str]:
    """Read why the fake differs, by the probe's id."""
    decided = tomllib.loads(DECIDED.read_text(encoding="utf-8"))["decided"]
    return {name: entry["reason"] for entry in decided for name in entry["probes"]}


def compare_all() -> list[Compared]:
    """Send all recorded probes to a fake."""
    recorded = load_recording().observed
    probes = (probe for probe in load_probes().values() if probe.id in recorded)
    with run_fake() as fake:
        return [
            Compared(probe=probe, puma=recorded[probe.id], fake=fake.observe(probe)[0])
            for probe in probes
        ]


def departs(probe: Probe, observed: Observation) -> bool:
    """Tell whether a server does with a probe what no compliant one may do."""
    first = next((word for word in observed.answers if word != "100"), "")
    return probe.may != "either" and probe.may != ("serve" if first == "served" else "refuse")


def count_table(compared: Iterable[Compared]) -> str:
    """Give a Markdown table: how many probes of each group have which verdict."""
    counts = Counter((one.probe.group, one.verdict) for one in compared)
    rows = [
        f"| {group} | {' | '.join(str(counts[group, verdict]) for verdict in VERDICTS)} |\n"
        for group in GROUPS
    ]
    head = f"| group | {' | '.join(VERDICTS)} |\n|---|{'---|' * len(VERDICTS)}\n"
    return head + "".join(rows)


def difference_table(compared: Iterable[Compared], decided: Mapping[str, str]) -> str:
    """Give a Markdown table of what differs, and why."""
    differing = {one.probe.id: one for one in compared if one.verdict != "agree"}
    rows = [
        f"| {one.probe.what} | {one.probe.section} | {_MAY[one.probe.may]}"
        f" | {_told(one.puma, one.fake)} | {_told(one.fake, one.puma)} | {reason} |\n"
        for name, reason in decided.items()
        if (one := differing.get(name)) is not None
    ]
    head = "| sent | source | a server may | Puma | the fake | why |\n|---|---|---|---|---|---|\n"
    return head + "".join(rows)


def section() -> str:
    """Give what `docs/fidelity.md` shows."""
    compared = compare_all()
    return f"{count_table(compared)}\n{difference_table(compared, load_decided())}"


def _told(one: Observation, other: Observation) -> str:
    """Say in words what became of a probe; what was seen where only that differs."""
    words = ", ".join(one.answers) or "no answer"
    end = {"open": "", "closed": ", closes", "waits": ", waits"}[one.then]
    if (one.answers, one.then) != (other.answers, other.then):
        return f"{words}{end}"
    pairs = zip(one.seen, other.seen, strict=True)
    return next(f"{words}: {_seen(ours, theirs)}" for ours, theirs in pairs if ours != theirs)


def _seen(one: Seen, other: Seen) -> str:
    names = [name for name in Seen.__struct_fields__ if getattr(one, name) != getattr(other, name)]
    return ", ".join(f"{name} `{getattr(one, name)}`" for name in names)
