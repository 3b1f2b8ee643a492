"""The GitHub Action and the GitLab template: their shell steps, run as the two run them."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from .shell_steps import run_shell

ROOT = Path(__file__).parents[2]
ACTION: Mapping[str, Any] = YAML(typ="safe").load(ROOT / "action.yml")
GITLAB: Mapping[str, Any] = YAML(typ="safe").load(ROOT / "templates" / "livestorm-mock.yml")
JOB: Mapping[str, Any] = GITLAB[".livestorm-mock"]
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
CHECK = next(step for step in STEPS if step.get("id") == "check")

# Records what it was called with, one file for each call, and ends as it is told to.
RECORDER = f"""#!{sys.executable}
import json, os, pathlib, sys
pathlib.Path(os.environ["RECORD"]).write_text(json.dumps(sys.argv[1:]))
sys.exit(int(os.environ.get("STATUS", "0")))
"""
HOSTILE = (
    "a b  c",
    "$(touch pwned)",
    "`touch pwned`",
    "'; touch pwned; '",
    '"; touch pwned; "',
    "x\ntouch pwned\n",
    "x\nexit-status=0\njunit=elsewhere",
    "--strict",
    "* ? [a-z] ~ $HOME \\",
    "::set-output name=x::y",
)
BY_OPTION = ("client", "command", "scenario", "baseline", "requirements")


@pytest.fixture
def recorder(tmp_path: Path) -> Path:
    """Give a folder of programs that record how they are called."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("livestorm-mock", "python", "python3"):
        (programs / name).write_text(RECORDER, encoding="utf-8")
        (programs / name).chmod(0o755)
    return programs


class Runner:
    """What runs the steps of either, with inputs as a user gives them, in a folder of its own."""

    def __init__(self, folder: Path, env: Mapping[str, str] | None = None) -> None:
        self.folder = folder / "work"
        self.folder.mkdir(exist_ok=True)
        self.files = {
            name: folder / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "RECORD")
        }
        self.env = {**{name: str(path) for name, path in self.files.items()}, **(env or {})}

    def act(
        self, inputs: Mapping[str, str], step: Mapping[str, Any] = CHECK
    ) -> subprocess.CompletedProcess[str]:
        """Run a step of the action."""
        given = {name: one["default"] for name, one in ACTION["inputs"].items()}
        assert set(inputs) <= set(given)
        resolved = {
            name: filled(value, {**given, **inputs}) for name, value in step.get("env", {}).items()
        }
        script = f"set -o pipefail\n{step['run']}"
        return run_shell(script, self.folder, {**self.env, **resolved})

    def build(self, inputs: Mapping[str, str], shell: str) -> subprocess.CompletedProcess[str]:
        """Run the job of GitLab."""
        given = {f"CHECK_{name.upper()}": value for name, value in inputs.items()}
        assert set(given) <= set(JOB["variables"])
        env = {**self.env, **JOB["variables"], **given}
        return run_shell("\n".join(JOB["script"]), self.folder, env, shell=shell)

    @property
    def recorded(self) -> list[str]:
        """What the recorder was called with last."""
        read: list[str] = json.loads(self.files["RECORD"].read_text(encoding="utf-8"))
        return read

    @property
    def outputs(self) -> dict[str, str]:
        """What a step has put into GITHUB_OUTPUT, as GitHub reads it."""
        text = self.files["GITHUB_OUTPUT"].read_text(encoding="utf-8")
        found = re.findall(r"^([\w-]+)<<(\w+)\n(.*?)\n\2\n", text, re.MULTILINE | re.DOTALL)
        assert text == "".join(f"{name}<<{end}\n{value}\n{end}\n" for name, end, value in found)
        return {name: value for name, _, value in found}


def filled(value: str, inputs: Mapping[str, str]) -> str:
    """Fill in the inputs, as GitHub does."""
    return re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda found: inputs[found[1]], value)


