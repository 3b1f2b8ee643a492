"""Puts the job to the suite: livestorm-mock check --client "python adapter.py refresh.sh".

`python adapter.py naive.sh` is the job as a guide would write it. The adapter stands in place of
cron and of whoever reads its mail: each operation is a run of the script, with a file of tokens for
each user. The job can do what it is there for, and that is all that is claimed.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from livestorm_contract_tests.adapter import fingerprint, serve

Members = dict[str, Any]
KINDS = {
    0: "ok",
    64: "security_error",
    69: "transport_error",
    75: "retry_later",
    76: "protocol_error",
    77: "reauth_required",
    78: "config_error",
}
"""What an exit status says; any other is one that nobody expects."""
SAVED = {"type": "event", "event": "token_saved"}


class Adapter:
    """Answers the messages of the suite, by a script."""

    def __init__(self, script: Path) -> None:
        self.script = script.resolve()
        is_repaired = self.script.name == "refresh.sh"
        self.emit: Any = None
        self.ready: Members = {
            "type": "ready",
            "protocol": 1,
            "client": {
                "name": f"cron-{'repaired' if is_repaired else 'naive'}",
                "version": "1",
                "language": "sh",
                "stack": ["curl", "jq"],
            },
            "ops": ["call", "refresh", "seed", "state", "restart"],
            "features": {
                "refresh": "explicit",
                "persist": "file",
                "base_path": True,
                "tls_ca": True,
                "logs": ["stderr"],
            },
        }

    def command(self, message: Members) -> Members:
        """Answer one message."""
        op = message.get("op", "")
        if message["type"] == "configure":
            self.configure(message["config"])
        if message["type"] in ("configure", "end_case"):
            return {"kind": "ok"}
        if op not in self.ready["ops"]:
            return {"kind": "unsupported", "reason": f"no {op}"}
        name = hashlib.sha256(message.get("user", "u1").encode()).hexdigest()
        answered: Members = getattr(self, op)(self.folder / f"{name}.json", message)
        return answered

    def configure(self, config: Members) -> None:
        """Take the settings to the script's environment."""
        self.folder = Path(config["store_dir"])
        self.environment = {
            **os.environ,
            "LIVESTORM_TOKEN_URL": config["token_url"],
            "LIVESTORM_API_URL": config["api_base"],
            "LIVESTORM_CLIENT_ID": config["client_id"],
            "LIVESTORM_CLIENT_SECRET": config["client_secret"],
        }
        if config["ca_pem"]:
            trusted = self.folder / "ca.pem"
            trusted.write_text(config["ca_pem"], encoding="utf-8")
            self.environment["CURL_CA_BUNDLE"] = str(trusted)

    def call(self, tokens: Path, message: Members) -> Members:
        """Show a document."""
        if (method := message.get("method", "GET")) != "GET":
            return {"kind": "unsupported", "reason": f"the job sends no {method}"}
        return self.run(tokens, "call", message["path"])

    def refresh(self, tokens: Path, message: Members) -> Members:
        """Refresh, as every hour."""
        reply = self.run(tokens, "refresh")
        if reply["kind"] == "ok":
            self.emit({**SAVED, "user": message.get("user", "u1")})
        return reply

    def seed(self, tokens: Path, message: Members) -> Members:
        """Store tokens as whoever connects the account does."""
        Path(f"{tokens}.later").unlink(missing_ok=True)
        tokens.touch(mode=0o600)
        tokens.write_text(json.dumps(message["token"]), encoding="utf-8")
        return {"kind": "ok"}

    def state(self, tokens: Path, message: Members) -> Members:
        """Say what the file has; a token is named by its hash."""
        try:
            held = json.loads(tokens.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            held = None
        if not isinstance(held, dict) or not held.get("access_token"):
            return {"kind": "ok", "token": None, "needs_reauth": held is not None}
        secrets = {name: held.get(name) for name in ("access_token", "refresh_token")}
        token = {name: fingerprint(text) if text else None for name, text in secrets.items()}
        return {"kind": "ok", "token": {**token, "scope": held.get("scope")}, "needs_reauth": False}

    def run(self, tokens: Path, *words: str) -> Members:
        """Run the script; tell what its exit status and its last line say."""
        done = subprocess.run(
            ["sh", str(self.script), *words],
            env={**self.environment, "LIVESTORM_TOKENS": str(tokens)},
            capture_output=True,
            check=False,
        )
        told = done.stderr.decode(errors="replace")
        sys.stderr.write(told)
        kind = KINDS.get(done.returncode, "bug")
        if kind == "ok":
            return {"kind": kind}
        wait, status = re.search(r"again in (\d+) s", told), re.search(r" answered (\d{3})", told)
        error = {"message": told.strip(), "repr": f"exit status {done.returncode}: {told.strip()}"}
        return {
            "kind": kind,
            "not_before_s": int(wait[1]) if wait else None,
            "error": {**error, "http_status": int(status[1]) if status else None},
        }


if __name__ == "__main__":
    serve(Adapter(Path(sys.argv[1])))
