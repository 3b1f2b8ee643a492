"""The package for JavaScript: its own tests, and what is packed, as others install it."""

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from .node_packages import NodeMissingError, install_packages
from .node_types import FOLDER, TYPES, make_types

COMMAND = json.dumps([sys.executable, "-m", "livestorm_mock_server"])

TEST = """
test("a sandbox answers", async () => {
  const answer = await fetch(`${livestorm.sandbox.apiUrl}/ping`);
  if (answer.status !== 401) throw new Error(`${answer.status}`);
});
"""
AS_ESM = 'import { useLivestorm } from "livestorm-mock/%s";\n'
AS_COMMONJS = 'const { useLivestorm } = require("livestorm-mock/%s");\n'
USE = f"const livestorm = useLivestorm();\n{TEST}"
USES: Mapping[str, tuple[str, str, list[str], str]] = {
    "node-test": (
        "use.test.mjs",
        f'import {{ test }} from "node:test";\n{AS_ESM % "node-test"}{USE}',
        ["--test", "--test-reporter=tap", "use.test.mjs"],
        "# pass 1",
    ),
    "node-test in CommonJS": (
        "use.test.cjs",
        f'const {{ test }} = require("node:test");\n{AS_COMMONJS % "node-test"}{USE}',
        ["--test", "--test-reporter=tap", "use.test.cjs"],
        "# pass 1",
    ),
    "vitest": (
        "use.test.mjs",
        f'import {{ test }} from "vitest";\n{AS_ESM % "vitest"}{USE}',
        ["node_modules/vitest/vitest.mjs", "run", "--reporter=json"],
        '"numPassedTests":1,',
    ),
    "jest": (
        "use.test.js",
        f"{AS_COMMONJS % 'jest'}{USE}",
        ["node_modules/jest/bin/jest.js", "--json"],
        '"numPassedTests":1,',
    ),
}
"""For each fixture: the file of a test that uses it, its text, the arguments of node that run it,
and what is printed where it has passed."""

TYPED = """
import { start, type Fault, type Label } from "livestorm-mock";
import { useLivestorm } from "livestorm-mock/node-test";

const fault: Fault = { on: "token.refresh_token", fault: "oauth_error", error: "invalid_grant" };
const label: Label = "api.events";
// @ts-expect-error: there is no such kind
const kind: Fault = { on: "api", fault: "explode" };
// @ts-expect-error: there is no such endpoint
const endpoint: Label = "tokens";
// @ts-expect-error: there is no such release
void start({ release: "4.0" });

export async function run(): Promise<number> {
  const livestorm = await start({ scenario: "happy_path", rateLimits: false });
  const sandbox = await livestorm.sandbox({ auto_approve: true });
  const armed = await sandbox.faults.arm(fault);
  const [exchange] = await sandbox.journal.list({ endpoint: label, status: 401 });
  const pair: string | undefined = (await sandbox.tokens.issue()).refresh_token;
  const used = useLivestorm({ sandbox: { release: "6.0" } });
  await livestorm.stop();
  return armed.hits + (exchange?.response?.status ?? 0) + (pair?.length ?? 0)
    + used.sandbox.redirectUris.length;
}
void [kind, endpoint];
"""


@pytest.fixture(scope="session")
def node() -> str:
    """The path of node, what the package's tests need installed; see `conftest.node`."""
    try:
        return install_packages(FOLDER)
    except NodeMissingError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture
def packed(node: str, tmp_path: Path) -> Path:
    """A project that has installed what is packed."""
    del node
    run("npm", "pack", "--pack-destination", str(tmp_path), folder=FOLDER)
    (archive,) = tmp_path.glob("*.tgz")
    modules = tmp_path / "node_modules"
    modules.mkdir()
    for one in (FOLDER / "node_modules").iterdir():
        (modules / one.name).symlink_to(one)
    with tarfile.open(archive) as files:
        files.extractall(tmp_path, filter="data")
    (tmp_path / "package").rename(modules / "livestorm-mock")
    (tmp_path / "package.json").write_text('{"private": true}', encoding="utf-8")
    return tmp_path


def run(*command: str, folder: Path) -> str:
    """Run a command that has to end well; give what it printed."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"LIVESTORM_MOCK_COMMAND": COMMAND},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_own_tests_pass(node: str) -> None:
    """All that the package does, against the fake of the same commit."""
    told = run(node, "--test", "--test-reporter=tap", folder=FOLDER)
    assert "\n# fail 0\n" in told
    assert "\n# skipped 0\n" in told
    assert "\n# pass 0\n" not in told


@pytest.mark.parametrize("fixture", USES)
def test_fixture_is_used_as_it_is_packed(node: str, packed: Path, fixture: str) -> None:
    """Each framework runs a test that has a sandbox."""
    file, text, arguments, passed = USES[fixture]
    (packed / file).write_text(text, encoding="utf-8")
    assert passed in run(node, *arguments, folder=packed)


@pytest.mark.long
def test_types_say_what_there_is(node: str, packed: Path) -> None:
    """TypeScript takes what is right and refuses what is wrong, in its strictest form."""
    options = ["--strict", "--noEmit", "--exactOptionalPropertyTypes", "--target", "es2022"]
    modes = ["--module", "nodenext", "--lib", "es2022,esnext.disposable,dom"]
    programs = ("use.mts", "use.cts")
    for name in programs:
        (packed / name).write_text(TYPED, encoding="utf-8")
    run(node, "node_modules/typescript/bin/tsc", *options, *modes, *programs, folder=packed)


def test_package_is_as_its_readers_expect(node: str, packed: Path) -> None:
    """`publint` and `are-the-types-wrong` find nothing."""
    (archive,) = packed.glob("*.tgz")
    publint = "import { publint } from 'publint'; import { readFile } from 'node:fs/promises';"
    ask = (
        f"{publint} const tarball = await readFile('{archive.name}');"
        " const { messages } = await publint({ pack: { tarball: tarball.buffer }, strict: true });"
        " console.log(JSON.stringify(messages))"
    )
    assert run(node, "--input-type=module", "-e", ask, folder=packed).strip() == "[]"
    wrong = "node_modules/@arethetypeswrong/cli/dist/index.js"
    run(node, wrong, archive.name, "--profile", "node16", folder=packed)


def test_package_needs_no_other(packed: Path) -> None:
    """It has no dependencies, and nothing but what it needs is in it."""
    package = packed / "node_modules/livestorm-mock"
    described = json.loads((package / "package.json").read_text(encoding="utf-8"))
    assert "dependencies" not in described
    kinds = {".cjs", ".mjs", ".cts", ".mts", ".md", ".json", ""}
    assert {one.suffix for one in package.iterdir() if one.is_file()} == kinds
    assert [one for one in package.iterdir() if one.is_dir()] == []


def test_version_is_that_of_the_fake() -> None:
    """The package takes the `livestorm-mock` of its own version."""
    from importlib.metadata import version

    described = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))
    assert described["version"] == version("livestorm-mock")
    assert f"livestorm-mock@{described['version']}" in (FOLDER / "README.md").read_text("utf-8")


def test_types_are_made_from_the_description(node: str) -> None:
    """TypeScript knows what the control API takes and answers today."""
    assert make_types(node) == TYPES.read_text(encoding="utf-8"), "run `make types`"
