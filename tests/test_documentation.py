"""The documentation says what is so."""

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest
from livestorm_mock_server import ProviderOptions
from livestorm_mock_server.scenario_files import scenario_names

from .architecture.imports import SOURCES
from .pages.made import MADE, ROOT, updated
from .pages.site.navigation import pages

PAGES = [ROOT / path for path in pages()]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SERVE = (ROOT / "docs" / "serve.md").read_text(encoding="utf-8")


def run_pytest_example(directory: Path, *, leaves_out: Sequence[str] = ()) -> tuple[int, str]:
    """Run the README's test, with a client that leaves parameters out; give status and output.

    It has a process of its own: what it imports anew in this one, others would meet twice.
    """
    (source,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    (directory / "test_example.py").write_text(source, encoding="utf-8")
    conftest = CLIENT_THAT_LEAVES_OUT.format(names=[*leaves_out])
    (directory / "conftest.py").write_text(conftest, encoding="utf-8")
    plugins = ["-p", "no:schemathesis"]  # which takes longer to start than the example
    command = [sys.executable, "-m", "pytest", "-q", *plugins, "-c", "/dev/null", "test_example.py"]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=directory, check=False)
    return ran.returncode, ran.stdout + ran.stderr


CLIENT_THAT_LEAVES_OUT = """
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

import livestorm_client


class Forgetful(livestorm_client.LivestormClient):
    def authorization_request(self, scope=()):
        request = super().authorization_request(scope)
        address, _, query = request.url.partition("?")
        pairs = [pair for pair in parse_qsl(query) if pair[0] not in {names}]
        verifier = "" if "code_challenge" in {names} else request.code_verifier
        url = address + "?" + urlencode(pairs)
        return replace(request, url=url, code_verifier=verifier)

    def connect(self, request, callback_url):
        # Who sends no state does not miss it in the callback either.
        missing = "&state=" + request.state if "state" in {names} else ""
        return super().connect(request, callback_url + missing)


livestorm_client.LivestormClient = Forgetful
"""


def test_readme_pytest_example_passes(tmp_path: Path) -> None:
    """The test in the README passes as it stands."""
    status, output = run_pytest_example(tmp_path)
    assert status == 0, output


@pytest.mark.parametrize(
    ("leaves_out", "told"),
    [
        (["response_type"], "response_type is missing or blank"),
        (["state"], "missing_state"),
        (["code_challenge", "code_challenge_method"], "missing_pkce"),
    ],
    ids=["response_type", "state", "pkce"],
)
def test_readme_pytest_example_fails_a_client_that_leaves_out(
    tmp_path: Path, leaves_out: list[str], told: str
) -> None:
    """A client that forgets what protects the user, or the flow, fails the README's test."""
    status, output = run_pytest_example(tmp_path, leaves_out=leaves_out)
    assert (status, told in output) == (1, True), output


@pytest.mark.parametrize(
    "name", re.findall(r"`([a-z_]+)`", SERVE.partition("--scenario NAME")[2].partition("\n")[0])
)
def test_page_names_scenarios_that_exist(name: str) -> None:
    """The scenarios that docs/serve.md names can be served."""
    assert name in scenario_names()


@pytest.mark.parametrize("page", PAGES, ids=pages())
def test_links_lead_to_files(page: Path) -> None:
    """Relative links in the documentation lead somewhere."""
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_each_image_is_shown() -> None:
    """By a page, or it is nobody's."""
    shown = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    images = sorted((ROOT / "docs" / "images").iterdir())
    assert images
    assert [one.name for one in images if f"images/{one.name})" not in shown] == []


@pytest.mark.parametrize("name", MADE)
def test_made_page_is_up_to_date(name: str) -> None:
    """What a page lists is what the code says."""
    page = (ROOT / name).read_text(encoding="utf-8")
    assert updated(name, page) == page, "run: make docs"


def test_page_with_made_parts_is_in_the_list() -> None:
    """No marker is left to grow stale; what takes long to make has commands of its own."""
    marked = {
        str(page.relative_to(ROOT))
        for page in PAGES
        if "<!-- end of " in page.read_text(encoding="utf-8")
    }
    made = {name for name in MADE if name.endswith(".md")}
    slow = {"docs/examples-under-check.md", "docs/performance.md", "docs/tutorial.md"}
    assert marked == {*made, *slow}


PLACES = [
    ROOT,
    ROOT / "tests",
    ROOT / "tests" / "mock_server",
    ROOT / "tests" / "contract_tests",
    *(source / package for package, source in SOURCES.items()),
]
"""Where the paths of the pages for people start."""


@pytest.mark.parametrize("name", ["ARCHITECTURE.md", "CONTRIBUTING.md", "tests/README.md"])
def test_paths_that_a_page_names_are_there(name: str) -> None:
    """What was moved or removed is named no more."""
    page = (ROOT / name).read_text(encoding="utf-8")
    named = re.findall(r"`([\w./-]+(?:/|\.(?:py|toml|txt|md)))`", page)
    assert named
    assert [one for one in named if not any((place / one).exists() for place in PLACES)] == []


def test_open_questions_are_options() -> None:
    """Each option that docs/open-questions.md names exists, with the values it names."""
    page = (ROOT / "docs/open-questions.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| [^|]+ \| `(\w+)` = ([^|]+?) \|", page, re.MULTILINE)
    assert len(rows) >= 12
    wrong = [(name, value) for name, values in rows for value in quoted(values) if bad(name, value)]
    assert wrong == []


def quoted(values: str) -> list[str]:
    """Give the values in backquotes, up to the next option's."""
    return re.findall(r"`([^`=]+)`", re.split(r"; `\w+`|, each", values)[0])


def bad(name: str, value: str) -> bool:
    """Tell whether an option does not take a value."""
    plain: object = {"true": True, "false": False}.get(value, value.strip('"'))
    if isinstance(plain, str) and plain.isdigit():
        plain = int(plain)
    candidates = [plain, str(plain)]
    return not any(accepts({name: candidate}) for candidate in candidates)


def accepts(options: dict[str, object]) -> bool:
    """Tell whether these provider options are valid."""
    try:
        msgspec.convert(options, ProviderOptions)
    except msgspec.ValidationError:
        return False
    return True
