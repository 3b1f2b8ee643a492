"""How many examples Hypothesis tries, and whether they are the same each time."""

import os

from hypothesis import settings

settings.register_profile("livestorm-contract", deadline=None, max_examples=200)
settings.register_profile(
    "livestorm-contract-ci",
    parent=settings.get_profile("livestorm-contract"),
    derandomize=True,
    print_blob=True,
)


def contract_settings() -> settings:
    """Give the settings of the contract tests; in CI the examples are the same in each run."""
    in_ci = os.environ.get("CI", "").lower() in ("1", "true", "yes")
    return settings.get_profile("livestorm-contract-ci" if in_ci else "livestorm-contract")
