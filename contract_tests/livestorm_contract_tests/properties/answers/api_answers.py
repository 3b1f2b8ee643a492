"""Hypothesis strategies for whatever the API, or what stands before it, may answer."""

from typing import Final

from hypothesis import strategies as st

from .answer import Answer
from .oddities import (
    CONTENT_TYPES,
    HTML,
    RETRY_AFTER,
    documents,
    dump,
    jsonapi_errors,
    spoilt,
    statuses,
)

JSONAPI: Final = "application/vnd.api+json"

CHALLENGES: Final = (
    'Bearer realm="Doorkeeper", error="invalid_token", error_description="It was revoked"',
    'Bearer error="insufficient_scope", scope="events:read"',
    "Bearer",
    'Bearer error="',
    'Basic realm="a", Bearer error="invalid_token"',
    "",
)


def bodies() -> st.SearchStrategy[bytes]:
    """Draw a body: a document, errors, HTML, nothing, or a spoilt one."""
    whole = st.one_of(
        st.one_of(documents(), jsonapi_errors()).map(dump),
        st.sampled_from((b"", b"null", b"[]", b"42", HTML.encode())),
    )
    return st.one_of(whole, spoilt(whole))


def headers() -> st.SearchStrategy[dict[str, str]]:
    """Draw further headers; where a redirect leads is G09's and H03's."""
    return st.fixed_dictionaries(
        {},
        optional={
            "Retry-After": st.sampled_from(RETRY_AFTER),
            "WWW-Authenticate": st.sampled_from(CHALLENGES),
        },
    )


def api_answers() -> st.SearchStrategy[Answer]:
    """Draw a whole answer of the API: any status, content type, headers and body."""
    return st.builds(
        Answer,
        status=st.one_of(st.just(401), statuses()),
        content_type=st.one_of(st.just(JSONAPI), st.sampled_from(CONTENT_TYPES)),
        headers=headers(),
        body=bodies(),
    )


def refusals() -> st.SearchStrategy[Answer]:
    """Draw what makes a client try again: 401, 429 and 503."""
    return st.builds(
        Answer,
        status=st.sampled_from((401, 429, 503)),
        headers=st.fixed_dictionaries(
            {},
            optional={"Retry-After": st.one_of(st.just("30"), st.sampled_from(RETRY_AFTER))},
        ),
    )