@pytest.fixture
def recording(tmp_path: Path, recorder: Path, monkeypatch: pytest.MonkeyPatch) -> Runner:
    """Give a runner on which livestorm-mock and Python only record how they are called."""
    monkeypatch.setattr(sys, "executable", str(recorder / "python"))
    return Runner(tmp_path, {"STATUS": "0"})


PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
EXAMPLES = [
    YAML(typ="safe").load(block) for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
]


def test_examples_of_the_page_name_what_there_is() -> None:
    """The page's YAML gives inputs and variables that exist, and it has all that there are."""
    github, (scanning,), (alone,), gitlab = EXAMPLES
    (ours,) = [one for one in github["jobs"]["livestorm"]["steps"] if one.get("id")]
    assert set(ours["with"]) <= set(ACTION["inputs"])
    (output,) = re.findall(r"steps\.livestorm\.outputs\.(\w+)", str(scanning["with"]))
    assert output in ACTION["outputs"]
    assert alone["run"].startswith("livestorm-mock run --scenario burst_limit ")
    assert gitlab["livestorm"]["extends"] in GITLAB
    assert set(gitlab["livestorm"]["variables"]) <= set(JOB["variables"])
    assert [name for name in JOB["variables"] if f"| `{name}` |" not in PAGE] == []


@pytest.mark.parametrize("step", [step for step in STEPS if "run" in step], ids=lambda x: x["name"])
def test_no_step_has_an_expression_in_its_shell(step: Mapping[str, Any]) -> None:
    """What GitHub fills in never becomes a part of a script."""
    assert "${{" not in step["run"]
    assert step["shell"] == "bash"


def test_every_input_is_used() -> None:
    """None is there for nothing, and none is read that there is not."""
    used = re.findall(r"inputs\.([\w-]+)", (ROOT / "action.yml").read_text(encoding="utf-8"))
    assert set(used) == set(ACTION["inputs"])


def test_outputs_are_what_the_step_puts(recording: Runner) -> None:
    """Each output of the action leads to one of the step's, and each of these is one."""
    recording.act({"client": "x"})
    led = [one["value"] for one in ACTION["outputs"].values()]
    assert led == [f"${{{{ steps.check.outputs.{name} }}}}" for name in recording.outputs]
    assert list(ACTION["outputs"]) == list(recording.outputs)


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("runs", ["action", "gitlab-bash", "gitlab-sh"])
def test_input_arrives_as_it_is(runs: str, value: str, recording: Runner) -> None:
    """Nothing in any of them is run, split or read as another option, in either shell."""
    inputs = dict.fromkeys(BY_OPTION, value)
    _, _, shell = runs.partition("-")
    done = recording.build(inputs, shell) if shell else recording.act(inputs)
    assert done.returncode == 0, done.stderr
    options = [f"--{name}={value}" for name in BY_OPTION]
    assert recording.recorded[: 1 + len(options)] == ["check", *options]
    assert os.listdir(recording.folder) == ["livestorm-report"]


@pytest.mark.parametrize(
    ("folder", "report_dir", "put"),
    [
        (".", "out", "out"),
        ("sub/app", "out", "sub/app/out"),
        ("sub/app/", "out", "sub/app/out"),
        ("sub", "{absolute}", "{absolute}"),
    ],
)
def test_outputs_are_paths_from_the_workspace(
    folder: str, report_dir: str, put: str, recording: Runner
) -> None:
    """A later step finds them, wherever the client was started."""
    reports, expected = (one.format(absolute=recording.folder / "all") for one in (report_dir, put))
    recording.act({"client": "x", "working-directory": folder, "report-dir": reports})
    assert recording.outputs["junit"] == f"{expected}/junit.xml"


@pytest.mark.parametrize("value", HOSTILE)
def test_report_dir_may_be_called_anything(value: str, recording: Runner) -> None:
    """The reports go there, and it puts no output of its own."""
    done = recording.act({"client": "x", "report-dir": value})
    assert done.returncode == 0, done.stderr
    assert f"--junit={value}/junit.xml" in recording.recorded
    assert recording.outputs["junit"] == f"{value}/junit.xml"
    assert recording.outputs["exit-status"] == "0"
    assert not (recording.folder / "pwned").exists()


