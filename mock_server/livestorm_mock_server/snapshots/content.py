"""From a document to what its store holds."""

from collections.abc import Mapping, Sequence

from ..reading import InvalidInputError
from ..scenario import check_redirect_uris
from ..scenario_records import Announcement
from ..store.content import Bucket, StoreContent
from ..store.records import AccessGrant, AccessToken, Application, User
from ..store.windows import Window
from .document import SavedApplication, SavedCode, SavedCounts, SavedStore, SavedToken
from .references import check_ascending, check_unique, made, referred


def read_applications(where: str, saved: Sequence[SavedApplication]) -> tuple[Application, ...]:
    """Give applications. Raises InvalidInputError."""
    for name in ("id", "client_id"):
        check_unique(where, name, saved)
    for index, one in enumerate(saved):
        check_redirect_uris(f"{where}[{index}].redirect_uris", one.redirect_uris)
    return tuple(made(Application, one) for one in saved)


def read_content(saved: SavedStore, announced: Announcement) -> StoreContent:
    """Give what a store holds; whose it is, was announced. Raises InvalidInputError."""
    applications = _applications(saved, announced)
    owners = _Owners(
        {one.client_id: one for one in applications}, {one.email: one for one in announced.users}
    )
    check_unique("store.codes", "code", saved.codes)
    check_unique("store.limits", "bucket", saved.limits)
    _check_tokens(saved)
    return StoreContent(
        applications=applications,
        codes=tuple(_code(index, one, saved, owners) for index, one in enumerate(saved.codes)),
        tokens=tuple(_token(index, one, saved, owners) for index, one in enumerate(saved.tokens)),
        superseded=_superseded(saved, "access_token"),
        superseded_refresh=_superseded(saved, "refresh_token"),
        revoked=_known_ids("revoked", saved),
        expiring=_known_ids("expiring", saved),
        buckets=tuple(_bucket(one) for one in saved.limits),
        last_id=saved.last_id,
    )


class _Owners:
    """Whose codes and tokens are."""

    def __init__(self, applications: Mapping[str, Application], users: Mapping[str, User]) -> None:
        self._applications, self._users = applications, users

    def of(self, where: str, saved: SavedCode | SavedToken) -> dict[str, object]:
        """Give the application and the user. Raises InvalidInputError."""
        user = saved.user
        return {
            "application": referred(f"{where}.client_id", saved.client_id, self._applications),
            "user": None if user is None else referred(f"{where}.user", user, self._users),
        }


def _applications(saved: SavedStore, announced: Announcement) -> tuple[Application, ...]:
    """Give the applications, which are those that were announced."""
    applications = read_applications("store.applications", saved.applications)
    check_ascending("store.applications", saved.applications)
    there = {one.client_id: one.id for one in announced.applications}
    for index, one in enumerate(applications):
        key = f"store.applications[{index}]"
        number = referred(f"{key}.client_id", one.client_id, there)
        if one.id != number:
            raise InvalidInputError(f"{key}.id", one.id, f"{number}, as in applications")
    if len(applications) < len(there):
        missing = sorted(there.keys() - {one.client_id for one in applications})
        expected = f"all that stand in applications, {missing[0]!r} included"
        raise InvalidInputError("store.applications", len(applications), expected)
    return applications


def _check_tokens(saved: SavedStore) -> None:
    """Check ids, and that each text leads to one pair. Raises InvalidInputError."""
    check_ascending("store.tokens", saved.tokens)
    texts: dict[tuple[str, str], int] = {}
    for index, one in enumerate(saved.tokens):
        where = f"store.tokens[{index}]"
        _check_known(f"{where}.id", one.id, saved)
        for name, text in (
            ("access_token", one.access_token),
            ("refresh_token", one.refresh_token),
        ):
            if text is None or name in one.superseded:
                continue
            before = texts.setdefault((name, text), index)
            if before != index:
                expected = f"a text of its own: store.tokens[{before}] has this"
                raise InvalidInputError(f"{where}.{name}", text, expected)


def _token(index: int, saved: SavedToken, store: SavedStore, owners: _Owners) -> AccessToken:
    where = f"store.tokens[{index}]"
    if saved.family > saved.id:
        raise InvalidInputError(f"{where}.family", saved.family, f"{saved.id} at most, its own id")
    _check_known(f"{where}.successor", saved.successor, store)
    if list(saved.superseded) != sorted(set(saved.superseded)):
        raise InvalidInputError(f"{where}.superseded", saved.superseded, "each text once, in order")
    if saved.refresh_token is None and "refresh_token" in saved.superseded:
        expected = "no refresh_token, as there is none"
        raise InvalidInputError(f"{where}.superseded", saved.superseded, expected)
    own = owners.of(where, saved)
    lacking = ("client_id", "superseded", "access_token")
    return made(AccessToken, saved, *lacking, token=saved.access_token, **own)


def _code(index: int, saved: SavedCode, store: SavedStore, owners: _Owners) -> AccessGrant:
    where = f"store.codes[{index}]"
    _check_known(f"{where}.token_id", saved.token_id, store)
    return made(AccessGrant, saved, "client_id", **owners.of(where, saved))


def _superseded(saved: SavedStore, name: str) -> tuple[int, ...]:
    return tuple(one.id for one in saved.tokens if name in one.superseded)


def _known_ids(name: str, saved: SavedStore) -> tuple[int, ...]:
    ids: tuple[int, ...] = getattr(saved, name)
    for index, one in enumerate(ids):
        _check_known(f"store.{name}[{index}]", one, saved)
    return ids


def _check_known(key: str, token_id: int | None, saved: SavedStore) -> None:
    """Check that a token has been issued; it may be forgotten. Raises InvalidInputError."""
    if token_id is not None and token_id > saved.last_id:
        raise InvalidInputError(key, token_id, f"{saved.last_id} at most, by last_id")


def _bucket(saved: SavedCounts) -> Bucket:
    return Bucket(name=saved.bucket, window=made(Window, saved, "bucket"))
