"""The corpus: raw requests, written from the RFCs, as `corpus/*.toml` has them."""

import re
import tomllib
from pathlib import Path
from typing import Literal

import msgspec

FOLDER = Path(__file__).parent / "corpus"
GROUPS = ("compliance", "smuggling", "malformed", "normalisation")

May = Literal["serve", "refuse", "either"]

_REPEATED = re.compile(r"\{(.+?)\*(\d+)\}", re.DOTALL)


class Probe(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One request, or several on one connection."""

    id: str
    group: str
    section: str
    """Of the RFC that speaks of it."""
    what: str
    raw: str
    """Its bytes, one for each character; `{ab*3}` stands for `ababab`."""
    may: May
    """What a compliant server may do with it; to wait for more is to refuse it."""

    @property
    def sent(self) -> bytes:
        """What goes over the wire."""
        return _REPEATED.sub(lambda part: part[1] * int(part[2]), self.raw).encode("latin-1")


def load_probes() -> dict[str, Probe]:
    """Read the corpus, by id. Raises ValueError for an id that stands there twice."""
    probes: dict[str, Probe] = {}
    for file in sorted(FOLDER.glob("*.toml")):
        group = file.stem.partition("-")[0]
        for name, row in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if name in probes:
                raise ValueError(f"{file.name}: there is another probe {name!r}")
            probes[name] = msgspec.convert({"id": name, "group": group, **row}, Probe)
    return probes
