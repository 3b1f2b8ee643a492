"""Faults and options are said in words that anyone understands."""

import pytest
from livestorm_mock_server import ProviderOptions
from livestorm_mock_server.arming.reading import read_kind
from livestorm_mock_server.options import ExtraHeaders
from livestorm_mock_server.scenario_words import say_fault, say_options

RESET = {"on": "api", "fault": "reset"}


@pytest.mark.parametrize(
    ("keys", "beginning"),
    [
        ({}, "Every request to api: reset. "),
        ({"times": 1}, "The first request to api: reset. "),
        ({"times": 3}, "The first 3 requests to api: reset. "),
        ({"after": 1}, "After the first request, every request to api: reset. "),
        ({"after": 2, "times": 1}, "After the first 2 requests, the next request to api: "),
        ({"every": 3}, "One request in 3 to api: reset. "),
        ({"every": 3, "times": 2}, "One request in 3, 2 in all, to api: reset. "),
        ({"probability": 0.5}, "Every request, with a probability of 0.5, to api: reset. "),
        ({"phase": "after"}, "Every request to api, after its effect: reset. "),
        ({"when": {"method": "POST"}}, 'Every request to api with method "POST": reset. '),
    ],
)
def test_say_fault_says_when(keys: dict[str, object], beginning: str) -> None:
    """The sentence says which requests are struck, and in which phase."""
    assert say_fault(read_kind(RESET | keys)).startswith(beginning)


def test_say_fault_says_what_the_kind_does() -> None:
    """The sentence ends with the kind's own documentation."""
    assert say_fault(read_kind(RESET)).endswith("Answer with an RST.")


def test_say_fault_names_what_differs() -> None:
    """Parameters at their default are left out, and so is a kind's own phase."""
    keys = {"on": "token", "fault": "token_fields", "set": {"expires_in": 0}, "phase": "after"}
    assert say_fault(read_kind(keys)).startswith(
        "Every request to token: token_fields (set = { expires_in = 0 }). "
    )


def test_say_fault_lists_the_steps_of_a_sequence() -> None:
    """Each step is named, also those that pass."""
    steps = [500, "ok", {"fault": "delay", "seconds": 2}]
    fault = read_kind({"on": "api", "fault": "sequence", "steps": steps})
    assert say_fault(fault) == (
        "The first 3 requests to api, in turn: html_page,"
        " then the real answer, then delay (seconds = 2.0)."
    )


def test_say_options_writes_tables_in_toml() -> None:
    """An option that is a list of tables is told as one would write it in a line."""
    entry = ExtraHeaders(on="api", headers={"Server": "nginx"})
    assert say_options(ProviderOptions(extra_headers=(entry,))) == [
        'extra_headers = [{ on = "api", headers = { Server = "nginx" } }] (default [])'
    ]


def test_say_options_names_what_differs() -> None:
    """An option stands with its default, in TOML; the others are left out."""
    options = ProviderOptions(pkce=False, default_scopes=("events:read",))
    assert say_options(options) == [
        'default_scopes = ["events:read"] (default ["identity:read"])',
        "pkce = false (default true)",
    ]