@pytest.mark.parametrize("value", HOSTILE)
def test_profiles_are_words(value: str, recording: Runner) -> None:
    """Each word is a profile, whatever it looks like."""
    assert recording.act({"client": "x", "profile": value}).returncode == 0
    expected = [f"--profile={one}" for one in value.split()]
    assert [one for one in recording.recorded if one.startswith("--profile")] == expected
    assert os.listdir(recording.folder) == ["livestorm-report"]


@pytest.mark.parametrize(
    ("value", "status", "is_strict"),
    [("true", 0, True), ("false", 0, False), ("", 0, False), ("yes", 3, False)],
)
def test_strict_is_true_or_false(
    value: str, status: int, is_strict: bool, recording: Runner
) -> None:
    """Another word is wrong usage, and runs nothing."""
    for done in (
        recording.act({"client": "x", "strict": value}),
        recording.build({"client": "x", "strict": value}, "sh"),
    ):
        assert done.returncode == status
        assert ("expected true or false" in done.stderr) == (status == 3)
    ran = recording.files["RECORD"]
    assert is_strict == (ran.is_file() and "--strict" in recording.recorded)


@pytest.mark.parametrize("status", [0, 1, 2, 3])
def test_exit_status_is_kept(status: int, recording: Runner) -> None:
    """The step and the job end as `check` does, and the output says how."""
    recording.env["STATUS"] = str(status)
    assert recording.act({"client": "x"}).returncode == status
    assert recording.outputs["exit-status"] == str(status)


def test_action_installs_itself(recording: Runner) -> None:
    """What is judged with is the checkout that the action came from, wherever that is."""
    install = next(step for step in STEPS if step.get("name", "").startswith("Install"))
    recording.env["GITHUB_ACTION_PATH"] = "/some path/$(touch pwned)"
    assert recording.act({}, install).returncode == 0
    assert recording.recorded[:3] == ["-m", "pip", "install"]
    assert recording.recorded[-1] == "/some path/$(touch pwned)[suite]"


CLIENT = {"client": "reference", "scenario": "exchange_jsonapi_error", "strict": "true"}


def test_action_judges_a_client(tmp_path: Path) -> None:
    """The real thing: status, summary of the job, reports, and nothing said to the runner."""
    runner = Runner(tmp_path)
    done = runner.act({**CLIENT, "report-dir": "the reports"})
    assert done.returncode == 0, done.stdout + done.stderr
    reports = runner.folder / "the reports"
    summary = runner.files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
    assert summary == (reports / "summary.md").read_text(encoding="utf-8")
    assert "C09" in (reports / "junit.xml").read_text(encoding="utf-8")
    assert all((runner.folder / path).is_file() for path in [*runner.outputs.values()][1:])
    lines = done.stdout.splitlines()
    token = lines[0].removeprefix("::stop-commands::")
    assert lines[-1] == f"::{token}::"


def test_job_of_gitlab_judges_a_client(tmp_path: Path) -> None:
    """Its reports are where the artifacts are taken from."""
    runner = Runner(tmp_path)
    done = runner.build(CLIENT, "sh")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (runner.folder / JOB["artifacts"]["reports"]["junit"]).is_file()
    assert [one for one in JOB["artifacts"]["paths"] if not (runner.folder / one).is_dir()] == []


def test_wrong_usage_has_no_summary(tmp_path: Path) -> None:
    """Status 3 is told as it is, also where there is no report to show."""
    runner = Runner(tmp_path)
    done = runner.act({})
    assert (done.returncode, runner.outputs["exit-status"]) == (3, "3")
    assert "expected either --client or --command" in done.stderr
    assert not runner.files["GITHUB_STEP_SUMMARY"].exists()
