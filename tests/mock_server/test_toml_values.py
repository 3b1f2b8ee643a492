"""What is written as TOML is read as it was."""

import tomllib

from hypothesis import example, given, settings
from hypothesis import strategies as st
from livestorm_mock_server.toml_values import as_key, as_toml

TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
VALUES = st.recursive(
    st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@example("", "\x7f\x00\r\n\"'")
@example("a.b", [float("nan"), float("inf"), float("-inf")])
@given(TEXTS, VALUES)
def test_any_value_comes_back(name: str, value: object) -> None:
    """Under any name, on one line."""
    line = f"{as_key(name)} = {as_toml(value)}"
    assert "\n" not in line
    assert repr(tomllib.loads(line)) == repr({name: value})
