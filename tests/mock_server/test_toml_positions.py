"""Where the keys of a TOML file stand."""

import tomllib
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from livestorm_mock_server.toml_positions import find_positions, position_of

TEXT = '''# [comment]
title = """a [b]
c = 1 \\""" d"""
dotted.'k ey'."e" = 'x # y'
[provider] # ]
list = [1, [2, "]"], # ]
  { a = 1, b = "}" },
]
[[faults]]
on = 1979-05-27 07:32:00
when.header = { "X-Mark" = 'a', x = [ ] }
  [faults.deep]
  z = """"""
[[faults]]
  [[faults.inner]]
  q = \'\'\'\'a\'\'\'\'
'''
PLACES = {
    "title": (2, 1),
    "dotted": (4, 1),
    "dotted.k ey": (4, 1),
    "dotted.k ey.e": (4, 1),
    "provider": (5, 1),
    "provider.list": (6, 1),
    "provider.list[0]": (6, 9),
    "provider.list[1]": (6, 12),
    "provider.list[1][0]": (6, 13),
    "provider.list[1][1]": (6, 16),
    "provider.list[2]": (7, 3),
    "provider.list[2].a": (7, 5),
    "provider.list[2].b": (7, 12),
    "faults": (9, 1),
    "faults[0]": (9, 1),
    "faults[0].on": (10, 1),
    "faults[0].when": (11, 1),
    "faults[0].when.header": (11, 1),
    "faults[0].when.header.X-Mark": (11, 17),
    "faults[0].when.header.x": (11, 33),
    "faults[0].deep": (12, 3),
    "faults[0].deep.z": (13, 3),
    "faults[1]": (14, 1),
    "faults[1].inner": (15, 3),
    "faults[1].inner[0]": (15, 3),
    "faults[1].inner[0].q": (16, 3),
}


def paths_of(value: object, path: str = "") -> Iterator[str]:
    """Give the paths of all that a document holds."""
    if path:
        yield path
    if isinstance(value, dict):
        for key, one in value.items():
            yield from paths_of(one, f"{path}.{key}" if path else key)
    if isinstance(value, list):
        for index, one in enumerate(value):
            yield from paths_of(one, f"{path}[{index}]")


def test_every_key_has_the_place_where_it_stands() -> None:
    """Whatever quotes, comments and brackets stand around it."""
    assert tomllib.loads(TEXT)
    assert find_positions(TEXT) == PLACES


@pytest.mark.parametrize(
    ("key", "place"),
    [
        ("faults[0].on", (10, 1)),
        ("faults[0].seconds", (9, 1)),
        ("faults[1].steps[2].on", (14, 1)),
        ("a key of faults[0].when.header", (11, 1)),
        ("users", (1, 1)),
    ],
)
def test_key_that_is_missing_has_the_place_of_its_table(key: str, place: tuple[int, int]) -> None:
    """A mistake is shown where it is to be mended."""
    assert position_of(key, PLACES) == place


keys = st.sampled_from(["a", "b-1", '"c d"', "'e'", 'f."g"', '"\\u0041"', "h . i"])
scalars = st.sampled_from(
    ["1", "true", '"]}#"', "'\\'", '"""\n"a\\"\n"""', "'''\n''a'''", "1979-05-27 07:32:00", "inf"]
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda some: f"[ # ]\n{', '.join(some)}\n]"),
        st.dictionaries(keys, inner, max_size=3).map(
            lambda some: "{ " + ", ".join(f"{k} = {v}" for k, v in some.items()) + " }"
        ),
    ),
    max_leaves=6,
)
pairs = st.dictionaries(keys, values, max_size=3).map(
    lambda some: "".join(f"{k} = {v} # x\n" for k, v in some.items())
)
tables = st.tuples(
    st.sampled_from(["[t]", "[[l]]", "[ u . v ]", "[l.m]", "[[l.n]]", '["w"]', "# no"]), pairs
).map("\n".join)


@settings(deadline=None)
@given(first=pairs, others=st.lists(tables, max_size=4))
def test_all_that_tomllib_reads_has_a_place(first: str, others: list[str]) -> None:
    """Each key and item of a valid text is found, at the start of something."""
    text = "\n".join([first, *others])
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    positions = find_positions(text)
    lines = text.split("\n")
    assert set(paths_of(document)) <= set(positions)
    for line, column in positions.values():
        assert not lines[line - 1][column - 1].isspace()
