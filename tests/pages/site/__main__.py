"""The second half of `make docs`: build the documentation as a site, without a network."""

import sys

from .build import SITE, build

problems = build()
if problems:
    sys.exit(problems)
sys.stdout.write(f"{SITE / 'index.html'}\n")
