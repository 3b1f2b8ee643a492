"""Scenario files: what is read, and what the errors say."""

import contextlib
import copy
import errno
import os
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from livestorm_mock_server import (
    MockLivestorm,
    Scenario,
    ScenarioError,
    scenario_files,
    scenario_mistakes,
)
from livestorm_mock_server.reading import InvalidInputError, read_struct
from livestorm_mock_server.scenario import (
    ApplicationEntry,
    OrganizationEntry,
    ResourceEntry,
    UserEntry,
)
from livestorm_mock_server.scenario_files import (
    load_scenario,
    read_scenario,
    scenario_names,
    with_options,
)
from livestorm_mock_server.scenario_mistakes import find_scenario_mistakes

FILE = "mine.toml"
APPLICATION = '[[applications]]\nname = "A"\nclient_id = "c"\nclient_secret = "s"\n'
URIS = 'redirect_uris = ["https://c.test/"]\n'
RESOURCE = '[[resources]]\npath = "/v1/events"\n'
DELAY = '[[faults]]\non = "api"\nfault = "delay"\nseconds = 0\n'

FULL: dict[str, Any] = {
    "title": "All of it",
    "client_should": "Go on.",
    "cases": ["C01"],
    "provider": {"release": "5.8", "consent": "approve", "interval_limit": 3},
    "organizations": [{"name": "Workspace", "slug": "workspace", "id": "o-1"}],
    "users": [
        {"email": "a@b.test", "first_name": "A", "last_name": "B", "organization": "Workspace"}
    ],
    "applications": [
        {
            "name": "A",
            "client_id": "c",
            "client_secret": "s",
            "redirect_uris": ["https://c.test/"],
            "confidential": False,
            "scopes": ["identity:read"],
        }
    ],
    "resources": [
        {"path": "/v1/events", "methods": ["GET"], "scopes": ["events:read"], "status": 200}
    ],
    "faults": [{"on": "api", "fault": "delay", "seconds": 0}],
}
KEYS = [
    (),
    ("provider",),
    ("organizations", 0),
    ("users", 0),
    ("applications", 0),
    ("resources", 0),
]


def error_of(text: str, folder: Path = Path()) -> str:
    """Give the message of the error that a scenario causes."""
    with pytest.raises(ScenarioError) as caught:
        read_scenario(text, FILE, folder)
    return str(caught.value)


def refusal_of(document: object) -> InvalidInputError | None:
    """Give the error that a document causes, if any."""
    try:
        read_struct(document, Scenario)
    except InvalidInputError as error:
        return error
    return None


@pytest.mark.parametrize("name", scenario_names())
def test_shipped_scenario_loads_and_says_what_it_is_for(name: str) -> None:
    """Each scenario that comes along is valid, with a title and what a client should do."""
    scenario = load_scenario(name)
    assert scenario.title
    assert scenario.client_should


@pytest.mark.parametrize(
    "name",
    [
        "happy_path",
        "expired_access_token",
        "revoked_grant",
        "invalid_grant_on_exchange",
        "burst_limit",
        "monthly_limit",
        "user_denies",
        "server_error_html",
    ],
)
def test_promised_scenario_is_there(name: str) -> None:
    """The eight scenarios of the main job come along."""
    assert name in scenario_names()


@pytest.mark.parametrize("name", scenario_names())
def test_shipped_scenario_starts(name: str) -> None:
    """A server starts with each scenario that comes along."""
    with MockLivestorm(name) as livestorm:
        assert livestorm.client_id


