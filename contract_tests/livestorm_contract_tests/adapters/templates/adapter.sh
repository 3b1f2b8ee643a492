#!/usr/bin/env bash
# An adapter in shell with curl and jq: `livestorm-mock check --client "bash adapter.sh"`.
# Call your own script where it says YOURS, and claim in `ready` only what it can do.
exec 3>&1 1>&2 # standard output is for the protocol only
declare -A tokens states
config='{}'

say() { printf '%s\n' "$1" >&3; }
get() { jq -r "$1 // empty" <<<"$2"; }
ok() { jq -cn --argjson id "$id" --argjson more "${1:-{\}}" '{type: "result", id: $id, kind: "ok"} + $more' >&3; }
no() { jq -cn --argjson id "$id" --arg kind "$1" '{type: "result", id: $id, kind: $kind}' >&3; }
sha() { [ -n "$1" ] && printf '"sha256:%s"' "$(printf %s "$1" | sha256sum | cut -d' ' -f1)" || printf null; }
query() { jq -rn --arg url "$1" --arg name "$2" '[$url | split("?")[1] // "" | split("&")[] | split("=") | select(.[0] == $name) | .[1]] | join(",")'; }

begin() { # YOURS
  states[$user]=$(head -c 32 /dev/urandom | sha256sum | cut -d' ' -f1)
  ok "$(jq -c --arg state "${states[$user]}" '{authorize_url: "\(.authorize_url)?response_type=code&client_id=\(.client_id | @uri)&redirect_uri=\(.redirect_uri | @uri)&scope=\(.scopes | join(" ") | @uri)&state=\($state)"}' <<<"$config")"
}

callback() { # YOURS
  local url expected=${states[$user]} code body status
  url=$(get .url "$message")
  unset "states[$user]"
  [ -n "$expected" ] && [ "$(query "$url" state)" = "$expected" ] || { no security_error; return; }
  case $(query "$url" error) in
    '') ;;
    access_denied) no denied; return ;;
    *) no config_error; return ;;
  esac
  # The form goes through standard input: what stands in arguments, everybody on the machine can read.
  code=$(query "$url" code)
  body=$(jq -j --arg code "$code" '"grant_type=authorization_code&code=\($code)&client_id=\(.client_id | @uri)&client_secret=\(.client_secret | @uri)&redirect_uri=\(.redirect_uri | @uri)"' <<<"$config" |
    curl -sS --max-time 8 -H 'Accept: application/json' --data @- -w '\n%{http_code}' "$(get .token_url "$config")") || { no transport_error; return; }
  status=${body##*$'\n'} body=${body%$'\n'*}
  case $status in
    2??) jq -e '(.access_token | strings | length > 0) and (has("error") | not)' <<<"$body" >/dev/null && tokens[$user]=$body && ok || no protocol_error ;;
    429 | 5??) no retry_later ;;
    *) no protocol_error ;;
  esac
}

# A reply's `http_status` is that of the API's last answer; the token endpoint's goes into `error`.
seed() { tokens[$user]=$(jq -c .token <<<"$message"); ok; } # YOURS
state() { # YOURS
  local token=${tokens[$user]:-null}
  [ "$token" = null ] && { ok '{"token": null, "needs_reauth": true}'; return; }
  ok "{\"token\": {\"access_token\": $(sha "$(get .access_token "$token")"), \"refresh_token\": $(sha "$(get .refresh_token "$token")")}}"
}

say '{"type": "ready", "protocol": 1, "client": {"name": "my-shell-client", "version": "1", "language": "bash"}, "ops": ["begin", "callback", "seed", "state"], "features": {"auth_methods": ["client_secret_post"], "base_path": true, "state": "adapter"}}'
while IFS= read -r message; do
  id=$(get .id "$message") user=$(get .user "$message") user=${user:-u1}
  case "$(get .type "$message") $(get .op "$message")" in
    'configure ') config=$(jq -c .config <<<"$message") tokens=() states=(); ok ;;
    'end_case ') ok ;;
    'command begin' | 'command callback' | 'command seed' | 'command state') "$(get .op "$message")" ;;
    *) no unsupported ;;
  esac
done
