#!/usr/bin/env bash
# A first test: `livestorm-mock serve` is a fake Livestorm, and each test has a sandbox of its own.
. "$(dirname "$0")/livestorm_example.sh" # YOURS

coproc server { exec livestorm-mock serve --port 0 --json --exit-with-parent; } # ends with its standard input
IFS= read -r served <&"${server[0]}"
failures=0

control() { curl -sS --fail-with-body -H 'content-type: application/json' -d "$2" "$1"; }
of() { jq -r "$1" <<<"$2"; }

# Open a sandbox, and connect its user.
connect() {
  local location
  sandbox=$(control "$(of .control_url "$served")/sandboxes" '{}')
  configure "$(jq '{authorize_url: "\(.app_url)/oauth/authorize", token_url: "\(.app_url)/oauth/token", api_base: .api_url,
    client_id, client_secret, redirect_uri: .redirect_uris[0], scopes: ["identity:read"]}' <<<"$sandbox")"
  begin u1
  # The user at the browser:
  location=$(control "$(of .control_url "$sandbox")/authorize" "$(jq -n --arg url "$authorize_url" '{$url, decision: "approve"}')")
  callback u1 "$(of .location "$location")"
}

# Compare what an outcome has with what is expected of it.
expect() {
  if [ "$(jq -c "$2" <<<"$outcome")" = "$3" ]; then echo "ok - $1"; else
    echo "not ok - $1: $outcome"
    failures=1
  fi
}

connect
call u1 GET /me
expect 'a connected user can call' .status 200

connect
control "$(of .control_url "$sandbox")/faults" '{"on": "api.me", "fault": "rate_limited", "retry_after": 2}' >"$work/armed"
call u1 GET /me
expect 'a limit is told with its wait' '[.kind, .wait]' '["retry_later",2]'
exit $failures
