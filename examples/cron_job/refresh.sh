#!/bin/sh
# Refreshes the stored tokens, and says whose they are: for cron, every hour.
#
#     0 * * * *  LIVESTORM_TOKENS=/var/lib/us/livestorm.json /usr/local/bin/refresh.sh
#
# `refresh.sh refresh` does the first of it only, `refresh.sh call /events` shows another document.
# The file has the tokens, as the token endpoint gave them. Exit status 0: all is well; 69: no answer;
# 75: not now, so leave it to the next run; 76: an answer that makes no sense; 77: somebody has to
# connect the account again; 78: the settings are wrong; 64: no such path. Needs curl, jq and flock.
#
#     livestorm-mock run -- ./try.sh                                  against the fake, in this folder
#     livestorm-mock check --client "python adapter.py refresh.sh"    what the suite says of it
#
# `naive.sh` is the same as a guide would write it; each comment here that begins with "Mends" names
# what the suite says of that one.
set -eu
umask 077 # Mends store-open-to-others: a file is its owner's from the beginning.

token_url=${LIVESTORM_TOKEN_URL:-https://app.livestorm.co/oauth/token}
api_url=${LIVESTORM_API_URL:-https://api.livestorm.co/v1}
tokens=${LIVESTORM_TOKENS:-$HOME/.livestorm/tokens.json}
later=$tokens.later
most=2048 # blocks of 512 bytes, of an answer
: "${LIVESTORM_CLIENT_ID:?}" "${LIVESTORM_CLIENT_SECRET:?}"

# Mends unexpected-exception: one line, and a status for each thing that somebody has to do.
give_up() { # status, words
  echo "livestorm: $2" >&2
  exit "$1"
}

# Mends refresh-token-lost, token-not-validated, jsonapi-error-taken-for-token, failure-remembered:
# nothing but a token gets into the file, and the old refresh token stays where none comes.
tokens_of='
  def is_token: type == "string" and test("^[!-~]+$");
  def is_bearer: type == "string" and ascii_downcase == "bearer";
  members as $given
  | select(($status | test("^2")) and ($given | has("error") | not) and ($given.token_type | is_bearer)
      and ($given.access_token | is_token) and ($given.refresh_token // "" | . == "" or is_token))
  | $old[0] + ($given | {access_token, refresh_token, scope}
      | with_entries(select(.value | type == "string" and . != "")))'

# Mends no-document-taken: a document has data, and no errors.
is_document='members | has("data") and (has("errors") | not)'

# Mends api-error-not-shown, foreign-text-passed-on: what an answer says of an error, as one short line.
words='
  members | [(.error | strings), (.errors | arrays | .[:3][] | objects | .title, .detail | strings)]
  | join(": ") | .[:200] | gsub("[^ -~]"; " ")'

# Mends odd-answer-breaks: what is no JSON object has no members.
judge() { # a program in jq, options; the answer is in $work/body
  program='def members: ltrimstr("\ufeff") | try fromjson catch {} | if type == "object" then . else {} end;'
  program="$program $1"
  shift
  jq --raw-input --slurp --raw-output --exit-status "$@" "$program" "$work/body" 2>/dev/null
}

# Mends no-refresh-lock, no-lock-across-processes, not-saved-durably: one run at a time; what is new
# takes the place of the old in one step, and has room there before the old is spent.
refresh() {
  (: >>"$tokens.lock") 2>/dev/null || give_up 78 "$tokens can't be written"
  exec 9>"$tokens.lock"
  flock --wait 30 9 || give_up 75 "another run has the tokens"
  has_refresh_token || give_up 77 "there is nothing to refresh with: connect the account again"
  cp "$tokens" "$tokens.new" 2>/dev/null || give_up 78 "$tokens can't be written"
  write_form || give_up 78 "there is no room in $work"
  ask "$token_url" application/json
  judge "$tokens_of" --arg status "$status" --slurpfile old "$tokens" >"$tokens.new" || refused
  sync "$tokens.new" 2>/dev/null && mv "$tokens.new" "$tokens" || give_up 78 "$tokens can't be written"
}

has_refresh_token() {
  [ -d "$(dirname "$tokens")" ] || give_up 78 "there is no folder for $tokens"
  [ -r "$tokens" ] && jq --exit-status '.refresh_token | strings | . != ""' "$tokens" >/dev/null 2>&1
}

# Mends secrets-shown: everybody on this machine may read the arguments of a program, so curl reads
# secrets from a file.
write_form() {
  jq --raw-output '"data = \"grant_type=refresh_token&refresh_token=\(.refresh_token | @uri)" +
    "&client_id=\(env.LIVESTORM_CLIENT_ID | @uri)&client_secret=\(env.LIVESTORM_CLIENT_SECRET | @uri)\""' \
    "$tokens" >"$work/request"
}

# Mends errors-not-read, dead-grant-not-told, tokens-dropped-on-failure,
# redirects-followed-with-secrets: a dead refresh token goes, and whatever else is wrong costs none.
refused() {
  error=$(judge "$words") || error=
  told="$token_url answered $status $error"
  case $status:$error in
    3*) give_up 76 "$told" ;;
    *:invalid_grant)
      jq 'del(.refresh_token)' "$tokens" >"$tokens.new" && mv "$tokens.new" "$tokens"
      give_up 77 "$told: connect the account again"
      ;;
    *:invalid_client | *:invalid_request | *:invalid_scope) give_up 78 "$told" ;;
    *:unauthorized_client | *:unsupported_grant_type) give_up 78 "$told" ;;
    *:server_error | *:temporarily_unavailable) give_up 75 "$told" ;;
    *) give_up 76 "$told" ;;
  esac
}

