"""`livestorm-mock init`: an adapter, a first test, a baseline and a workflow to begin with."""

import os
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Final

import click

from .adapters.languages import LANGUAGES, SEARCHED, Language, template
from .runs.baseline import Baseline
from .runs.baseline_file import document_of
from .runs.requirements import newest
from .usage import UsageError

BASELINE: Final = "livestorm_baseline.yaml"
WORKFLOW: Final = ".github/workflows/livestorm.yml"


def init(name: str | None, folder: Path) -> None:
    """Write what a language begins with into a folder: all of it, or nothing. Raises UsageError.

    Without a name, what the folder has decides.
    """
    chosen, because = (name, "") if name is not None else detect(folder)
    language = LANGUAGES[chosen]
    write_new(folder, files_of(chosen))
    click.echo(f"For {chosen}{because}:")
    for path, purpose in purposes(language).items():
        click.echo(f"  {path:<32} {purpose}")
    for told in cautions(folder):
        click.echo(f"\n{told}")
    click.echo("\nAll of it passes `--profile core` as it stands. Next:")
    for command in next_steps(language):
        click.echo(f"  {command}")


def cautions(folder: Path) -> Sequence[str]:
    """Say what keeps the workflow from running as it stands."""
    told = [
        f"Nothing is published yet: LIVESTORM_MOCK in {WORKFLOW} has to name what pip installs."
    ]
    above = folder.absolute().parents
    if not (folder / ".git").exists() and any((one / ".git").exists() for one in above):
        told.append(f"GitHub reads workflows at the root of a repository only: move {WORKFLOW}.")
    return told


def detect(folder: Path) -> tuple[str, str]:
    """Give the language of a project, and in words by what it was told."""
    found = {
        name: marker
        for name in SEARCHED
        for marker in reversed(LANGUAGES[name].markers)
        if (folder / marker).is_file()
    }
    if not found:
        return "python", ", as nothing here points to another language"
    chosen, *others = found
    told = f", as there is {found[chosen]}"
    if others:
        ways = [f"{found[one]}: `livestorm-mock init {one}`" for one in others]
        told += f" (also {', '.join(ways)})"
    return chosen, told


def files_of(name: str) -> Mapping[str, str]:
    """Give the text of each file of a language, by its path."""
    language = LANGUAGES[name]
    texts = (language.adapter, language.example, language.first_test)
    return {
        **{one: template(f"{name}/{one}") for one in texts},
        BASELINE: document_of(Baseline(requirements=newest().name)),
        WORKFLOW: workflow_of(language),
    }


def purposes(language: Language) -> Mapping[str, str]:
    """Say what each file is for."""
    return {
        language.adapter: "drives your client; change what is marked YOURS",
        language.example: "a small client that passes, for yours to take its place",
        language.first_test: "a first test with the fake",
        BASELINE: "what is demanded, and what is known to fail: nothing yet",
        WORKFLOW: "all of it in CI",
    }


def workflow_of(language: Language) -> str:
    """Give the workflow for GitHub."""
    setup = [
        f"      - uses: {action}\n        with:\n          {given}\n"
        for action, given in language.setup.items()
    ]
    build = f"      - name: Build the adapter\n        run: {language.build}\n"
    filled = {
        "@VERSION@": version("livestorm-mock"),
        "@SETUP@": "".join(setup),
        "@BUILD@": build if language.build else "",
        "@TEST@": language.test,
        "@CLIENT@": language.client,
    }
    text = template("livestorm.yml")
    for mark, value in filled.items():
        text = text.replace(mark, value)
    return text


def next_steps(language: Language) -> Sequence[str]:
    """Give the commands that show that all is well."""
    check = f'livestorm-mock check --client "{language.client}" --profile core --fast'
    steps = (language.build, f"{check} --baseline {BASELINE}", language.test)
    return [one for one in steps if one is not None]


def write_new(folder: Path, texts: Mapping[str, str]) -> None:
    """Write files, none of which may be there; where one can't be written, leave none.

    Raises UsageError.
    """
    there = [path for path in texts if os.path.lexists(folder / path)]
    if there:
        told = f"{', '.join(there)}: already here, so nothing was written"
        raise UsageError(f"{told}; move it away, or use another folder")
    written: list[Path] = []
    try:
        for path, text in texts.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("x", encoding="utf-8") as file:
                written.append(target)
                file.write(text)
    except OSError as error:
        for one in written:
            one.unlink(missing_ok=True)
        told = os.strerror(error.errno or 0)
        raise UsageError(f"{error.filename or target}: can't be written: {told}") from None
