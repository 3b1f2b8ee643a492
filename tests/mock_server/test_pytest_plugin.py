"""The pytest plugin, in a pytest of its own."""

import os
import subprocess
import sys

import pytest

pytest_plugins = ["pytester"]

HEAVY = ("starlette", "uvicorn", "hypothesis", "httpx", "jinja2", "jwt", "msgspec", "httptools")


def run(pytester: pytest.Pytester, source: str, *arguments: str) -> pytest.RunResult:
    """Run a test file with nothing but our plugin."""
    pytester.makepyfile(source)
    pytester.makepyprojecttoml('[tool.pytest]\nstrict = true\nfilterwarnings = ["error"]\n')
    pytester.plugins = []
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "livestorm_mock_server.pytest_plugin",
        "-p",
        "no:cacheprovider",
        *arguments,
    ]
    return pytester.run(*command, timeout=60)


@pytest.fixture(autouse=True)
def without_other_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Load no plugin that is installed, ours by hand."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


def test_fixture_gives_each_test_a_sandbox_of_its_own(pytester: pytest.Pytester) -> None:
    """Two tests share the server and nothing else."""
    done = run(
        pytester,
        """
        import httpx

        seen = []

        def test_one(livestorm, livestorm_server):
            seen.append((livestorm.app_url, livestorm.issue_tokens()["access_token"]))
            assert livestorm.app_url.startswith(livestorm_server.app_url + "/s/")

        def test_two(livestorm, livestorm_server):
            url, token = seen[0]
            assert livestorm.app_url != url
            assert livestorm.app_url.split("/s/")[0] == url.split("/s/")[0]
            try:
                livestorm.expire_token(token)
            except ValueError:
                return
            raise AssertionError("the token is known")

        def test_sandboxes_are_closed(livestorm_server):
            listed = httpx.get(f"{livestorm_server.control_url}/sandboxes").json()["sandboxes"]
            assert len(listed) == 1
        """,
    )
    done.assert_outcomes(passed=3)


def test_marker_says_what_the_sandbox_starts_from(pytester: pytest.Pytester) -> None:
    """Scenario, seed and provider options, by keyword or the scenario by position."""
    done = run(
        pytester,
        """
        import pytest

        @pytest.mark.livestorm(scenario="user_denies", release="5.5", seed=1)
        def test_keywords(livestorm):
            options = livestorm._sandbox.options
            assert (options.consent, options.release) == ("deny", "5.5")

        @pytest.mark.livestorm("user_denies")
        def test_position(livestorm):
            assert livestorm._sandbox.options.consent == "deny"

        @pytest.mark.livestorm(seed=1)
        def test_seed(livestorm):
            with_same_seed.append(livestorm.issue_tokens()["access_token"])

        @pytest.mark.livestorm(seed=1)
        def test_same_seed(livestorm):
            assert livestorm.issue_tokens()["access_token"] == with_same_seed[0]

        with_same_seed = []
        """,
    )
    done.assert_outcomes(passed=4)


def test_wrong_marker_is_a_clear_error(pytester: pytest.Pytester) -> None:
    """A misspelt scenario or option fails the setup with the near miss."""
    done = run(
        pytester,
        """
        import pytest

        @pytest.mark.livestorm("hapy_path")
        def test_scenario(livestorm): ...

        @pytest.mark.livestorm(relase="6.0")
        def test_option(livestorm): ...

        @pytest.mark.livestorm(scenaro="happy_path")
        def test_keyword(livestorm): ...
        """,
    )
    done.assert_outcomes(errors=3)
    near = ("happy_path", "release", "scenario")
    done.stdout.fnmatch_lines([f"*did you mean '{name}'*" for name in near], consecutive=False)


def test_marker_is_registered(pytester: pytest.Pytester) -> None:
    """`--markers` shows it."""
    done = run(pytester, "def test_nothing(): ...", "--markers")
    done.stdout.fnmatch_lines(["@pytest.mark.livestorm(*"])


