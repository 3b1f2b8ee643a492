"""The fake in the process of the suite."""

import subprocess
import sys

REFUSED = """
import socket
from urllib.parse import urlsplit
from livestorm_contract_tests.fake.server import Registration, start_fake

client = Registration(client_id="a", client_secret="b", redirect_uri="http://127.0.0.1:9/cb")
with start_fake("happy_path", client, {}, seed="7") as url:
    with socket.create_connection(("127.0.0.1", urlsplit(url).port)) as sent:
        sent.sendall(b"GET / HTTP/1.1\\r\\nHost: x\\r\\nAuthorization: Bearer a\\x01b\\r\\n\\r\\n")
        print(sent.recv(65536).split()[1].decode())
"""


def test_what_the_fake_refuses_is_not_on_standard_error() -> None:
    """A client that sends a control character in a header (C14) is told of by its case alone."""
    done = subprocess.run(
        [sys.executable, "-c", REFUSED], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stdout, done.stderr) == ("400\n", "")