def test_empty_file_is_the_default_scenario() -> None:
    """Everything has a default."""
    assert read_scenario("", FILE, Path()) == Scenario()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('titel = "x"', "unknown key titel; expected one of: title, client_should,"),
        ("title = 1", "title is 1; expected a text"),
        ("title = 1979-05-27", 'title is 1979-05-27; expected a text; quote it: "1979-05-27"'),
        ("title = true", 'title is True; expected a text; quote it: "true"'),
        ("title = 07:32:00", 'title is 07:32:00; expected a text; quote it: "07:32:00"'),
        ("[provider]\nrelease = 5.9", '5.5, 5.8, 5.9, 6.0; quote it: "5.9"'),
        ("[provider]\nrelease = 6.0", '5.5, 5.8, 5.9, 6.0; quote it: "6.0"'),
        ('[provider]\ninterval_limit = "5"', "expected an integer; without quotes: 5"),
        ('[provider]\nlogged_in = "true"', "expected true or false; without quotes: true"),
        ('[provider]\nmissing_scope_status = "403"', "one of: 401, 403; without quotes: 403"),
        ('[provider]\naccess_token_expires_in = "60"', "without quotes: 60"),
        (
            f'{DELAY}[faults.when.header]\n"X-Api-Version" = 2024-01-01',
            "a value of faults[0].when.header is {'X-Api-Version': datetime.date(2024, 1, 1)}",
        ),
        ("provider = 3", "provider is 3; expected a table"),
        ("faults = {}", "faults is {}; expected a list"),
        ("cases = [1]", "cases[0] is 1; expected a text"),
        ('[provider]\nreleas = "5.9"', "unknown key provider.releas; expected one of"),
        ('[provider]\nreleas = "5.9"', "(did you mean 'release'?)"),
        ('[provider]\nrelease = "5.7"', "provider.release is '5.7'; expected one of: 5.5, 5.8,"),
        (
            '[provider]\nconsent = "aprove"',
            "provider.consent is 'aprove'; expected one of: approve, deny, page"
            " (did you mean 'approve'?)",
        ),
        (
            '[provider]\naccess_token_expires_in = "nevr"',
            "provider.access_token_expires_in is 'nevr'; expected one of: never",
        ),
        (
            "[provider]\ninterval_limit = 0",
            "provider.interval_limit is 0; expected an integer >= 1",
        ),
        ("[provider]\nlogged_in = 1", "provider.logged_in is 1; expected true or false"),
        ("[provider]\nmissing_scope_status = 402", "is 402; expected one of: 401, 403"),
        ("[[users]]", "users[0].email is missing; expected a text"),
        ('[[users]]\nemail = ""', "users[0].email is ''; expected a text that is not blank"),
        (
            '[[organizations]]\nname = "Acme"\n[[users]]\nemail = "a"\norganization = "Acm"',
            "users[0].organization is 'Acm'; expected one of: Acme (did you mean 'Acme'?)",
        ),
        (
            '[[users]]\nemail = "a"\n[[users]]\nemail = "a"',
            "users[1].email is 'a'; expected a value of its own",
        ),
        (APPLICATION, "applications[0].redirect_uris is missing; expected a list"),
        (
            f'[[applications]]\nname = "A"\nclient_secret = "s"\n{URIS}',
            "applications[0].client_id is missing; expected a text",
        ),
        (
            f'[[applications]]\nname = "A"\nclient_id = "c"\n{URIS}',
            "applications[0].client_secret is missing; expected a text",
        ),
        (
            f"{APPLICATION}redirect_uri = 'x'",
            "unknown key applications[0].redirect_uri; expected one of: name, client_id,"
            " client_secret, redirect_uris, confidential, scopes (did you mean 'redirect_uris'?)",
        ),
        (
            f"{APPLICATION}redirect_uris = []",
            "applications[0].redirect_uris is []; expected a list of length >= 1",
        ),
        (
            f"{APPLICATION}redirect_uris = ['https://c.test/', 'c.test/callback']",
            "applications[0].redirect_uris[1] is 'c.test/callback'; expected an absolute URI",
        ),
        (
            f"{APPLICATION}redirect_uris = ['https://c.test/#here']",
            "expected an absolute URI without a fragment",
        ),
        (
            f"{APPLICATION.replace('A', ' ')}{URIS}",
            "applications[0].name is ' '; expected a text that is not blank",
        ),
        (
            f"{APPLICATION}{URIS}scopes = ['identity:raed']",
            "applications[0].scopes is 'identity:raed'; expected one of: identity:read,",
        ),
        (
            (APPLICATION + URIS) * 2,
            "applications[1].client_id is 'c'; expected a value of its own",
        ),
        (
            '[[resources]]\npath = "/v2/x"',
            "resources[0].path is '/v2/x'; expected a path below /v1",
        ),
        (
            f'{RESOURCE}methods = ["GRT"]',
            "resources[0].methods[0] is 'GRT'; expected one of: DELETE, GET, PATCH, POST, PUT"
            " (did you mean 'GET'?)",
        ),
        (
            f'{RESOURCE}scopes = ["event:read"]',
            "resources[0].scopes is 'event:read'; expected one of: identity:read,",
        ),
        (f"{RESOURCE}status = 700", "resources[0].status is 700; expected an integer <= 599"),
        (
            f'{RESOURCE}json = {{}}\nbody = ""',
            "resources[0].body is ''; expected one body only",
        ),
        (
            f'{RESOURCE}file = "nothing.json"',
            "resources[0].file is 'nothing.json'; expected a text file that can be"
            f" read ({os.strerror(errno.ENOENT)})",
        ),
        (f"{DELAY}tims = 1", "unknown key faults[0].tims; expected one of"),
        (f"{DELAY}tims = 1", "(did you mean 'times'?)"),
        (f"{DELAY}times = 0", "faults[0].times is 0; expected an integer >= 1"),
        (f"{DELAY}[faults.when]\nnumbr = 1", "unknown key faults[0].when.numbr; expected one of"),
        (DELAY.replace("seconds = 0", ""), "faults[0].seconds is missing; expected a number"),
        (DELAY.replace("delay", "dealy"), "faults[0].fault is 'dealy'; expected one of"),
        (DELAY.replace("delay", "dealy"), "(did you mean 'delay'?)"),
        (DELAY.replace('"api"', '"apii"'), "(did you mean 'api'?)"),
        ('title = "', "not valid TOML: Unterminated string"),
    ],
)
def test_wrong_scenario_names_file_key_value_and_what_was_expected(text: str, message: str) -> None:
    """An error tells the file, the key, the value and what would be right."""
    error = error_of(text)
    assert re.match(r"mine\.toml:(\d+:\d+)?", error)
    assert message in error


