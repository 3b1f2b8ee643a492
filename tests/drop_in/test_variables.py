"""The variables that lead programs to the fake, beside what the environment says already."""

import configparser
import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from livestorm_mock_server.interception.java_store import PASSWORD, certificates, read_store
from livestorm_mock_server.interception.trust import read_certificates, trusted_by_machine
from livestorm_mock_server.interception.variables import TABLE, Means, proxy_exceptions, variables
from livestorm_mock_server.tls.authority import Authority, real_time

from ..contract_tests.programs import need_program

WHOLE = [
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "GIT_SSL_CAINFO",
    "AWS_CA_BUNDLE",
    "CARGO_HTTP_CAINFO",
    "PERL_LWP_SSL_CA_FILE",
]
FURTHER = ["NODE_EXTRA_CA_CERTS", "DENO_CERT"]

Make = Callable[..., dict[str, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder whose name has to be quoted."""
    made = tmp_path / 'it\'s a "folder"'
    made.mkdir()
    return made


@pytest.fixture
def make(folder: Path, authority: Authority) -> Make:
    """Make the variables beside an environment."""

    def make_beside(environment: Mapping[str, str], **means: Any) -> dict[str, str]:
        return variables(
            Means(environment=environment, folder=folder, ca_pem=authority.pem, **means)
        )

    return make_beside


def test_variables_are_each_there_once() -> None:
    """No variable has two rows."""
    names = [row.name for row in TABLE]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", WHOLE)
def test_bundle_has_the_fakes_authority_beside_the_machines(
    make: Make, authority: Authority, name: str
) -> None:
    """What replaces the store of a program holds all that was in it."""
    bundle = Path(make({})[name]).read_text()
    assert authority.pem.strip() in bundle
    assert set(certificates(trusted_by_machine({}))) < set(certificates(bundle))


@pytest.mark.parametrize("name", [*WHOLE, *FURTHER])
def test_certificates_that_are_named_already_are_kept(
    make: Make, authority: Authority, tmp_path: Path, name: str
) -> None:
    """A bundle of the user's own is in the place of the machine's."""
    own = Authority.create(now=real_time()).pem
    named = tmp_path / "own.pem"
    named.write_text(own)
    made = certificates(Path(make({name: str(named)})[name]).read_text())
    assert made == [*certificates(own), *certificates(authority.pem)]


@pytest.mark.parametrize("name", FURTHER)
def test_further_certificates_are_the_fakes_alone(
    make: Make, authority: Authority, name: str
) -> None:
    """What a program trusts besides its own store need not hold that."""
    assert Path(make({})[name]).read_text().strip() == authority.pem.strip()


def test_bundle_of_a_folder_has_all_its_files(tmp_path: Path, authority: Authority) -> None:
    """requests takes a folder, too; what is no certificate is left out."""
    (tmp_path / "a.pem").write_text(authority.pem)
    (tmp_path / "b.txt").write_text("x")
    assert read_certificates(str(tmp_path)) == authority.pem


def test_machine_without_a_store_trusts_what_certifi_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no file of the system is found, the public authorities are certifi's."""
    import certifi
    from livestorm_mock_server.interception import trust

    monkeypatch.setattr(trust, "_of_system", lambda: iter(()))
    assert trusted_by_machine({"SSL_CERT_FILE": "/nowhere"}) == certifi.contents()


@pytest.mark.parametrize("name", ["HTTP_PROXY", "https_proxy", "NO_PROXY", "no_proxy"])
def test_no_proxy_is_named_without_one(make: Make, name: str) -> None:
    """Without a proxy of the fake, those of the user stay."""
    assert name not in make({})


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"])
def test_proxy_is_named_in_either_case(make: Make, name: str) -> None:
    """Half of the clients read one case, half the other."""
    assert make({}, proxy_url="http://127.0.0.1:8788")[name] == "http://127.0.0.1:8788"


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("", "localhost,127.0.0.1,::1"),
        ("db.test, .corp", "db.test,.corp,localhost,127.0.0.1,::1"),
        ("localhost", "localhost,127.0.0.1,::1"),
        ("2001:db8::1, ::2, [::3]:80", "2001:db8::1,::2,[::3]:80,localhost,127.0.0.1,::1"),
        ("*", "localhost,127.0.0.1,::1"),
        (".livestorm.co,API.livestorm.co:443,co,x", "x,localhost,127.0.0.1,::1"),
    ],
)
def test_no_proxy_is_kept_but_for_livestorm(now: str, then: str) -> None:
    """What went to no proxy still does, with the loopback, and Livestorm never."""
    assert proxy_exceptions(now) == then


