"""What `livestorm-mock init` writes for each language: the templates, and how they are run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language: its templates are the files of a folder that is called as it is."""

    markers: Sequence[str] = ()
    """Files by which a project shows that it is written in it."""
    adapter: str
    example: str
    first_test: str
    client: str
    """What starts the adapter, for `--client`."""
    build: str | None = None
    """What has to be run before, and after each change."""
    test: str
    """What runs the first test."""
    setup: Mapping[str, str] = field(default_factory=dict)
    """Actions that bring it to a runner of GitHub, each with its input."""


LANGUAGES: Mapping[str, Language] = {
    "python": Language(
        markers=("pyproject.toml", "setup.py", "requirements.txt"),
        adapter="livestorm_adapter.py",
        example="livestorm_example.py",
        first_test="test_livestorm.py",
        client="python livestorm_adapter.py",
        test="python -m pytest test_livestorm.py",
    ),
    "node": Language(
        markers=("package.json",),
        adapter="livestorm_adapter.mjs",
        example="livestorm_example.mjs",
        first_test="livestorm.test.mjs",
        client="node livestorm_adapter.mjs",
        test="node --test livestorm.test.mjs",
        setup={"actions/setup-node@v4": 'node-version: "22"'},
    ),
    "go": Language(
        markers=("go.mod",),
        adapter="livestorm_adapter.go",
        example="livestorm_example.go",
        first_test="livestorm_test.go",
        client="./livestorm_adapter",
        build="go build -o livestorm_adapter livestorm_adapter.go livestorm_example.go",
        test="go test livestorm_test.go livestorm_example.go",
        setup={"actions/setup-go@v5": "go-version: stable"},
    ),
    "ruby": Language(
        markers=("Gemfile",),
        adapter="livestorm_adapter.rb",
        example="livestorm_example.rb",
        first_test="test_livestorm.rb",
        client="ruby livestorm_adapter.rb",
        test="ruby test_livestorm.rb",
        setup={"ruby/setup-ruby@v1": 'ruby-version: "3.3"'},
    ),
    "shell": Language(
        adapter="livestorm_adapter.sh",
        example="livestorm_example.sh",
        first_test="test_livestorm.sh",
        client="bash livestorm_adapter.sh",
        test="bash test_livestorm.sh",
    ),
}

SEARCHED = ("go", "ruby", "python", "node")
"""The languages in the order in which a project is searched for them.

Node comes last: a package.json may be there for a project's pages alone.
"""


def template(name: str) -> str:
    """Give the text of a template by its path."""
    return (files(__package__) / "templates" / name).read_text(encoding="utf-8")