def test_all_mistakes_are_told_with_their_places() -> None:
    """One reading is enough to mend a file; the lines are in its order."""
    text = """titel = "x"

[provider]
release = 5.9
interval_limit = 0

[[users]]
email = "a"
organization = "nowhere"

[[applications]]
name = ""
client_id = "c"
redirect_uris = ["https://c.test/", "x y"]

[[faults]]
on = "api.pign"
fault = "delay"
when = { method = "GET", nuber = 1 }

[[faults]]
on = "api.ping"
fault = "callback"
variant = "twice"
"""
    places = [":".join(line.split(":")[1:3]) for line in error_of(text).splitlines()]
    assert places == ["1:1", "4:1", "5:1", "9:1", "12:1", "16:1", "17:1", "19:26", "22:1"]


@pytest.mark.parametrize(
    "text",
    [
        '[provider]\ninterval_limit = "0"',
        '[provider]\ninterval_limit = "1.5"',
        '[provider]\ninterval_limit = "007"',
        "[provider]\nrelease = 5.7",
        '[provider]\nlogged_in = "1"',
        '[provider]\nmissing_scope_status = "402"',
        "[[resources]]\npath = 1",
    ],
)
def test_nothing_is_said_of_quotes_that_would_not_help(text: str) -> None:
    """The value would be refused with quotes and without."""
    assert "quote" not in error_of(text)


def test_hint_at_quotes_does_not_need_the_rest_to_be_right() -> None:
    """Another mistake of the same table is told by itself."""
    document = {"provider": {"release": 5.9, "interval_limit": 0, "consent": 1}}
    error = refusal_of(document)
    assert error is not None
    assert str(error).endswith('; quote it: "5.9"')


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("\n".join(f"k{index} = 1" for index in range(60)), "10"),
        ("\n".join(f"k{index} = 1" for index in range(20_000)), "at least 450"),
        ('[[users]]\nemial = "a"\n' * 10_000, "at least 450"),
        (DELAY + "\n".join(f"k{index} = 1" for index in range(20_000)), "at least 450"),
        (DELAY.replace("api", "nowhere") * 5_000, "at least 450"),
    ],
    ids=["some", "keys", "entries", "fault", "faults"],
)
def test_many_mistakes_are_fifty_lines_and_how_many_more(text: str, least: str) -> None:
    """A message is bounded, whatever the file."""
    *lines, last = error_of(text).splitlines()
    assert len(lines) == 50
    assert all(re.match(r"mine\.toml:\d+:1: ", line) for line in lines)
    assert last == f"mine.toml: and {least} more"


def test_fifty_mistakes_are_all_there_are() -> None:
    """Nothing is said of more where there is none."""
    told = error_of("\n".join(f"k{index} = 1" for index in range(50))).splitlines()
    assert [line.split(":")[1] for line in told] == [str(index + 1) for index in range(50)]


