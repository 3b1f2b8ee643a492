"""Where `livestorm-mock` and `python -m livestorm_mock_server` begin."""

import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line; a Ctrl-C while it is loaded ends it as one does later."""
    try:
        from . import cli

        cli.main()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
