# A small client for Livestorm that gives the adapter something to drive: put yours in its place.
# It connects a user, calls the API, refreshes when it is told to, and keeps tokens in memory.
# Needs bash 4, curl, jq and sha256sum. Each function leaves in `outcome` what became of it: JSON with a
# `kind`, and how it failed; `status` is that of the answer that made it fail.

declare -A tokens states verifiers dead # by user
work=$(mktemp -d) # private; arguments of programs can be read by everybody on the machine
trap 'rm -rf "$work"' EXIT

# What both programs in jq begin with. `kind_of` is what a caller does about the error codes of RFC 6749.
readonly COMMON='
  def kind_of: {"access_denied": "denied", "invalid_grant": "reauth_required",
    "server_error": "retry_later", "temporarily_unavailable": "retry_later",
    "invalid_client": "config_error", "invalid_request": "config_error", "invalid_scope": "config_error",
    "unauthorized_client": "config_error", "unsupported_grant_type": "config_error"}[. // ""] // "protocol_error";
  def shown: .[:200] | gsub("[\\p{C}\\p{Zl}\\p{Zp}]"; " ");
  def members: ltrimstr("\ufeff") | try fromjson catch {} | if type == "object" then . else {} end;
  def texts: map(select(type == "string"));'

fail() { outcome=$(jq -cn --arg kind "$1" --arg text "$2" '{$kind, $text}'); return 1; }
hashed() { printf %s "$1" | sha256sum | cut -d' ' -f1; }
drawn() { head -c 32 /dev/urandom | sha256sum | cut -d' ' -f1; }
decoded() { local text=${1//+/ }; text=${text//\\/\\\\}; printf '%b' "${text//%/\\x}"; }

# Take the settings: JSON, as the suite has them.
configure() {
  local fields
  mapfile -d '' -t fields < <(jq -j '[
    "\(.authorize_url)?response_type=code&client_id=\(.client_id | @uri)&redirect_uri=\(.redirect_uri | @uri)&scope=\(.scopes | join(" ") | @uri)",
    .token_url, .api_base, "client_id=\(.client_id | @uri)&client_secret=\(.client_secret // "" | @uri)",
    "redirect_uri=\(.redirect_uri | @uri)", (.scopes | join(" ")), .issuer // ""][] | . + "\u0000"' <<<"$1")
  authorize=${fields[0]} token_url=${fields[1]} api_base=${fields[2]} credentials=${fields[3]}
  redirect=${fields[4]} scope=${fields[5]} issuer=${fields[6]}
  tokens=() states=() verifiers=() dead=()
}

# Give the URL for the browser: a fresh state, and PKCE (RFC 7636).
begin() {
  local user=$1 challenge
  states[$user]=$(drawn) verifiers[$user]=$(drawn)
  challenge=$(printf "$(hashed "${verifiers[$user]}" | sed 's/../\\x&/g')" | base64 | tr '+/' '-_' | tr -d '=\n')
  authorize_url="$authorize&state=${states[$user]}&code_challenge=$challenge&code_challenge_method=S256"
  outcome=$(jq -cn --arg authorize_url "$authorize_url" '{kind: "ok", $authorize_url}')
}

# Take the URL that the browser came back to, and exchange the code for tokens.
callback() {
  local user=$1 query=${2#*\?} pair name verifier=${verifiers[$1]} expected=${states[$1]}
  local -A given=()
  [ "$query" != "$2" ] || query=''
  while IFS= read -r -d '&' pair; do
    name=${pair%%=*}
    case $name in code | state | error | iss)
      [ -z "${given[$name]+twice}" ] || { fail security_error "$name comes twice"; return; }
      given[$name]=${pair#*=} ;;
    esac
  done <<<"${query%%#*}&"
  [ -n "$expected" ] && [ "${given[state]}" = "$expected" ] || { fail security_error 'the callback belongs to no flow'; return; }
  [ -z "$issuer" ] || [ "$(decoded "${given[iss]}")" = "$issuer" ] || { fail security_error 'the callback comes from another issuer'; return; }
  unset "states[$user]" "verifiers[$user]" # a callback counts once
  if [ -n "${given[error]+given}" ]; then
    outcome=$(jq -cn --arg error "$(decoded "${given[error]}")" "$COMMON"'
      ($error | shown) as $code | {$code, text: "refused: \($code)",
      kind: (if $code == "invalid_grant" then "protocol_error" else $code | kind_of end)}')
    return 1
  fi
  [ -n "${given[code]}" ] || { fail protocol_error 'the callback has neither a code nor an error'; return; }
  ask_for_token "$user" "grant_type=authorization_code&code=${given[code]}&$redirect&code_verifier=$verifier" # the code as it came, encoded
}

# Keep a token, JSON; what it does not say is as it was asked for.
store() {
  tokens[$1]=$(jq -c --arg scope "$scope" '{$scope} + .' <<<"$2")
  unset "dead[$1]"
  outcome='{"kind": "ok"}'
}

# Refresh now; where no new refresh token comes, the old one stays.
refresh() {
  local user=$1 spent
  spent=$(jq -r '.refresh_token // "" | @uri' <<<"${tokens[$user]:-{\}}")
  [ -z "${dead[$user]}" ] && [ -n "$spent" ] || { fail reauth_required 'there is nothing to refresh with'; return; }
  ask_for_token "$user" "grant_type=refresh_token&refresh_token=$spent" && return
  case $outcome in *'"reauth_required"'*) dead[$user]=yes ;; esac
  return 1
}

# Call the API: user, method, path and, where there is one, a body of JSON.
call() {
  local user=$1 method=$2 path=$3 body=${4:-} status
  case $path in //* | [!/]* | '') fail security_error 'a path begins with one slash'; return ;; esac
  [ -n "${tokens[$user]}" ] && [ -z "${dead[$user]}" ] || { fail reauth_required 'the user is not connected'; return; }
  {
    printf 'Accept: application/vnd.api+json\n'
    [ -z "$body" ] || printf 'Content-Type: application/vnd.api+json\n'
    jq -r '"Authorization: Bearer \(.access_token)"' <<<"${tokens[$user]}"
  } >"$work/sent-head"
  printf %s "$body" >"$work/sent-body"
  send "$method" "$api_base$path" ${body:+--data-binary "@$work/sent-body"} || return
  outcome=$(jq -csR --arg status "$status" --arg path "$path" --arg challenge "$(header www-authenticate)" "$COMMON"'
    . as $body | members as $document | ($challenge | test("Bearer .*\\berror=\"?insufficient_scope")) as $lacks_scope
    | (if $status == "403" or $lacks_scope then "config_error" elif $status == "401" then "reauth_required" else "protocol_error" end) as $kind
    | [$document.errors | arrays | .[:3][] | objects | .title, .detail] as $words
    | if ($status | test("^2")) and ($status == "204" or ($path == "/ping" and $body == "")
        or (($document | has("data")) and ($document | has("errors") | not)))
      then {kind: "ok"}
      else {$kind, text: (["the API answered \($status)", $words[], $challenge] | texts | join("; ") | shown)} end
    | .status = ($status | tonumber)' "$work/body")
  [[ $outcome == '{"kind":"ok"'* ]]
}

# Ask the token endpoint, once, for a user's token by a form (RFC 6749, sections 5.1 and 5.2).
ask_for_token() {
  local user=$1 status
  printf 'Accept: application/json\n' >"$work/sent-head"
  printf %s "$2&$credentials" >"$work/sent-body"
  send POST "$token_url" --data-binary "@$work/sent-body" || return
  outcome=$(jq -csR --arg status "$status" --argjson before "${tokens[$user]:-{\}}" --arg form "$2" "$COMMON"'
    def is_token: type == "string" and test("^[!-~]+$");
    members as $given | ($status | tonumber) as $number
    | if ($given | has("error")) or ($status | test("^2") | not)
      then ($given.error | if type == "string" then shown else null end) as $code
        | {kind: ($code | kind_of), text: "the token endpoint answered \($status) \($code // "")", $code, status: $number}
      elif ($given.token_type | type == "string" and ascii_downcase == "bearer") and ($given.access_token | is_token)
        and ($given.refresh_token // "none" | is_token)
      then ($given.expires_in | tostring | if test("^-?[0-9]{1,10}([.][0-9]+)?$") then now + tonumber else null end) as $expires_at
        | (if $form | startswith("grant_type=refresh_token") then $before else {} end) as $before
        | {kind: "ok", token: ($before + ($given | {access_token, refresh_token, scope} | with_entries(select(.value | type == "string"))) + {$expires_at})}
      else {kind: "protocol_error", text: "\($status) without a token", status: $number} end' "$work/body")
  [[ $outcome == '{"kind":"ok"'* ]] || return 1
  store "$user" "$(jq -c .token <<<"$outcome")"
}

# Send a request and follow nowhere; set `status`, and leave the body of an answer that is none of "try again later".
send() {
  local method=$1 url=$2 seconds
  shift 2
  : >"$work/body"
  status=$(curl -sS --max-time 8 -X "$method" -H "@$work/sent-head" -D "$work/head" -o "$work/body" -w '%{http_code}' "$@" "$url") ||
    { fail transport_error 'no answer came'; return; }
  case $status in 429 | 5??) ;; *) return 0 ;; esac
  seconds=$(header retry-after)
  outcome=$(jq -cn --argjson status "$status" --arg seconds "$seconds" '
    {kind: "retry_later", text: "the server answered \($status)", $status}
    + if $seconds | test("^[0-9]{1,9}$") then {wait: ($seconds | tonumber)} else {} end')
  return 1
}

# Give the value of a header of the answer, by its name in lower case.
header() { awk -v name="$1:" 'tolower($1) == name { sub(/^[^:]*:[ \t]*/, ""); sub(/\r$/, ""); print; exit }' "$work/head"; }