def test_mistakes_without_known_places_are_told_without(monkeypatch: pytest.MonkeyPatch) -> None:
    """What tomllib has read is not called invalid, and no wrong line is named."""

    def fail(text: str, keys: Sequence[str]) -> Mapping[str, tuple[int, int]]:
        raise ValueError(text, keys)

    monkeypatch.setattr(scenario_files, "find_positions", fail)
    told = error_of("title = 1\ncases = 1")
    assert [line.split(";")[0] for line in told.splitlines()] == [
        "mine.toml: title is 1",
        "mine.toml: cases is 1",
    ]


def test_entry_that_only_its_whole_refuses_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is refused after the first look has its place, too, and is valid TOML."""
    monkeypatch.setattr(scenario_mistakes, "find_mistakes", lambda *_: iter(()))
    told = error_of("[[users]]\nemail = 1")
    assert told.startswith("mine.toml:2:1: users[0].email is 1; expected a text")


@pytest.mark.parametrize(
    "text",
    ["a = " + "[" * 2000 + "]" * 2000, ".".join("a" * 3000) + " = 1"],
    ids=["lists", "tables"],
)
def test_what_is_nested_too_deep_is_not_called_invalid(text: str) -> None:
    """It is TOML; how deep is too deep is up to the release of Python."""
    assert "not valid TOML" not in error_of(text)


def test_json_that_is_nested_deep_is_not_called_invalid() -> None:
    """Nor this; Python 3.13 takes it, and older ones say why they don't."""
    text = RESOURCE + "json." + ".".join("a" * 3000) + " = 1"
    if sys.version_info >= (3, 13):
        assert read_scenario(text, FILE, Path()).resources
    else:
        assert "nested too deeply" in error_of(text)


def test_mistake_does_not_cause_another() -> None:
    """What refers to a table with a mistake is not judged."""
    text = """[provider]
default_scopes = 1
[[organizations]]
nme = "Acme"
[[users]]
email = "a"
organization = "Acme"
[[resources]]
path = "v1/events"
scopes = ["mine:read"]
[[faults]]
on = "api.events"
fault = "reset"
"""
    told = error_of(text)
    assert [line.split(": ")[1].split(";")[0] for line in told.splitlines()] == [
        "provider.default_scopes is 1",
        "organizations[0].name is missing",
        "unknown key organizations[0].nme",
        "resources[0].path is 'v1/events'",
    ]


@settings(deadline=None)
@given(data=st.data())
def test_every_typo_of_a_scenario_is_told_at_once(data: st.DataObject) -> None:
    """However many keys are misspelt, each has its line."""
    document = copy.deepcopy(FULL)
    typos = []
    for path in data.draw(st.sets(st.sampled_from(KEYS), min_size=1)):
        table: Any = document
        for step in path:
            table = table[step]
        table["misspelt"] = 1
        dotted = "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in (*path, "misspelt"))
        typos.append(dotted[1:])
    found = find_scenario_mistakes(document, None)
    assert sorted(one.key for one in found) == sorted(typos)


def test_missing_file_is_named() -> None:
    """A file that is not there is named with the reason."""
    told = f"^'nothing[.]toml': can't be read: {os.strerror(errno.ENOENT)}"
    with pytest.raises(ScenarioError, match=told):
        load_scenario("nothing.toml")


def test_unknown_scenario_names_the_nearest() -> None:
    """A misspelt name gets the name that was meant."""
    with pytest.raises(ScenarioError, match=r"no scenario 'hapy_path'.*did you mean 'happy_path'"):
        load_scenario("hapy_path")


def test_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    """A file that is not UTF-8 is named with the place."""
    file = tmp_path / "s.toml"
    file.write_bytes(b"title = '\xff'")
    with pytest.raises(ScenarioError, match="not valid UTF-8 at byte 9"):
        load_scenario(file)


def test_byte_order_mark_is_skipped(tmp_path: Path) -> None:
    """What an editor puts before the first key is no mistake of the author's."""
    file = tmp_path / "s.toml"
    file.write_bytes(b"\xef\xbb\xbftitle = 'x'")
    assert load_scenario(file).title == "x"


def test_all_that_a_key_takes_is_told() -> None:
    """Of several types, each is expected, also where one has a name of its own."""
    text = '[[faults]]\non = "api"\nfault = "rate_limited"\nretry_after = [1]'
    with pytest.raises(ScenarioError, match=r"expected a number or a text on one line$"):
        read_scenario(text, FILE, Path())


