"""A failure as one file that can be played again."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from ..driving.under_test import BareClient, ClientUnderTest
from ..properties.script import Script
from ..suite.case_result import CaseResult
from ..suite.settings import Settings
from ..suite.verdicts import NOT_PASSED
from .catalogue import all_cases_and_properties
from .exact_json import is_utf8, read_exact, write_exact
from .whole_file import make_ignored, write_whole


class ReplayError(Exception):
    """A file can't be replayed; the text names it and what is wrong."""


class Replay(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is needed to play a failure again; `client` and `command` as on the command line."""

    replay: Literal[1] = 1
    """The version of this shape."""
    client: str | UnsetType = UNSET
    command: str | UnsetType = UNSET
    case: str
    seed: str
    strict: bool = False
    provider: Mapping[str, object] = {}
    variants: tuple[str, ...] = ()
    """The variants of the case that did not pass."""
    script: Script | None = None
    """What breaks a property."""
    checks: tuple[str, ...] = ()
    """The checks that did not pass."""

    def __post_init__(self) -> None:
        if (self.client is UNSET) == (self.command is UNSET):
            raise ValueError("expected either `client` or `command`")
        if self.client is not UNSET and self.client.startswith("command:"):
            raise ValueError("`client` is that of an older version; name the command in `command`")
        if not is_utf8(self.seed):
            raise ValueError(f"`seed` is {self.seed!r}, which is no text in UTF-8")


def save_replay(
    result: CaseResult, client: ClientUnderTest, settings: Settings, folder: Path
) -> Path:
    """Write what did not pass into a folder; give the file. Raises OSError."""
    replay = Replay(
        client=UNSET if isinstance(client, BareClient) else client.name,
        command=client.text if isinstance(client, BareClient) else UNSET,
        case=result.case.id,
        seed=settings.seed,
        strict=settings.strict,
        provider=settings.provider,
        variants=tuple(result.variants),
        script=None if result.script is None else msgspec.convert(result.script, Script),
        checks=tuple(one.check for one in result.checks if one.verdict in NOT_PASSED),
    )
    make_ignored(folder.parent)
    folder.mkdir(exist_ok=True)
    path = folder / f"{result.case.id}.json"
    write_whole(path, write_exact(replay, indent=2) + b"\n")
    return path


def load_replay(path: Path) -> Replay:
    """Read a file. Raises ReplayError."""
    try:
        replay = read_exact(path.read_bytes(), Replay)
    except OSError as error:
        raise ReplayError(f"{path}: can't be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise ReplayError(f"{path}: no replay: {error}") from None
    if replay.case not in all_cases_and_properties():
        raise ReplayError(f"{path}: case is {replay.case!r}, which this suite does not have")
    return replay


def known_scripts(folder: Path | None, case: str) -> list[Script]:
    """Give the script that once broke a property, where a folder has one that can be read."""
    path = None if folder is None else folder / f"{case}.json"
    if path is None or not path.exists():
        return []
    with suppress(ReplayError):
        script = load_replay(path).script
        return [] if script is None else [script]
    return []
