"""Where programs on Linux keep whom they trust: the system's files, and those of some runtimes."""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

BUNDLES: Final = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Alpine, Arch, Gentoo
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora
    "/etc/pki/tls/cert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",  # openSUSE
    "/var/lib/ca-certificates/ca-bundle.pem",
    "/etc/ssl/cert.pem",  # Alpine
    "/usr/lib/ssl/cert.pem",
    "/usr/local/ssl/cert.pem",
    "/etc/ssl/certs/ca-bundle.crt",  # NixOS
    "/home/linuxbrew/.linuxbrew/etc/ca-certificates/cert.pem",
)
"""Files of many certificates: https://go.dev/src/crypto/x509/root_linux.go has most of them."""

FOLDERS: Final = (
    "/etc/ssl/certs",
    "/etc/pki/tls/certs",
    "/usr/lib/ssl/certs",
    "/usr/local/ssl/certs",
)
"""Folders that OpenSSL looks into, for a file named by the hash of a certificate's subject."""

BUNDLE_VARIABLES: Final = (
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "GIT_SSL_CAINFO",
    "PIP_CERT",
    "AWS_CA_BUNDLE",
    "CARGO_HTTP_CAINFO",
    "PERL_LWP_SSL_CA_FILE",
    "DENO_CERT",
    "HTTPLIB2_CA_CERTS",
    "NIX_SSL_CERT_FILE",
)
"""Variables by which a user names a file of his own."""

_CERTIFI: Final = (
    "lib/python3*/site-packages/certifi/cacert.pem",
    "lib/python3*/site-packages/pip/_vendor/certifi/cacert.pem",
    "lib/python3*/dist-packages/certifi/cacert.pem",
    "local/lib/python3*/dist-packages/certifi/cacert.pem",
    "lib64/python3*/site-packages/certifi/cacert.pem",
)
_PYTHON_HOMES: Final = ("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONHOME")
_OF_USER: Final = (
    ".local",
    ".pyenv/versions/*",
    ".local/share/uv/python/*",
    ".local/share/uv/tools/*",
    ".local/share/pipx/venvs/*",
    ".cache/pypoetry/virtualenvs/*",
    ".local/share/virtualenvs/*",
)
_OF_PROJECT: Final = (".venv", "venv", ".tox/*", ".nox/*")

_JAVA_STORE: Final = ("lib/security/cacerts", "jre/lib/security/cacerts")
_JAVA_HOMES: Final = ("/usr/lib/jvm/*", "/opt/java/*", "/opt/jdk*")
_JAVA_OF_USER: Final = (".sdkman/candidates/java/*", ".jdks/*", ".asdf/installs/java/*")


def bundles(environment: Mapping[str, str], command: Sequence[str]) -> list[Path]:
    """Find the files of certificates that there are, each once, by their real paths."""
    named = [environment[one] for one in BUNDLE_VARIABLES if environment.get(one)]
    found = [*map(Path, (*BUNDLES, *named)), *_certifi(environment, command)]
    return _real(one for one in found if one.is_file())


def folders(environment: Mapping[str, str]) -> list[Path]:
    """Find the folders of certificates that there are, as OpenSSL looks into them."""
    named = environment.get("SSL_CERT_DIR", "").split(os.pathsep)
    return _real(one for one in map(Path, (*FOLDERS, *filter(None, named))) if one.is_dir())


def java_stores(environment: Mapping[str, str]) -> list[Path]:
    """Find the trust stores of the Java runtimes that there are."""
    homes = [*_matching(Path("/"), [one[1:] for one in _JAVA_HOMES])]
    homes += _matching(_home(environment), _JAVA_OF_USER)
    if "JAVA_HOME" in environment:
        homes.append(Path(environment["JAVA_HOME"]))
    if (java := shutil.which("java", path=environment.get("PATH"))) is not None:
        homes.append(Path(java).resolve().parent.parent)
    found = [home / name for home in homes for name in _JAVA_STORE]
    return _real(one for one in found if one.is_file())


def _certifi(environment: Mapping[str, str], command: Sequence[str]) -> Iterator[Path]:
    for home in dict.fromkeys(_python_homes(environment, command)):
        yield from _matching(home, _CERTIFI)


def _python_homes(environment: Mapping[str, str], command: Sequence[str]) -> Iterator[Path]:
    """Give the folders in which Pythons may have their libraries."""
    yield from (Path(environment[one]) for one in _PYTHON_HOMES if environment.get(one))
    with suppress(FileNotFoundError):  # The folder may be gone while one is in it.
        yield from _matching(Path.cwd(), _OF_PROJECT)
    path = environment.get("PATH")
    for program in (command[0], "python3", "python"):
        if (found := shutil.which(program, path=path)) is not None:
            yield Path(found).absolute().parent.parent
            yield Path(found).resolve().parent.parent
    yield from (Path("/usr"), Path("/usr/local"))
    yield from _matching(_home(environment), _OF_USER)


def _home(environment: Mapping[str, str]) -> Path:
    return Path(environment.get("HOME") or "/nonexistent")


def _matching(folder: Path, patterns: Sequence[str]) -> Iterator[Path]:
    for one in patterns:
        yield from folder.glob(one)


def _real(found: Iterator[Path]) -> list[Path]:
    return list(dict.fromkeys(one.resolve() for one in found))