def test_no_proxy_of_the_other_case_is_kept(make: Make) -> None:
    """A user who wrote one of the two meant both."""
    made = make({"no_proxy": "db.test"}, proxy_url="http://127.0.0.1:1")
    assert made["NO_PROXY"] == made["no_proxy"] == "db.test,localhost,127.0.0.1,::1"


def test_java_options_are_kept_and_come_first(make: Make) -> None:
    """Java takes the last of two, which is the fake's."""
    made = make({"JAVA_TOOL_OPTIONS": "-Xmx64m"}, proxy_url="http://127.0.0.1:8788")
    options = made["JAVA_TOOL_OPTIONS"]
    assert options.startswith("-Xmx64m ")
    assert "-Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=8788" in options


def test_java_store_has_the_fakes_authority_beside_the_machines(
    make: Make, folder: Path, authority: Authority
) -> None:
    """Java's store holds all that was trusted."""
    make({})
    stored = read_store((folder / "trusted.jks").read_bytes())
    assert stored is not None
    assert {*certificates(trusted_by_machine({})), *certificates(authority.pem)} == {*stored}


def test_java_reads_the_options_of_a_folder_with_quotes(make: Make, folder: Path) -> None:
    """The path of the store arrives whole."""
    java = need_program("java")
    environment = {**os.environ, "JAVA_TOOL_OPTIONS": make({})["JAVA_TOOL_OPTIONS"]}
    told = subprocess.run(
        [java, "-XshowSettings:properties", "-version"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    assert f"javax.net.ssl.trustStore = {folder / 'trusted.jks'}" in told
    assert PASSWORD in told


def test_php_reads_its_own_folder_first(make: Make) -> None:
    """The empty entry stands for what PHP was built with; a folder of the user's stays."""
    assert make({})["PHP_INI_SCAN_DIR"].startswith(os.pathsep)
    assert make({"PHP_INI_SCAN_DIR": "/own"})["PHP_INI_SCAN_DIR"].startswith(f"/own{os.pathsep}")


def test_php_settings_name_the_bundle(tmp_path: Path, authority: Authority) -> None:
    """Streams and curl have a setting each."""
    made = variables(Means(environment={}, folder=tmp_path, ca_pem=authority.pem))
    settings = configparser.ConfigParser()
    folder = Path(made["PHP_INI_SCAN_DIR"].lstrip(os.pathsep))
    settings.read_string("[php]\n" + (folder / "livestorm-mock.ini").read_text())
    assert set(settings["php"].values()) == {f'"{made["SSL_CERT_FILE"]}"'}


def test_options_of_node_are_kept(make: Make) -> None:
    """What Node is told already, it is still told."""
    made = make({"NODE_OPTIONS": "--max-old-space-size=64"}, node_door="127.0.0.1:1")
    assert made["NODE_OPTIONS"].startswith("--max-old-space-size=64 ")


def test_path_of_python_is_kept_behind_the_shim(make: Make) -> None:
    """The shim is found first, and what was on the path after it."""
    made = make({"PYTHONPATH": f"/a{os.pathsep}/b"}, python_door="127.0.0.1:1")
    assert made["PYTHONPATH"].split(os.pathsep)[1:] == ["/a", "/b"]


def test_no_shim_is_loaded_without_a_door(make: Make) -> None:
    """What can't lead anywhere is not there."""
    assert not {"NODE_OPTIONS", "PYTHONPATH"} & make({}).keys()
