"""Names by which things are found."""

from collections import Counter

from .imports import modules


def test_no_module_name_of_the_contract_tests_stands_twice() -> None:
    """A file of the contract tests is found by its name alone."""
    named = [path.name for name, path in modules().items() if "contract_tests" in name]
    counts = Counter(name for name in named if name != "__init__.py")
    assert [name for name, count in counts.items() if count > 1] == []
