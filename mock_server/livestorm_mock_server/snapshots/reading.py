"""From a document to its snapshot: all of it is checked, what refers to something else, too."""

from collections.abc import Mapping

import msgspec

from ..arming.armed import Counts
from ..arming.reading import read_fault
from ..clock import ClockSetting, VirtualClock
from ..collections.exported import Exported, read_tables
from ..randomness import Randomness
from ..reading import InvalidInputError, MissingKeyError, read_struct
from ..registration import Registration
from ..scenario import Scenario, check_redirect_uris
from ..scenario_bodies import with_bodies
from ..scenario_mistakes import find_scenario_mistakes
from ..scenario_records import Announcement
from ..store.records import Organization, User
from .content import read_applications, read_content
from .document import VERSION, SavedFault, SavedSandbox
from .encoding import too_deep
from .references import check_unique, made, referred
from .state import ArmedState, Drawing, SandboxState, Snapshot

_SECRETS = frozenset(
    {
        "access_token",
        "client_secret",
        "code",
        "key",
        "password",
        "previous_refresh_token",
        "refresh_token",
        "refreshed_from",
        "webhook_secret",
    }
)
"""Members of which a message shows but the beginning."""


def read_document(document: object, clock: VirtualClock) -> Snapshot:
    """Read a document; `clock` is the one that is to be set.

    Raises InvalidInputError with the place of what is wrong, or newer than this can read.
    """
    try:
        return _read(document, clock)
    except RecursionError:
        raise too_deep() from None
    except InvalidInputError as error:
        # Whoever reads the log of a start need not know the secrets in its file.
        if isinstance(error.value, str) and error.key.rpartition(".")[2] in _SECRETS:
            shown = f"{error.value[:3]}..."
            raise InvalidInputError(error.key, shown, error.expected) from None
        raise


def _read(document: object, clock: VirtualClock) -> Snapshot:
    _check_version(document)
    saved = read_struct(document, SavedSandbox)
    scenario = _scenario(saved.scenario)
    announced = _announcement(saved)
    state = SandboxState(
        scenario=scenario,
        registration=_registration(saved.registration),
        announced=announced,
        clock=_clock(saved, clock),
        armed=_armed(saved, scenario),
        last_fault=saved.last_fault,
    )
    return Snapshot(
        state=state,
        content=read_content(saved.store, announced),
        collections=_collections(saved, scenario),
        drawing=_drawing(saved),
        last_exchange=saved.last_exchange,
    )


def _check_version(document: object) -> None:
    if not isinstance(document, Mapping):
        raise InvalidInputError("the state", document, "a JSON object")
    expected = f"{VERSION}, the newest that this version of livestorm-mock reads"
    if "version" not in document:
        raise MissingKeyError("version", expected)
    version = document["version"]
    if isinstance(version, bool) or version != VERSION:
        raise InvalidInputError("version", version, expected)


def _scenario(document: Mapping[str, object]) -> Scenario:
    for mistake in find_scenario_mistakes(document, None):
        raise mistake.within("scenario")
    return with_bodies(read_struct(document, Scenario), None)


def _registration(registration: Registration) -> Registration:
    check_redirect_uris("registration.redirect_uris", registration.redirect_uris or ())
    return registration


def _announcement(saved: SavedSandbox) -> Announcement:
    organizations = {one.name: made(Organization, one) for one in saved.organizations}
    check_unique("organizations", "name", saved.organizations)
    for name in ("id", "email"):
        check_unique("users", name, saved.users)
    users = []
    for index, one in enumerate(saved.users):
        key = f"users[{index}].organization"
        home = referred(key, one.organization, organizations)
        users.append(made(User, one, organization=home))
    return Announcement(
        key=bytes.fromhex(saved.key),
        began_at=saved.announced_at,
        organizations=tuple(organizations.values()),
        users=tuple(users),
        applications=read_applications("applications", saved.applications),
    )


def _clock(saved: SavedSandbox, clock: VirtualClock) -> ClockSetting:
    setting = made(ClockSetting, saved.clock)
    clock.check(setting, "clock")
    return setting


def _armed(saved: SavedSandbox, scenario: Scenario) -> tuple[ArmedState, ...]:
    check_unique("faults", "id", saved.faults)
    return tuple(
        _fault(f"faults[{index}].", one, scenario, saved.last_fault)
        for index, one in enumerate(saved.faults)
    )


def _fault(where: str, saved: SavedFault, scenario: Scenario, last: int) -> ArmedState:
    if int(saved.id.removeprefix("fault-")) > last:
        raise InvalidInputError(f"{where}id", saved.id, f"fault-{last} at most, by last_fault")
    fault = read_fault(saved.keys, scenario.labels, where=f"{where}keys.")
    if saved.hits > saved.seen:
        raise InvalidInputError(f"{where}hits", saved.hits, f"{saved.seen} at most, by seen")
    if fault.times is not None and saved.hits > fault.times:
        raise InvalidInputError(f"{where}hits", saved.hits, f"{fault.times} at most, by its times")
    return ArmedState(id=saved.id, keys=fault.as_json(), counts=Counts(saved.seen, saved.hits))


def _collections(saved: SavedSandbox, scenario: Scenario) -> Mapping[str, object]:
    """Give what collections hold, once it was read as they will read it."""
    kinds = scenario.declared.kinds
    for name in kinds:
        if name not in saved.collections.items:
            raise MissingKeyError(f"collections.items.{name}", "the items of this type")
    exported: Mapping[str, object] = msgspec.to_builtins(saved.collections)
    where = "collections"
    read_tables(read_struct(exported, Exported, where=where), kinds, str, where=where)
    frozen_at = saved.clock.frozen_at
    for index, one in enumerate(saved.collections.planned):
        if frozen_at is not None and one.at <= frozen_at:
            expected = f"a time to come, after {frozen_at}"
            raise InvalidInputError(f"collections.planned[{index}].at", one.at, expected)
    return exported


def _drawing(saved: SavedSandbox) -> Drawing:
    for name in ("tokens", "credentials"):
        position = getattr(saved.randomness, name)
        expected = "a position of the draws, as it was exported"
        if (position is None) != (saved.seed is None):
            raise InvalidInputError(
                f"randomness.{name}", position, "null without a seed, or " + expected
            )
        try:
            randomness = Randomness(saved.seed)
            randomness.go_on_from(position)
            is_right = randomness.position == position
        except ValueError:
            is_right = False
        if not is_right:
            raise InvalidInputError(f"randomness.{name}", position, expected)
    return Drawing(
        seed=saved.seed,
        tokens=saved.randomness.tokens,
        credentials=saved.randomness.credentials,
    )
