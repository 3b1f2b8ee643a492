#!/usr/bin/env bash
# The adapter: `livestorm-mock check --client "bash livestorm_adapter.sh"` drives a client by it.
# Now it drives the example beside it, and passes. What is marked YOURS is to be changed: call your
# own client there, and claim in `ready` what it does. docs/adapter-protocol.md of
# livestorm-mock has all the members.
exec 3>&1 1>&2 # standard output is for the protocol only
. "$(dirname "$0")/livestorm_example.sh" # YOURS: your client

# YOURS: `client` is what reports call it. `ops` is what it can do at all: what is missing is skipped
# and shown, never passed; further operations are `list`, `clock`, `cancel`, and `restart` for a
# client that stores in files. `features` is what it does by itself; a claim that is not true fails:
# refresh        `auto`: `call` refreshes by itself
# on_401         `call` answers a 401 by a refresh, and tries again
# refresh_ahead  `call` sends no token whose `expires_at` has passed
# persist        `file`: tokens outlive the process under `store_dir`
# base_path      all URLs are taken from `config`, their paths included
# state          who compares `state`: the client (`library`), or this adapter
ready='{"type": "ready", "protocol": 1,
  "client": {"name": "my-client", "version": "1", "language": "bash"},
  "ops": ["begin", "callback", "call", "refresh", "seed", "state"],
  "features": {"refresh": "explicit", "on_401": false, "refresh_ahead": false, "parallel": false,
    "persist": "none", "pkce": true, "iss": true, "auth_methods": ["client_secret_post"],
    "base_path": true, "state": "library"}}'

# Say what is stored; a token is named by its hash, never shown. `dead` is YOURS: not empty where the
# user has to connect again.
state() {
  local held=${tokens[$user]:-null} access refreshing # YOURS: what is stored, as JSON
  [ "$held" != null ] || { outcome='{"kind": "ok", "token": null, "needs_reauth": false}'; return; }
  { IFS= read -r access; IFS= read -r refreshing; } < <(jq -r '.access_token, .refresh_token // ""' <<<"$held")
  outcome=$(jq -c --arg access "$(hashed "$access")" --arg refreshing "${refreshing:+$(hashed "$refreshing")}" --arg dead "${dead[$user]}" '
    {kind: "ok", needs_reauth: ($dead != ""), token: {access_token: "sha256:\($access)", expires_at, scope,
    refresh_token: (if $refreshing == "" then null else "sha256:\($refreshing)" end)}}' <<<"$held")
}

# Carry out one operation for a user, each of whom has a connection of its own.
carry_out() {
  case $op in
    begin) begin "$user" ;; # YOURS
    callback) callback "$user" "$url" ;; # YOURS
    call) case $method in
        POST | PUT | PATCH) call "$user" "$method" "$path" "$body" ;; # YOURS
        *) call "$user" "$method" "$path" ;; # YOURS
      esac ;;
    refresh) refresh "$user" ;; # YOURS
    seed) store "$user" "$token" ;; # YOURS: store a token as an exchange would
    state) state ;;
    *) outcome='{"kind": "unsupported"}' ;;
  esac
}

# One line of JSON; `http_status` is the API's only, the token endpoint's belongs into `error` alone.
# YOURS: what your client leaves in `outcome`. Each of its failures is one of the protocol's kinds, such
# as 7 and 28 of curl: case $? in 7 | 28) kind=transport_error ;; esac
reply() {
  jq -c --argjson id "$id" --arg op "$op" '{type: "result", $id} + if .text then
    {kind, error: {class: "Failure", message: .text, repr: .text, code, http_status: .status}}
    + if .wait then {not_before_s: .wait} else {} end
    + if $op == "call" and .status then {http_status: .status} else {} end
    elif $op == "call" then {kind, http_status: .status} else . end' <<<"$outcome" >&3
}

jq -c . <<<"$ready" >&3
while IFS= read -r message; do
  mapfile -d '' -t fields < <(jq -j '[(.id | tojson), .type, .op // "", .user // "u1", .url // "", .method // "GET", .path // "",
    (.body // {} | tojson), (.token // {} | tojson), (.config // {} | tojson)][] | . + "\u0000"' <<<"$message")
  id=${fields[0]} type=${fields[1]} op=${fields[2]} user=${fields[3]} url=${fields[4]}
  method=${fields[5]} path=${fields[6]} body=${fields[7]} token=${fields[8]}
  outcome='{"kind": "ok"}'
  case $type in
    configure) configure "${fields[9]}" ;; # a new case: nothing of the one before is kept
    end_case) ;;
    command) carry_out ;;
    *) outcome='{"kind": "unsupported"}' ;;
  esac
  reply
done
