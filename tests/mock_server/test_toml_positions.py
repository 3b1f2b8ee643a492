"""Where the keys of a TOML file stand."""

import re
import tomllib
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from livestorm_mock_server.toml_positions import Position, find_positions

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


# Keys and texts before they have numbers: `@` has one of its own, `~` that of the last `@`.
keys = st.sampled_from(
    ["@", "@-1", '"@ d"', "'@'", '@."~"', '"@\\u0041"', "@ . ~", "'@.' . ~ . ~ "]
)
scalars = st.sampled_from(
    [
        '"@ ]}#"',
        "'@ \\'",
        '"""@\na\\"\n"""',
        "'''@\n''a'''",
        '"""\n"a\\"\n""""',
        '""',
        "1",
        "true",
        "1979-05-27 07:32:00",
        "inf",
    ]
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda some: f"[ # ]\n{', '.join(some)}\n]"),
        st.lists(st.tuples(keys, inner), max_size=3).map(
            lambda some: "{ " + ", ".join(f"{k} = {v}" for k, v in some) + " }"
        ),
    ),
    max_leaves=6,
)
pairs = st.lists(st.tuples(keys, values), max_size=3).map(
    lambda some: "".join(f" {k} = {v} # x\r\n" for k, v in some)
)
headers = st.one_of(
    st.sampled_from(["[[l]]", "[[l.n]]", "# no"]),
    keys.map("[{}]".format),
    keys.map("  [[{}]]".format),
    keys.map("[ l . {} ]".format),
)
tables = st.tuples(headers, pairs).map("\n".join)
texts = st.tuples(pairs, st.lists(tables, max_size=4)).map(
    lambda parts: "\n".join([parts[0], "[[l]]", "[[l.n]]", *parts[1]])
)


def numbered(text: str) -> str:
    """Put a number of its own to each `@`, and to each `~` a second one, so that no key repeats."""
    number = 0
    pieces = []
    for index, piece in enumerate(re.split("([@~])", text)):
        number += piece == "@"
        pieces.append({"@": f"k{number}", "~": f"{index}d{number}"}.get(piece, piece))
    return "".join(pieces)


def marks_of(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Give the path of each key and of each text in a list, with the key or text."""
    if isinstance(value, dict):
        for key, one in value.items():
            inner = f"{path}.{key}" if path else key
            yield inner, key
            yield from marks_of(one, inner)
    if isinstance(value, list):
        for index, one in enumerate(value):
            yield f"{path}[{index}]", one if isinstance(one, str) else ""
            yield from marks_of(one, f"{path}[{index}]")


def start_of(text: str, mark: str) -> Position | None:
    """Give where a key or text with a number starts; a key of a header starts with its bracket."""
    number = re.search(r"[kd](\d+)", mark)
    if number is None:
        return None
    found = re.search(rf"""(\[\[?( l \. )?)?["']*k{number[1]}(?![0-9])""", text)
    assert found
    before = text[: found.start()]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def test_every_key_has_the_place_where_it_stands() -> None:
    """Whatever quotes, comments and brackets stand around it."""
    assert tomllib.loads(TEXT)
    assert find_positions(TEXT, PLACES) == PLACES


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
def test_key_that_is_missing_has_the_place_of_its_table(key: str, place: Position) -> None:
    """A mistake is shown where it is to be mended."""
    assert find_positions(TEXT, [key]) == {key: place}


@settings(deadline=None)
@given(text=texts.map(numbered))
def test_every_key_of_a_drawn_text_has_the_place_where_it_stands(text: str) -> None:
    """Keys and texts have numbers, so that they are found without reading TOML."""
    marks = dict(marks_of(tomllib.loads(text)))
    starts = {path: start for path, mark in marks.items() if (start := start_of(text, mark))}
    assert find_positions(text, starts) == starts


@settings(deadline=None)
@given(text=texts.map(numbered), data=st.data())
def test_position_does_not_depend_on_the_other_keys_asked_for(
    text: str, data: st.DataObject
) -> None:
    """Only what is asked for is looked up."""
    paths = [path for path, _ in marks_of(tomllib.loads(text))]
    asked = data.draw(st.lists(st.sampled_from(paths), max_size=3, unique=True))
    found = find_positions(text, paths)
    assert find_positions(text, asked) == {path: found[path] for path in asked}