@pytest.mark.parametrize("key", ['on = "api"', "times = 1", "when = { number = 1 }"])
def test_step_does_not_choose_its_requests(key: str) -> None:
    """Which requests are struck is for the sequence to say; in a step it had no effect."""
    step = f'steps = [503, {{ fault = "reset", {key} }}]'
    text = f'[[faults]]\non = "api"\nfault = "sequence"\n{step}'
    named = rf"unknown key faults\[0\]\.steps\[1\]\.{key.split()[0]};"
    with pytest.raises(ScenarioError, match=named):
        read_scenario(text, FILE, Path())


def test_body_of_a_resource_comes_from_a_file_beside_the_scenario(tmp_path: Path) -> None:
    """`file` is relative to the scenario."""
    (tmp_path / "events.json").write_text('{"data": []}', encoding="utf-8")
    (tmp_path / "s.toml").write_text(f'{RESOURCE}file = "events.json"', encoding="utf-8")
    assert load_scenario(tmp_path / "s.toml").resources[0].body == '{"data": []}'


def test_body_of_a_resource_may_be_a_value() -> None:
    """`json` becomes compact JSON."""
    scenario = read_scenario(f'{RESOURCE}json = {{data = ["é"]}}', FILE, Path())
    assert scenario.resources[0].body == '{"data":["é"]}'


@settings(deadline=None)
@given(data=st.data())
def test_misspelt_key_is_named_with_the_nearest(data: st.DataObject) -> None:
    """A typo in any key of a valid scenario is found, and the key that was meant is told."""
    document = copy.deepcopy(FULL)
    table: Any = document
    path = data.draw(st.sampled_from(KEYS))
    for step in path:
        table = table[step]
    key = data.draw(st.sampled_from(sorted(key for key in table if len(key) > 3)))
    index = data.draw(st.integers(1, len(key) - 1))
    typo = key[:index] + key[index - 1] + key[index:]
    table[typo] = table.pop(key)
    with pytest.raises(InvalidInputError) as caught:
        read_struct(document, Scenario)
    dotted = "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in (*path, typo))[1:]
    assert f"unknown key {dotted};" in str(caught.value)
    assert f"(did you mean {key!r}?)" in str(caught.value)


@settings(deadline=None)
@given(
    path=st.sampled_from(
        [
            ("title",),
            ("cases", 0),
            ("provider", "consent"),
            ("provider", "interval_limit"),
            ("users", 0, "email"),
            ("applications", 0, "confidential"),
            ("applications", 0, "redirect_uris"),
            ("resources", 0, "status"),
            ("resources", 0, "methods", 0),
        ]
    ),
    value=st.sampled_from([None, 1.5, {"a": 1}, [[1]], -1, "nonsense", ""]),
)
def test_value_of_a_wrong_type_is_named(path: tuple[str | int, ...], value: object) -> None:
    """A wrong value anywhere is found, and the error leads to its key."""
    document: Any = copy.deepcopy(FULL)
    table = document
    for step in path[:-1]:
        table = table[step]
    table[path[-1]] = value
    dotted = "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in path)[1:]
    error = refusal_of(document)
    assert error is None or error.key.startswith(dotted)
    assert isinstance(value, str) if error is None else "expected" in str(error)


@settings(deadline=None)
@given(text=st.text(max_size=200))
@example('[[resources]]\npath="/v1/a"\n')
@example("[provider]\n[provider]")
@example('"a.b]`" = 1')
@example("faults = [{}]")
def test_any_text_is_a_scenario_or_an_error(text: str) -> None:
    """No text makes the loader fail in any other way."""
    with contextlib.suppress(ScenarioError):
        assert isinstance(read_scenario(text, FILE, Path()), Scenario)


@pytest.mark.parametrize(
    "text",
    [
        f"{RESOURCE}json = {{at = 1979-05-27}}",
        f'{RESOURCE}file = "a\\u0000"',
        '[[faults]]\non = "api"\nfault = ["delay"]',
        '[[faults]]\non = "api"\nfault = "answer"\nbody_base64 = "é"',
        "a = " + "9" * 5000,
    ],
    ids=["date", "nul", "list", "base64", "digits"],
)
def test_odd_scenario_is_an_error(text: str) -> None:
    """Also what no TOML value, file or fault can be is a ScenarioError."""
    assert error_of(text)


