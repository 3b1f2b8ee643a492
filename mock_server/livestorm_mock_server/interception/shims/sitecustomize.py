"""Connections to Livestorm's hosts lead to the fake: what Python loads before anything else.

The `sitecustomize` that Python would have loaded otherwise is loaded, too, in the place of this
one. Nothing here is told or raised, and nothing needs more than Python 3.8.
"""

import os
import sys


def _load_the_other_one() -> None:
    from importlib.machinery import PathFinder
    from importlib.util import module_from_spec

    here = os.path.dirname(os.path.abspath(__file__))
    paths = [os.path.abspath(path) for path in sys.path]
    # Only what comes after this one, which may itself be such a shim.
    last = max((number for number, path in enumerate(paths) if path == here), default=-1)
    spec = PathFinder.find_spec("sitecustomize", paths[last + 1 :])
    if spec is not None and spec.loader is not None:
        module = module_from_spec(spec)
        sys.modules["sitecustomize"] = module
        spec.loader.exec_module(module)


def _lead_connections() -> None:
    host, _, port = os.environ.get("LIVESTORM_MOCK_PYTHON_DOOR", "").partition(":")
    if port:
        from livestorm_mock_connect_shim import install

        install((host, int(port)))


try:  # noqa: SIM105 - contextlib would be loaded into each program
    _lead_connections()
except Exception:  # noqa: S110 - whatever it is, the program must not suffer from it
    pass
_load_the_other_one()
