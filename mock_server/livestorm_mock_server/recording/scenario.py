"""A recording as a scenario in TOML, and what was replaced in it."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from ..options import ProviderOptions
from ..reading import InvalidInputError
from ..scenario_files import ScenarioError, read_scenario
from ..toml_values import as_key, as_toml
from .archive import Recording, read_archive
from .bodies import Cleaner
from .checking import check_values
from .declaring import Declared, declare_all
from .faults import FaultSeen, faults_of
from .lists import read_lists
from .observing import applications, observe
from .replacing import Replacements
from .routes import Exchange, route_all
from .secret_places import learn_all

Keys = Mapping[str, object]


class Made(msgspec.Struct, frozen=True):
    """A scenario that was made of a recording."""

    text: str
    told: Sequence[str]
    """What was replaced and left out, in lines without any value."""


def scenario_from(raw: bytes, file: str) -> Made:
    """Make a scenario of an HTTP archive; `file` is what the scenario is called in messages.

    Raises InvalidInputError with the place of what is wrong in the archive.
    """
    try:
        return _made(raw, file)
    except RecursionError:
        expected = "lists and objects that are less deep in one another"
        raise InvalidInputError("the recording", "a body", expected) from None


def _made(raw: bytes, file: str) -> Made:
    recording = read_archive(raw)
    replacements = Replacements()
    learn_all(recording.exchanges, replacements)
    cleaner = Cleaner(replacements)
    exchanges = route_all(recording.exchanges)
    lists = read_lists(exchanges, cleaner)
    options = observe(exchanges, cleaner)
    own = str(options.get("api_content_type", ProviderOptions().api_content_type))
    declared = declare_all(exchanges, lists, cleaner, content_type=own)
    options |= declared.options
    known = [one for one in exchanges if one.label is not None]
    faults = faults_of(known, cleaner)
    clients = applications(exchanges, cleaner)
    text = "\n".join(_lines(recording, known, options, clients, declared, faults)) + "\n"
    _check(text, file)
    entries = [*declared.collections, *declared.resources]
    values = (*(one.keys for one in entries), *clients, *(one.as_entry() for one in faults))
    check_values(values, replacements)
    return Made(text, list(_told(recording, known, replacements)))


def _check(text: str, file: str) -> None:
    """Check that what was made can be used. Raises InvalidInputError."""
    try:
        read_scenario(text, file, None)
    except ScenarioError as error:
        told = error.mistakes[0].partition(": ")[2]
        raise InvalidInputError(
            "the recording", "...", f"one to make a scenario of: {told}"
        ) from None


def _lines(
    recording: Recording,
    exchanges: Sequence[Exchange],
    options: Keys,
    clients: Sequence[Keys],
    declared: Declared,
    faults: Sequence[FaultSeen],
) -> Iterator[str]:
    errors = sum(one.times for one in faults)
    yield "# Made by `livestorm-mock scenarios from-har`: log.entries[...] is where it stands in"
    yield "# the recording. Secrets, names, addresses and ids are replaced."
    yield f'title = "A recording of {len(exchanges)} requests, {errors} of them with an error"'
    yield ""
    yield "[provider]"
    yield "# The limits that struck are faults below: without others, each run is the same."
    yield from (f"{as_key(name)} = {as_toml(value)}" for name, value in options.items())
    for one in clients:
        yield from _table(
            "applications",
            one,
            [
                "Serve it with --client-id, --client-secret and"
                " --redirect-uri to have those of your client."
            ],
        )
    for entry in declared.collections:
        yield from _table("collections", entry.keys, entry.comments)
    for entry in declared.resources:
        yield from _table("resources", entry.keys, entry.comments)
    for fault in faults:
        yield from _table("faults", fault.as_entry(), [_places(fault.places)])


def _places(places: Sequence[str]) -> str:
    return ", ".join(places[:6]) + (f" and {len(places) - 6} more" if len(places) > 6 else "")


def _table(name: str, keys: Keys, comments: Sequence[str]) -> Iterator[str]:
    yield ""
    yield f"[[{name}]]"
    yield from (f"# {one}" for one in comments)
    for key, value in keys.items():
        if key == "items" and isinstance(value, list):
            yield "items = ["
            yield from (f"    {as_toml(one)}," for one in value)
            yield "]"
        elif key == "body" and isinstance(value, str):
            yield f"body = {_text(value)}"
        else:
            yield f"{as_key(key)} = {as_toml(value)}"


def _text(value: str) -> str:
    """Write a text as it stands, where TOML has no need to escape anything."""
    is_plain = (
        "'''" not in value and not value.endswith("'") and value.replace("\n", "").isprintable()
    )
    if not is_plain:
        return as_toml(value)
    return f"'''\n{value}'''" if "\n" in value else f"'''{value}'''"


def _told(
    recording: Recording, exchanges: Sequence[Exchange], replacements: Replacements
) -> Iterator[str]:
    left = len(recording.exchanges) - len(exchanges)
    yield f"read: {len(exchanges)} request{_s(len(exchanges))} to endpoints of Livestorm"
    yield f"left out: {left} to other paths, {recording.others} to other hosts; pages, cookies and"
    yield "  all headers but those of limits and challenges"
    yield "replaced:"
    for sort, number in sorted(replacements.values.items()):
        places = replacements.places[sort]
        yield f"  {sort}: {number} value{_s(number)} in {places} place{_s(places)}"


def _s(number: int) -> str:
    return "" if number == 1 else "s"
