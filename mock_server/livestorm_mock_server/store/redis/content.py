"""All that a store holds, as the scripts keep it: see `operations/writing.lua`."""

from collections.abc import Iterable, Mapping, Sequence

from ..content import Bucket, StoreContent
from ..protocol import TokenRequest
from ..records import AccessGrant, AccessToken
from ..windows import Window
from . import encoding
from .encoding import decode_time, encode_time

_NEVER = encode_time(float("inf"))
_TOLD = (b"body", b"token", b"refresh", b"ending", b"previous", b"expired", b"family", b"successor")
"""The fields of a token from which `decode_token` makes one, behind its id."""

Texts = list[str | bytes]


def encode_content(content: StoreContent) -> tuple[Texts, Texts, Texts]:
    """Give the fields of records and applications, each with its value, and the index."""
    writer = _Writer(content)
    for token in content.tokens:
        writer.write_token(token)
    for code in content.codes:
        writer.write_code(code)
    for token_id in content.revoked:
        writer.remember("r", str(token_id))
    for token_id in content.expiring:
        writer.remember("e", str(token_id))
    for bucket in content.buckets:
        writer.write_bucket(bucket)
    writer.put("places", str(writer.places) if writer.places else None)
    writer.put("tokens", str(content.last_id))
    applications: Texts = []
    for one in content.applications:
        applications += [one.client_id, encoding.encode_record(one)]
    return writer.records, applications, writer.index


class _Writer:
    """Writes what a store holds into the records and the index."""

    def __init__(self, content: StoreContent) -> None:
        self._superseded = frozenset(content.superseded)
        self._superseded_refresh = frozenset(content.superseded_refresh)
        self.records: Texts = []
        self.index: Texts = []
        self.places = 0
        """How many are taken in all queues."""

    def put(self, field: str, value: str | bytes | None) -> None:
        if value is not None:
            self.records += [field, value]

    def remember(self, queue: str, what: str) -> str:
        self.places += 1
        place = f"q:{queue}:{self.places:016x}:{what}"
        self.index.append(place)
        return place

    def write_token(self, token: AccessToken) -> None:
        new = _request_of(token)
        _, _, body, grant, scopes, created, expires = encoding.encode_new(new, token.refreshed_from)
        assert isinstance(grant, str)
        assert isinstance(scopes, str)
        ending = None if token.revoked_at is None else encode_time(token.revoked_at)
        fields: Mapping[str, str | bytes | None] = {
            "body": body,
            "token": token.token,
            "refresh": token.refresh_token,
            "ending": ending,
            "previous": token.previous_refresh_token,
            "expired": "1" if token.was_expired else None,
            "family": str(token.family),
            "successor": None if token.successor is None else str(token.successor),
            "grant": grant,
            "scopes": scopes,
            "created": created,
            "expires": _optional(expires),
        }
        for name, value in fields.items():
            self.put(f"t:{token.id}:{name}", value)
        if token.id not in self._superseded:
            self.put(f"a:{token.token}", str(token.id))
        if token.refresh_token is not None and token.id not in self._superseded_refresh:
            self.put(f"r:{token.refresh_token}", str(token.id))
        self._enter_token(token, grant, scopes, ending)

    def _enter_token(
        self, token: AccessToken, grant: str, scopes: str, ending: bytes | None
    ) -> None:
        number, moved_on = f"{token.id:016x}", "0" if token.refresh_token is None else "1"
        end = (ending or _NEVER).decode()
        by_grant = f"r:{grant}:{end}:{number}"
        if ending is None:
            by_grant = f"u:{grant}:{scopes}:{encode_time(token.created_at).decode()}:{number}"
        self.index += [f"t:{number}", by_grant, f"f:{token.family}:{moved_on}:{end}:{number}"]

    def write_code(self, code: AccessGrant) -> None:
        grant = encoding.encode_grant((code.user.id, code.application.id))
        field = f"c:{code.code}:"
        self.put(f"{field}body", encoding.encode_record(code))
        self.put(f"{field}grant", grant)
        self.put(f"{field}expires", encode_time(code.created_at + code.expires_in))
        if code.revoked_at is not None:
            self.put(f"{field}ending", encode_time(code.revoked_at))
        else:
            self.index.append(f"c:{grant}:{code.code}")
        if code.token_id is not None:
            self.put(f"{field}token", str(code.token_id))
        self.remember("c", code.code)

    def write_bucket(self, bucket: Bucket) -> None:
        field, window = f"w:{bucket.name}:", bucket.window
        self.put(f"{field}second", encode_time(window.interval_start))
        self.put(f"{field}count", str(window.interval_count))
        self.put(f"{field}starts", encode_time(window.period_start))
        self.put(f"{field}ends", encode_time(window.period_ends_at))
        self.put(f"{field}total", str(window.period_count))
        self.put(f"{field}place", self.remember("w", bucket.name))