call() { # path
  case $1 in //* | [!/]* | '') give_up 64 "a path begins with one slash" ;; esac
  [ -r "$tokens" ] || give_up 77 "there are no tokens in $tokens: connect the account again"
  jq --raw-output '"header = \"Authorization: Bearer \(.access_token)\""' "$tokens" >"$work/request" ||
    give_up 78 "$tokens can't be read"
  ask "$api_url$1" application/vnd.api+json
  case $status:$1 in
    204:*) return ;;
    2*:/ping) [ -s "$work/body" ] || return 0 ;;
  esac
  case $status in 2*) judge "$is_document" >/dev/null && cat "$work/body" && return ;; esac
  told="$api_url$1 answered $status $(judge "$words" || true)"
  grep -qi '^www-authenticate: *bearer\( .*,\)\{0,1\} *error="\{0,1\}insufficient_scope' "$work/head" &&
    status=403
  case $status in
    401) give_up 77 "$told" ;;
    403) give_up 78 "$told: the scope does not reach so far" ;;
    *) give_up 76 "$told" ;;
  esac
}

# Mends no-time-out, answers-unbounded, plain-http-used, body-misread: ten seconds for the whole of
# it, a MiB, no way without TLS to another machine; what curl can't read to its end is no answer.
ask() { # URL, media type; the rest is in $work/request; the answer comes to $status, $work/body
  case $1 in
    https://* | http://localhost[:/]* | http://127.0.0.1[:/]* | http://\[::1\][:/]*) ;;
    *) give_up 78 "plain http is for this machine only" ;;
  esac
  check_pause
  : >"$work/body"
  code=0
  status=$(
    ulimit -f "$most" 2>/dev/null
    curl --config "$work/request" --header "Accept: $2" --silent --globoff --max-time 10 \
      --dump-header "$work/head" --output "$work/body" --write-out '%{http_code}' -- "$1"
  ) || code=$?
  case $code in
    0) look_for_pause "$1" ;;
    23 | 1[3-9]?) is_long || give_up 78 "there is no room in $work" && give_up 76 "$1 answers too much" ;;
    *) give_up 69 "$1 does not answer (curl: $code)" ;;
  esac
}

is_long() {
  [ $(($(cat "$work/head" "$work/body" | wc -c) / 512)) -ge "$most" ]
}

# Mends retry-after-not-read: the next run finds out how long the server wants to be left alone, and
# sends nothing before.
check_pause() {
  until=$(cat "$later" 2>/dev/null) || until=0
  left=$((until - $(date +%s)))
  [ "$left" -le 0 ] || give_up 75 "a limit is reached, try again in $left s"
}

# Mends outage-misnamed, limit-taken-for-logout: it passes, so nobody has to connect again.
look_for_pause() { # URL
  case $status:$(header ratelimit-interval-remaining) in
    429:* | 5??:*) ;;
    2*:0) pause 1 && return ;;
    *) return 0 ;;
  esac
  wait=$(seconds_to_wait)
  pause "$wait"
  [ "$wait" = 0 ] || give_up 75 "$1 answered $status, try again in $wait s"
  give_up 75 "$1 answered $status"
}

pause() { # seconds; one more, as what is left of this second does not count
  [ "$1" = 0 ] || echo $(($(date +%s) + $1 + 1)) >"$later"
}

# Mends retry-after-not-read: seconds, or a date (RFC 9110, section 10.2.3); nonsense is nothing.
seconds_to_wait() {
  value=$(header retry-after) until=0
  case $status:$value in
    5[!0]?:* | 50[!3]:*) ;;
    *:*[!0-9]*) until=$(TZ=UTC0 date --date "$value" +%s 2>/dev/null) || until=0 ;;
    *:?*) [ ${#value} -gt 9 ] || until=$(($(date +%s) + value)) ;;
    *) until=$(reset) ;;
  esac
  left=$((until - $(date +%s)))
  [ "$left" -ge 0 ] || left=0
  echo "$left"
}

reset() {
  case $(header ratelimit-monthly-remaining):$(header ratelimit-reset) in
    0:[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]) header ratelimit-reset ;;
    *) echo 0 ;;
  esac
}

header() { # name in lower case
  awk -v name="$1:" 'tolower($1) == name { sub(/^[^:]*:[ \t]*/, ""); sub(/[ \t\r]*$/, ""); print; exit }' \
    "$work/head"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 75' HUP INT TERM

case ${1:-} in
  refresh) refresh ;;
  call) call "$2" ;;
  *)
    refresh
    document=$(call /me)
    printf '%s' "$document" | jq --compact-output '{email: .data.attributes.email}'
    ;;
esac
