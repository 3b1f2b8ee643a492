"""`make sbom`: what a user's installation of the built wheel consists of, as CycloneDX."""

import subprocess
import sys
import tempfile
from pathlib import Path

from .release import DIST, versions


def main() -> int:
    """Install the wheel with what it needs and nothing else, and write the list of it."""
    wheel = DIST / f"livestorm_mock-{versions()['pyproject.toml']}-py3-none-any.whl"
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
        python = Path(folder) / "bin" / "python"
        uv = [sys.executable, "-m", "uv", "--system-certs", "pip", "install", "--quiet"]
        subprocess.run([*uv, "--python", str(python), str(wheel)], check=True)
        told = [sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible"]
        written = ["--output-file", str(DIST / "sbom.cdx.json"), str(python)]
        return subprocess.run([*told, *written], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
