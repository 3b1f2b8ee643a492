"""From a snapshot to its document."""

import msgspec

from ..arming.reading import read_kind
from ..rails.response import finite
from ..store.content import Bucket, StoreContent
from ..store.records import AccessGrant, AccessToken, Application, User
from ..struct_fields import given_fields
from .document import VERSION
from .state import ArmedState, Snapshot

Document = dict[str, object]


def write_document(snapshot: Snapshot) -> Document:
    """Give the document of a snapshot, as `SavedSandbox` describes it."""
    state, drawing = snapshot.state, snapshot.drawing
    announced = state.announced
    return {
        "version": VERSION,
        "scenario": finite(given_fields(state.scenario)),
        "registration": given_fields(state.registration),
        "seed": drawing.seed,
        "randomness": {"tokens": drawing.tokens, "credentials": drawing.credentials},
        "key": announced.key.hex(),
        "announced_at": announced.began_at,
        "organizations": [msgspec.to_builtins(one) for one in announced.organizations],
        "users": [_user(one) for one in announced.users],
        "applications": [msgspec.to_builtins(one) for one in announced.applications],
        "clock": msgspec.to_builtins(state.clock),
        "faults": [_fault(one) for one in state.armed],
        "last_fault": state.last_fault,
        "last_exchange": snapshot.last_exchange,
        "store": _store(snapshot.content),
        "collections": finite(dict(snapshot.collections)),
    }


def _user(user: User) -> Document:
    return _plain(user) | {"organization": user.organization.name}


def _fault(armed: ArmedState) -> Document:
    keys = finite(given_fields(read_kind(armed.keys)))
    return {"id": armed.id, "seen": armed.counts.seen, "hits": armed.counts.hits, "keys": keys}


def _store(content: StoreContent) -> Document:
    superseded = frozenset(content.superseded)
    superseded_refresh = frozenset(content.superseded_refresh)

    def token(one: AccessToken) -> Document:
        members = _owned(one) | {"access_token": one.token}
        del members["token"]
        lost = (("access_token", superseded), ("refresh_token", superseded_refresh))
        return members | {"superseded": [name for name, ids in lost if one.id in ids]}

    return {
        "applications": [_plain(one) for one in content.applications],
        "codes": [_owned(one) for one in content.codes],
        "tokens": [token(one) for one in content.tokens],
        "last_id": content.last_id,
        "revoked": list(content.revoked),
        "expiring": list(content.expiring),
        "limits": [_counts(one) for one in content.buckets],
    }


def _owned(record: AccessToken | AccessGrant) -> Document:
    """Give a record with the names of its application and its user in their places."""
    members = {name: getattr(record, name) for name in record.__struct_fields__}
    application, user = members.pop("application"), members.pop("user")
    assert isinstance(application, Application)
    members["scopes"] = list(record.scopes)
    return members | {
        "client_id": application.client_id,
        "user": None if user is None else user.email,
    }


def _counts(bucket: Bucket) -> Document:
    return _plain(bucket.window) | {"bucket": bucket.name}


def _plain(struct: msgspec.Struct) -> Document:
    members: Document = msgspec.to_builtins(struct)
    return members
