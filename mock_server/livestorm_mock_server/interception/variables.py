"""The variables by which programs of each runtime find the fake, and trust it."""

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from zlib import crc32

import msgspec

from ..real_hosts import DOMAIN, SERVES
from .java_store import PASSWORD
from .trust import (
    read_certificates,
    trusted_by_machine,
    write_bundle,
    write_java_store,
)

SHIMS: Final = Path(__file__).with_name("shims")
LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")


class Means(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to lead programs with; without a proxy and doors, they are made to trust only.

    `environment` is what the command would have without the fake: what it says is kept.
    """

    environment: Mapping[str, str]
    folder: Path
    """For the files that the variables name; the command has to be able to read it."""
    ca_pem: str
    proxy_url: str | None = None
    """Such as `http://127.0.0.1:8788`."""
    node_door: str | None = None
    python_door: str | None = None
    """Where these shims lead connections, `127.0.0.1:PORT`: HTTP and HTTPS at once."""
    written: set[Path] = set()
    """The files that there are already; several variables name the same."""


class Variable(msgspec.Struct, frozen=True, kw_only=True):
    """A row: a variable, who reads it, and how it is made from the means and its present value.

    Where there is nothing to say, it is None, and the variable stays as it is.
    """

    name: str
    readers: str
    value: Callable[[Means, str], str | None]


def variables(means: Means) -> dict[str, str]:
    """Give what the command's environment needs, and write the files that are named in it."""
    made = ((row.name, row.value(means, present(means, row.name))) for row in TABLE)
    return {name: value for name, value in made if value is not None}


def present(means: Means, name: str) -> str:
    """Give the present value of a variable; of a proxy's also in the other case."""
    other = name.swapcase() if name.lower().endswith("_proxy") else name
    return means.environment.get(name) or means.environment.get(other) or ""


def proxy_exceptions(now: str) -> str:
    """Give what goes to no proxy: what did so before, and the loopback, never Livestorm."""
    kept = [one.strip() for one in now.split(",") if one.strip() and not _is_real(one.strip())]
    return ",".join(dict.fromkeys([*kept, *LOOPBACK]))


def _is_real(exception: str) -> bool:
    """Tell whether an entry excepts Livestorm's hosts: itself, a domain above it, or all."""
    bare = exception.lower().removeprefix("*").lstrip(".")
    host = bare.partition(":")[0] if bare.count(":") == 1 else bare
    return host in ("", "co", DOMAIN, *SERVES)


def _whole(means: Means, now: str) -> str:
    """Give a bundle in the place of what is trusted now."""
    return _bundle(means, "trusted", now, trusted_by_machine)


def _further(means: Means, now: str) -> str:
    """Give certificates beside those that a program knows by itself."""
    return _bundle(means, "further", now, lambda _: "")


def _bundle(means: Means, name: str, now: str, without: Callable[[Mapping[str, str]], str]) -> str:
    """Write the fake's authority beside those of the file that is named now, or beside others."""
    named = read_certificates(now) if now else ""
    path = means.folder / (f"{name}-{crc32(now.encode()):08x}.pem" if named else f"{name}.pem")
    if path not in means.written:
        write_bundle(path, named or without(means.environment), means.ca_pem)
        means.written.add(path)
    return str(path)


def _proxy(means: Means, _now: str) -> str | None:
    """Name the fake's proxy."""
    return means.proxy_url


def _no_proxy(means: Means, now: str) -> str | None:
    """Keep what is excepted now but for Livestorm, and add the loopback."""
    return proxy_exceptions(now) if means.proxy_url else None


def _java(means: Means, now: str) -> str:
    """Add properties; of one that is named twice, Java takes the last."""
    store = write_java_store(
        means.folder / "trusted.jks", trusted_by_machine(means.environment), means.ca_pem
    )
    properties = {
        "javax.net.ssl.trustStore": str(store),
        "javax.net.ssl.trustStoreType": "JKS",
        "javax.net.ssl.trustStorePassword": PASSWORD,
    }
    if means.proxy_url:
        at = urlsplit(means.proxy_url)
        for scheme in ("http", "https"):
            properties[f"{scheme}.proxyHost"] = str(at.hostname)
            properties[f"{scheme}.proxyPort"] = str(at.port)
    ours = [_quoted_for_java(f"-D{name}={value}") for name, value in properties.items()]
    return " ".join([now, *ours] if now else ours)


def _php(means: Means, now: str) -> str:
    """Add a folder; an empty entry stands for the one that was built in."""
    folder = means.folder / "php"
    folder.mkdir(exist_ok=True)
    bundle = _whole(means, "")
    text = f'openssl.cafile = "{bundle}"\ncurl.cainfo = "{bundle}"\n'
    (folder / "livestorm-mock.ini").write_text(text, encoding="utf-8")
    return f"{now}{os.pathsep}{folder}"


def _node(means: Means, now: str) -> str | None:
    """Add the shim to the options that there are."""
    if means.node_door is None:
        return None
    preload = shutil.copy(SHIMS / "node_preload.cjs", means.folder)
    return " ".join(filter(None, (now, _quoted(f"--require={preload}"))))


def _python(means: Means, now: str) -> str | None:
    """Put the shim in front of the folders that there are."""
    if means.python_door is None:
        return None
    folder = means.folder / "python"
    folder.mkdir(exist_ok=True)
    shutil.copy(SHIMS / "sitecustomize.py", folder)
    shutil.copy(SHIMS.with_name("connect_shim.py"), folder / "livestorm_mock_connect_shim.py")
    return os.pathsep.join(filter(None, (str(folder), now)))


def _node_door(means: Means, _now: str) -> str | None:
    """Say where the shim leads."""
    return means.node_door


def _python_door(means: Means, _now: str) -> str | None:
    """Say where the shim leads."""
    return means.python_door


def _quoted(word: str) -> str:
    """Quote a word where it needs it: https://nodejs.org/api/cli.html#node_optionsoptions."""
    if not set(word) & set(' "\\'):
        return word
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _quoted_for_java(word: str) -> str:
    """Quote a word where it needs it; Java knows no escapes, but quotes of two kinds.

    https://docs.oracle.com/en/java/javase/21/docs/specs/jvmti.html#tooloptions
    """
    if not set(word) & set(" \"'"):
        return word
    return '"' + word.replace('"', '"\'"\'"') + '"'


TABLE: Final = (
    Variable(name="HTTP_PROXY", readers="most clients", value=_proxy),
    Variable(name="http_proxy", readers="most clients, curl", value=_proxy),
    Variable(name="HTTPS_PROXY", readers="most clients", value=_proxy),
    Variable(name="https_proxy", readers="most clients, wget", value=_proxy),
    Variable(name="NO_PROXY", readers="most clients", value=_no_proxy),
    Variable(name="no_proxy", readers="most clients", value=_no_proxy),
    Variable(name="SSL_CERT_FILE", readers="OpenSSL: Python, httpx, Ruby, Go", value=_whole),
    Variable(name="REQUESTS_CA_BUNDLE", readers="requests", value=_whole),
    Variable(name="CURL_CA_BUNDLE", readers="curl, requests", value=_whole),
    Variable(name="NODE_EXTRA_CA_CERTS", readers="Node", value=_further),
    Variable(name="NODE_OPTIONS", readers="Node", value=_node),
    Variable(name="LIVESTORM_MOCK_NODE_DOOR", readers="the shim of Node", value=_node_door),
    Variable(name="PYTHONPATH", readers="Python", value=_python),
    Variable(
        name="LIVESTORM_MOCK_PYTHON_DOOR",
        readers="the shim of Python",
        value=_python_door,
    ),
    Variable(name="JAVA_TOOL_OPTIONS", readers="Java", value=_java),
    Variable(name="DENO_CERT", readers="Deno", value=_further),
    Variable(name="PHP_INI_SCAN_DIR", readers="PHP", value=_php),
    Variable(name="PERL_LWP_SSL_CA_FILE", readers="Perl's LWP", value=_whole),
    Variable(name="GIT_SSL_CAINFO", readers="git", value=_whole),
    Variable(name="AWS_CA_BUNDLE", readers="the AWS SDKs", value=_whole),
    Variable(name="CARGO_HTTP_CAINFO", readers="Cargo", value=_whole),
)


def ca_variables() -> list[str]:
    """Give the names of the variables whose present value is a file of certificates."""
    return [row.name for row in TABLE if row.value in (_whole, _further)]
