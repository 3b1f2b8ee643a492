"""Reason phrases are Rack's, whichever Python the fake runs on."""

from http import HTTPStatus

import pytest
from livestorm_mock_server.rails.response import phrase_of

CHANGED = {
    413: "Payload Too Large",
    414: "URI Too Long",
    416: "Range Not Satisfiable",
    422: "Unprocessable Entity",
    451: "Unavailable for Legal Reasons",
}


@pytest.mark.parametrize("status", CHANGED)
def test_phrase_that_python_has_otherwise_is_that_of_rack(status: int) -> None:
    """Python 3.13 says `Unprocessable Content`; the recorded bodies say `Unprocessable Entity`."""
    assert phrase_of(status) == CHANGED[status]


@pytest.mark.parametrize("status", [200, 302, 404, 500])
def test_other_phrases_are_those_of_http(status: int) -> None:
    """They are the same everywhere."""
    assert phrase_of(status) == HTTPStatus(status).phrase
