"""What is released together tells one version, and what it needs is there."""

from .release import check_versions
from .ways import ROOT


def test_all_files_tell_one_version() -> None:
    """The package for Python, that for Node, the changelog and the citation."""
    check_versions()


def test_each_file_that_is_released_names_the_licence() -> None:
    """In the wheel, and in the package for Node."""
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert (ROOT / "clients" / "node" / "LICENSE").read_text(encoding="utf-8") == licence
