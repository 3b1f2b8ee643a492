"""Show the other containers whom to trust, then become `livestorm-mock serve`.

PORT is where it listens, 443 by default, CERTIFICATES a folder that the other containers see, and
AUTHORITY one that is kept, by default none. All arguments go to `serve`.
"""

import os
import sys
import tempfile
from pathlib import Path

from livestorm_mock_server.interception.trust import trusted_by_machine, write_bundle
from livestorm_mock_server.tls.authority import Authority, real_time

shared = Path(os.environ.get("CERTIFICATES", "/certificates"))
# The key stays here: what is shared are certificates.
private = Path(os.environ.get("AUTHORITY", tempfile.mkdtemp()))
authority = Authority.in_folder(private, now=real_time())
write_bundle(shared / "ca.pem", authority.pem)
# Most runtimes know one file: it has what they trust anyway, too.
write_bundle(shared / "bundle.pem", trusted_by_machine({}), authority.pem)

program = str(Path(sys.executable).with_name("livestorm-mock"))
# Only the containers of this project reach it.
reached = ["--host", "0.0.0.0", "--port", os.environ.get("PORT", "443")]  # noqa: S104
os.execv(program, [program, "serve", "--tls", "--ca-dir", str(private), *reached, *sys.argv[1:]])