def test_body_that_is_no_text_is_an_error(tmp_path: Path) -> None:
    """A body file that is not UTF-8 is named."""
    (tmp_path / "body").write_bytes(b"\xff")
    assert "resources[0].file" in error_of(f'{RESOURCE}file = "body"', tmp_path)


@pytest.mark.parametrize("number", ["nan", "inf"])
def test_number_that_json_lacks_is_an_error(number: str) -> None:
    """A body must be JSON."""
    assert "resources[0].json" in error_of(f"{RESOURCE}json = {{a = {number}}}")


@pytest.mark.parametrize(
    "text",
    [
        '[[resources]]\npath = "/v1/events/"',
        '[[resources]]\npath = "/v1//events"',
        '[[resources]]\npath = "/v1/{foo}"',
        f"{RESOURCE}methods = []",
        RESOURCE * 2,
        '[[organizations]]\nname = "A"\n' * 2,
        f'{RESOURCE}content_type = "a\\r\\nb"',
    ],
    ids=["slash", "slashes", "placeholder", "methods", "twice", "organizations", "line"],
)
def test_entry_that_can_never_work_is_an_error(text: str) -> None:
    """What could never be reached, or never be sent, is refused when it is read."""
    assert error_of(text)


def test_unknown_organization_without_a_table_says_what_is_missing() -> None:
    """Without `[[organizations]]`, the error says what would be right."""
    assert not error_of('[[users]]\nemail = "a"\norganization = "x"').endswith("one of: ")


def test_fault_without_a_kind_is_missing_it() -> None:
    """A key that is not there is missing, not None."""
    assert "faults[0].fault is missing; expected" in error_of('[[faults]]\non = "api"')


def test_wrong_header_name_is_described() -> None:
    """A header that can't be is told as such."""
    text = '[[faults]]\non = "api"\nfault = "answer"\nheaders = {"a b" = "x"}'
    assert "the name of a header" in error_of(text)


def test_options_replace_those_of_the_scenario() -> None:
    """An option given beside a scenario wins, the others stay."""
    scenario = read_scenario('[provider]\nrelease = "5.5"\nconsent = "deny"', FILE, Path())
    changed = with_options(scenario, {"release": "6.0"})
    assert (changed.provider.release, changed.provider.consent) == ("6.0", "deny")


def test_unknown_option_names_the_nearest() -> None:
    """A misspelt option gets the option that was meant."""
    with pytest.raises(InvalidInputError, match=r"unknown key relase;.*did you mean 'release'"):
        with_options(Scenario(), {"relase": "6.0"})


def test_scenario_made_in_python_is_checked() -> None:
    """An unknown organization is a clear error also where no file was read."""
    scenario = Scenario(
        organizations=(OrganizationEntry(name="Acme"),),
        users=(UserEntry(email="a", organization="Acm"),),
    )
    with pytest.raises((ScenarioError, InvalidInputError), match="Acm"):
        MockLivestorm(scenario).start().stop()


def test_resource_made_in_python_has_its_body() -> None:
    """A resource's `json` is its body also where no file was read."""
    scenario = Scenario(resources=(ResourceEntry(path="/v1/events", json={"data": []}),))
    with MockLivestorm(scenario) as livestorm:
        route = livestorm._sandbox.scenario.resources[0]
        assert route.body == '{"data":[]}'


def test_scenario_of_python_objects_starts() -> None:
    """Applications made in Python are those of the sandbox."""
    application = ApplicationEntry(
        name="A", client_id="mine", client_secret="s", redirect_uris=("https://c.test/",)
    )
    with MockLivestorm(Scenario(applications=(application,))) as livestorm:
        assert livestorm.client_id == "mine"


def test_faults_of_a_scenario_are_read_once() -> None:
    """What a sandbox arms is what was read when the scenario was loaded, after a reset too."""
    scenario = read_scenario('[[faults]]\non = "api"\nfault = "reset"', FILE, None)
    with MockLivestorm(scenario) as livestorm:
        livestorm.reset()
        assert livestorm.faults.armed()[0].fault is livestorm.scenario.read_faults[0]


def test_every_option_has_a_default_that_is_valid() -> None:
    """The defaults, written out, are a valid table."""
    provider = msgspec.to_builtins(Scenario().provider)
    assert with_options(Scenario(), provider) == Scenario()