def test_server_is_gone_at_the_end(pytester: pytest.Pytester) -> None:
    """A run with warnings as errors ends clean."""
    done = run(pytester, "def test_it(livestorm): assert livestorm.client_id")
    done.assert_outcomes(passed=1)
    assert done.ret == 0
    assert "Warning" not in done.stdout.str() + done.stderr.str()


def test_server_works_in_an_async_test(pytester: pytest.Pytester) -> None:
    """The fixture can be used where an event loop runs."""
    done = run(
        pytester,
        """
        import asyncio

        def test_it(livestorm):
            async def use():
                return livestorm.issue_tokens()
            assert asyncio.run(use())["access_token"]
        """,
    )
    done.assert_outcomes(passed=1)


def test_import_of_the_plugin_loads_nothing_heavy() -> None:
    """Each pytest run of each user loads the plugin: it costs nothing until it is used."""
    code = (
        "import sys, livestorm_mock_server.pytest_plugin;"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


def test_fixture_has_a_longer_name(pytester: pytest.Pytester) -> None:
    """`livestorm_sandbox` is the same sandbox, for suites whose own `livestorm` is another."""
    done = run(
        pytester,
        """
        import pytest

        class TestSame:
            def test_same(self, livestorm, livestorm_sandbox):
                assert livestorm is livestorm_sandbox

        class TestOwn:
            @pytest.fixture
            def livestorm(self):
                return "a client of ours"

            @pytest.mark.livestorm(release="6.0")
            def test_own(self, livestorm, livestorm_sandbox):
                assert livestorm == "a client of ours"
                assert livestorm_sandbox.scenario.provider.release == "6.0"
        """,
    )
    done.assert_outcomes(passed=2)


FORKS = """
import os

import pytest
from _pytest.runner import runtestprotocol

@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    process = os.fork()
    if process == 0:
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
        told = [str(one.longrepr) for one in reports if one.failed]
        print("forked:", *(told or ["passed"]), flush=True)
        os._exit(0)
    os.waitpid(process, 0)
    return True
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_each_test_may_run_in_a_fork(pytester: pytest.Pytester) -> None:
    """As with pytest-forked: the server is then started in the fork, by the first who wants it."""
    pytester.makeconftest(FORKS)
    done = run(
        pytester,
        """
        def test_one(livestorm): assert livestorm.issue_tokens()

        def test_two(livestorm): assert livestorm.journal.entries() == []
        """,
        "-s",
        "-p",
        "no:logging",
    )
    assert str(done.stdout).count("forked: passed") == 2


FAILING = """
import httpx

def test_passes(livestorm):
    httpx.get(f"{livestorm.api_url}/me")

def test_fails(livestorm):
    httpx.get(f"{livestorm.api_url}/ping")
    assert False

def test_fails_without_the_fake():
    assert False
"""


def test_journal_of_a_failing_test_is_kept(pytester: pytest.Pytester) -> None:
    """The control room as one page, of the sandbox of that test alone; the report says where."""
    done = run(pytester, FAILING, "--livestorm-journals", "kept")
    done.assert_outcomes(passed=1, failed=2)
    (page,) = (pytester.path / "kept").iterdir()
    assert "test_fails" in page.name
    text = page.read_text(encoding="utf-8")
    assert "/v1/ping" in text
    assert "/v1/me" not in text
    done.stdout.fnmatch_lines(["*livestorm journal*", f"*{page.name}"])


def test_journal_that_can_not_be_kept_hides_no_failure(pytester: pytest.Pytester) -> None:
    """Where there is no folder for it, or none can be made, the report says so."""
    run(pytester, FAILING).stdout.fnmatch_lines(["there is no cache of pytest's; *"])
    (pytester.path / "kept").write_text("a file")
    done = run(pytester, FAILING, "--livestorm-journals", "kept/deeper")
    done.assert_outcomes(passed=1, failed=2)
    done.stdout.fnmatch_lines(["it can't be kept: *"])
