"""Hypothesis strategies for whatever a token endpoint, or what stands before it, may answer."""

import json
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from hypothesis import strategies as st

from ...allowances.readings import BYTE_ORDER_MARK
from .answer import Answer
from .oddities import (
    CONTENT_TYPES,
    HTML,
    ODD_VALUES,
    RETRY_AFTER,
    dump,
    jsonapi_errors,
    spoilt,
    statuses,
)

MISSING: Final = "a member that is left out"

GOOD_MEMBERS: Final[Mapping[str, object]] = {
    "access_token": "drawn-access-token",
    "token_type": "Bearer",
    "expires_in": 7200,
    "refresh_token": "drawn-refresh-token",
    "scope": "identity:read",
}

MEMBERS: Final[Mapping[str, tuple[object, ...]]] = {
    "access_token": ("a" * 8192, "two words", " padded ", "line\nbreak", "nul\0", "é", "\ud800"),
    "token_type": ("bearer", "BEARER", "mac", "N_A", "Bearer Token"),
    "expires_in": (0, 1, -1, 30, 7200.0, 7200.5, "2 hours", 10**15, 10**30, 1e300, True),
    "refresh_token": ("r" * 8192, "two words", " ", "nul\0"),
    "scope": ("events:read identity:read", "identity:read,events:read", "identity:read\n"),
    "created_at": (1795455000, "today"),
    "id_token": ("drawn-id-token",),
    "expires_at": ("tomorrow",),
    "__proto__": ({"access_token": "drawn-polluting-token"},),
}

ERRORS: Final = (
    "invalid_grant",
    "invalid_client",
    "invalid_request",
    "invalid_scope",
    "unauthorized_client",
    "unsupported_grant_type",
    "server_error",
    "temporarily_unavailable",
    "access_denied",
    "invalid_redirect_uri",
    "slow_down",
    "INVALID_GRANT",
    "invalid_grant ",
    "",
)


def members_of_token() -> st.SearchStrategy[dict[str, object]]:
    """Draw the members of a token answer: mostly good ones, each of any kind now and then."""
    drawn = {
        name: st.sampled_from((GOOD_MEMBERS.get(name, MISSING), *odd, *ODD_VALUES, MISSING))
        for name, odd in MEMBERS.items()
    }
    changed = st.lists(st.sampled_from(tuple(MEMBERS)), max_size=3, unique=True)
    return changed.flatmap(
        lambda names: st.fixed_dictionaries({name: drawn[name] for name in names})
    ).map(with_good_members)


def with_good_members(changes: Mapping[str, object]) -> dict[str, object]:
    """Complete a token answer, and leave out what is `MISSING`."""
    members = {**GOOD_MEMBERS, **changes}
    return {name: value for name, value in members.items() if value != MISSING}


def members_of_error() -> st.SearchStrategy[dict[str, object]]:
    """Draw an OAuth error in every shape (RFC 6749, section 5.2)."""
    return st.fixed_dictionaries(
        {
            "error": st.one_of(
                st.just("invalid_grant"), st.sampled_from(ERRORS), st.sampled_from(ODD_VALUES)
            )
        },
        optional={
            "error_description": st.sampled_from(("The grant is gone.", "<b>\r\n</b>", None, [])),
            "error_uri": st.just("https://example.test/errors"),
            "state": st.just("drawn-state"),
        },
    )


def objects() -> st.SearchStrategy[dict[str, object]]:
    """Draw a JSON object: a token, an error, both in one, or JSON:API errors."""
    both = st.tuples(members_of_token(), members_of_error()).map(lambda two: two[0] | two[1])
    return st.one_of(members_of_token(), members_of_error(), both, jsonapi_errors())


def texts() -> st.SearchStrategy[str]:
    """Draw a body as a text."""
    written = objects().map(json.dumps)
    return st.one_of(
        written,
        written.map(lambda text: f"[{text}]"),
        st.builds(duplicate_member, members_of_token(), st.sampled_from(tuple(GOOD_MEMBERS))),
        st.builds(duplicate_member, members_of_error(), st.just("error")),
        members_of_token().map(urlencode_members),
        st.sampled_from(("", "null", "true", "42", '"drawn-access-token"', "[]", "{}", HTML)),
        st.just(
            '{"access_token": "drawn-access-token", "token_type": "Bearer", "expires_in": NaN}'
        ),
    )


def bodies() -> st.SearchStrategy[bytes]:
    """Draw a body, whole, cut short, with a byte order mark or with a byte that is not UTF-8."""
    whole = texts().map(str.encode)
    return st.one_of(whole, spoilt(whole), whole.map(lambda body: BYTE_ORDER_MARK + body))


def headers() -> st.SearchStrategy[dict[str, str]]:
    """Draw further headers."""
    return st.fixed_dictionaries(
        {},
        optional={
            "Retry-After": st.sampled_from(RETRY_AFTER),
            "WWW-Authenticate": st.just('Bearer realm="Doorkeeper", error="invalid_grant"'),
        },
    )


def token_answers() -> st.SearchStrategy[Answer]:
    """Draw a whole answer of the token endpoint: near the real ones, or anything at all."""
    return st.one_of(likely_answers(), unlikely_answers())


def likely_answers() -> st.SearchStrategy[Answer]:
    """Draw answers that one thing at most is wrong with, to meet each row of the table often."""
    successes = st.tuples(st.just(200), members_of_token())
    refusals = st.tuples(st.sampled_from((400, 401, 403, 429)), members_of_error())
    return st.one_of(successes, refusals).map(dump_answer)


def unlikely_answers() -> st.SearchStrategy[Answer]:
    """Draw any status with any content type, any headers and any body."""
    return st.builds(
        Answer,
        status=statuses(),
        content_type=st.one_of(st.just("application/json"), st.sampled_from(CONTENT_TYPES)),
        headers=headers(),
        body=bodies(),
    )


def dump_answer(answer: tuple[int, object]) -> Answer:
    """Make an answer of a status and a document; a 429 says for how long."""
    status, document = answer
    headers = {"Retry-After": "1"} if status == 429 else {}
    return Answer(status=status, headers=headers, body=dump(document))


def duplicate_member(members: Mapping[str, object], name: str) -> str:
    """Write an object in which a member stands twice, with another value first."""
    first = {"error": "invalid_client"}.get(name, "drawn-first-value")
    return f'{{"{name}": "{first}", {json.dumps(dict(members))[1:]}'


def urlencode_members(members: Mapping[str, object]) -> str:
    """Write members as a form, as some servers answer."""
    return urlencode(
        {name: str(value).encode("utf-8", "replace") for name, value in members.items()}
    )