def decode_content(
    records: Sequence[bytes], applications: Sequence[bytes], index: Iterable[bytes]
) -> StoreContent:
    """Give what the keys of a store hold; `records` and `applications` are fields and values."""
    fields = dict(zip(records[::2], records[1::2], strict=True))
    found = _by_kind(index)
    tokens = [_token(fields, int(one, 16)) for one in found[b"t"]]
    bodies = map(encoding.decode_application, applications[1::2])
    return StoreContent(
        applications=tuple(sorted(bodies, key=lambda one: one.id)),
        codes=tuple(_code(fields, one) for one in found[b"c"]),
        tokens=tuple(tokens),
        superseded=tuple(one.id for one in tokens if not _leads(fields, b"a:", one.token, one.id)),
        superseded_refresh=tuple(
            one.id
            for one in tokens
            if one.refresh_token and not _leads(fields, b"r:", one.refresh_token, one.id)
        ),
        revoked=tuple(map(int, found[b"r"])),
        expiring=tuple(map(int, found[b"e"])),
        buckets=tuple(_bucket(fields, one) for one in found[b"w"]),
        last_id=int(fields.get(b"tokens", b"0")),
    )


def _by_kind(index: Iterable[bytes]) -> dict[bytes, list[bytes]]:
    """Give all tokens by their ids, and what stands in each queue, in order."""
    found: dict[bytes, list[bytes]] = {kind: [] for kind in (b"t", b"c", b"r", b"e", b"w")}
    for member in index:
        if member.startswith(b"t:"):
            found[b"t"].append(member[2:])
        elif member.startswith(b"q:"):
            found[member[2:3]].append(member[21:])
    return found


def _token(fields: Mapping[bytes, bytes], token_id: int) -> AccessToken:
    return encoding.decode_token(
        [token_id, *(fields.get(b"t:%d:%s" % (token_id, name)) for name in _TOLD)]
    )


def _code(fields: Mapping[bytes, bytes], code: bytes) -> AccessGrant:
    told = [fields.get(b"c:%s:%s" % (code, name)) for name in (b"body", b"ending", b"token")]
    return encoding.decode_code(told)


def _bucket(fields: Mapping[bytes, bytes], name: bytes) -> Bucket:
    def of(what: bytes) -> bytes:
        return fields[b"w:%s:%s" % (name, what)]

    window = Window(
        interval_start=decode_time(of(b"second")),
        interval_count=int(of(b"count")),
        period_start=decode_time(of(b"starts")),
        period_ends_at=decode_time(of(b"ends")),
        period_count=int(of(b"total")),
    )
    return Bucket(name=name.decode(), window=window)


def _leads(fields: Mapping[bytes, bytes], kind: bytes, text: str, token_id: int) -> bool:
    return fields.get(kind + text.encode()) == b"%d" % token_id


def _request_of(token: AccessToken) -> TokenRequest:
    shared = {name: getattr(token, name) for name in TokenRequest.__struct_fields__}
    return TokenRequest(**shared)


def _optional(encoded: str | bytes) -> str | bytes | None:
    """Give what `encode_optional` has behind its mark."""
    return encoded[1:] if encoded else None
