"""`livestorm-mock init`: what it writes passes as it stands."""

import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from livestorm_contract_tests.adapters.languages import LANGUAGES, template
from livestorm_contract_tests.init_command import (
    BASELINE,
    WORKFLOW,
    cautions,
    detect,
    files_of,
    next_steps,
    workflow_of,
)
from livestorm_contract_tests.runs.baseline_file import load_baseline
from livestorm_contract_tests.runs.requirements import newest
from livestorm_mock_server import suite_commands
from livestorm_mock_server.cli import commands
from ruamel.yaml import YAML

from .programs import need_program
from .shell_steps import run_shell

NEEDED = {
    "python": (),
    "node": ("node",),
    "go": ("go",),
    "ruby": ("ruby",),
    "shell": ("bash", "curl", "jq"),
}
"""The programs that a language needs."""

_TIME_OUT = re.compile(r"((?:TIMEOUT(?:_MS)? = |Timeout: |--max-time ))8")
"""Where an example has its time-out, of 8 seconds."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty folder, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def init(*arguments: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(commands, ["init", *arguments])


def test_each_language_can_be_asked_for_and_is_tried() -> None:
    """The command line, which loads nothing for that, has all of them."""
    assert set(suite_commands.LANGUAGES) == set(LANGUAGES) == set(NEEDED)


@pytest.mark.parametrize(
    "language",
    # Each of its commands starts several programs.
    [pytest.param(one, marks=pytest.mark.long) if one == "shell" else one for one in LANGUAGES],
)
def test_next_steps_pass_in_an_empty_folder(language: str, folder: Path) -> None:
    """Each command that is printed ends well, one after the other."""
    for program in NEEDED[language]:
        need_program(program)
    told = init(language)
    assert told.exit_code == 0, told.output
    commands_told = told.output.partition("Next:\n")[2].splitlines()
    assert commands_told
    for command in commands_told:
        done = run_shell(command, folder)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_example_waits_for_an_answer_that_drips(language: str, folder: Path) -> None:
    """The time-out is for the whole of a request, in each language; here it is a short one."""
    for program in NEEDED[language]:
        need_program(program)
    init(language)
    known = LANGUAGES[language]
    example = folder / known.example
    text, count = _TIME_OUT.subn(r"\g<1>2", example.read_text(encoding="utf-8"))
    assert count == 1
    example.write_text(text, encoding="utf-8")
    judged = f'livestorm-mock check --client "{known.client}" --case G03 --fast'
    done = run_shell(f"{known.build or ':'}\n{judged}", folder)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
    assert "1 PASS" in done.stdout


@pytest.mark.long
def test_steps_of_the_workflow_pass(folder: Path) -> None:
    """The shell steps run in order, with the whole core, and the summary is shown."""
    init("python")
    workflow = YAML(typ="safe").load((folder / WORKFLOW).read_text(encoding="utf-8"))
    summary = folder / "summary-of-the-job.md"
    env = {**workflow["env"], "GITHUB_STEP_SUMMARY": str(summary)}
    for step in workflow["jobs"]["livestorm"]["steps"]:
        done = run_shell(step.get("run", "true"), folder, env)
        assert done.returncode == 0, f"{step}\n{done.stdout}{done.stderr}"
    assert "my-client" in summary.read_text(encoding="utf-8")
    assert (folder / "livestorm-report" / "junit.xml").is_file()


@pytest.mark.parametrize("language", LANGUAGES)
def test_workflow_runs_what_is_printed(language: str) -> None:
    """Every language's workflow is YAML, and builds, tests and judges as the next steps do."""
    known = LANGUAGES[language]
    steps = YAML(typ="safe").load(workflow_of(known))["jobs"]["livestorm"]["steps"]
    runs = [step["run"] for step in steps if "run" in step]
    assert "@" not in "".join(runs)
    judged = next(one for one in runs if "check" in one)
    assert f'--client "{known.client}" --profile core --baseline {BASELINE}' in judged
    expected = [one for one in next_steps(known) if "check" not in one]
    assert [one for one in runs if one in expected] == expected


def test_baseline_expects_nothing_and_pins_the_newest_set() -> None:
    """An upgrade turns no build red that begins green."""
    init("python")
    written = load_baseline(Path(BASELINE))
    assert (written.entries, written.requirements) == ((), newest().name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_else_is_written_than_what_is_told(language: str, folder: Path) -> None:
    """The folder has what the command lists, byte for byte what the templates are."""
    told = init(language).output
    written = [path for path in folder.rglob("*") if path.is_file()]
    assert {str(path.relative_to(folder)) for path in written} == set(files_of(language))
    assert [name for name in files_of(language) if f"  {name} " not in told] == []
    known = LANGUAGES[language]
    for name in (known.adapter, known.example, known.first_test):
        text = (folder / name).read_text(encoding="utf-8")
        assert text == template(f"{language}/{name}")


@pytest.mark.parametrize("name", files_of("node"))
@pytest.mark.parametrize("is_link", [False, True], ids=["file", "dangling-link"])
def test_a_file_that_is_there_is_named_and_nothing_written(
    name: str, is_link: bool, folder: Path
) -> None:
    """All or nothing: half of a set would not pass."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    if is_link:
        (folder / name).symlink_to("nowhere")
    else:
        (folder / name).write_text("mine", encoding="utf-8")
    told = init("node")
    assert told.exit_code == 1
    assert f"{name}: already here, so nothing was written" in told.output
    assert [path for path in folder.rglob("*") if not path.is_dir()] == [folder / name]
    assert is_link or (folder / name).read_text(encoding="utf-8") == "mine"


def test_what_can_not_be_written_is_named_and_leaves_nothing(folder: Path) -> None:
    """Where the workflow has no place, there is no adapter either."""
    (folder / ".github").write_text("a file", encoding="utf-8")
    told = init("python")
    assert told.exit_code == 1
    assert ".github/workflows" in told.output
    assert os.listdir(folder) == [".github"]


@pytest.mark.parametrize(
    ("there", "language", "because"),
    [
        ([], "python", "nothing here points to another language"),
        (["package.json"], "node", "there is package.json"),
        (["go.mod"], "go", "there is go.mod"),
        (["Gemfile"], "ruby", "there is Gemfile"),
        (["pyproject.toml"], "python", "there is pyproject.toml"),
        (["requirements.txt"], "python", "there is requirements.txt"),
        (["Gemfile", "package.json"], "ruby", "also package.json: `livestorm-mock init node`"),
    ],
)
def test_language_is_told_by_the_folder(
    there: list[str], language: str, because: str, folder: Path
) -> None:
    """A package.json beside another language is for the pages; the output says what decided."""
    for name in there:
        (folder / name).touch()
    chosen, told = detect(folder)
    assert (chosen, because in told) == (language, True), told
    assert init().output.startswith(f"For {language}{told}:")


def test_unknown_language_is_refused(folder: Path) -> None:
    """The message has those that there are."""
    told = init("cobol")
    assert told.exit_code == 2
    assert "python" in told.output
    assert os.listdir(folder) == []


@pytest.mark.parametrize("is_root", [True, False])
def test_workflow_below_the_root_of_a_repository_is_told(folder: Path, is_root: bool) -> None:
    """GitHub reads none there; that nothing is published yet is told anywhere."""
    (folder / ".git").mkdir()
    below = folder if is_root else folder / "app"
    below.mkdir(exist_ok=True)
    told = "\n".join(cautions(below))
    assert ("at the root of a repository only" in told) is not is_root
    assert "Nothing is published yet" in told
