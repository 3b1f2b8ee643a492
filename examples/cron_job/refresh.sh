#!/bin/sh
# Refreshes the stored tokens, and says whose they are: for cron, every hour.
#
#     0 * * * *  LIVESTORM_TOKENS=/var/lib/us/livestorm.json /usr/local/bin/refresh.sh
#
# The file has the last answer of the token endpoint. Exit status 0: all is well; 1: the settings are
# wrong; 2: somebody has to connect the account again; 75: not now, so leave it to the next run.
# Needs curl and jq. Against the fake, in this folder: livestorm-mock run -- ./try.sh
set -eu
umask 077

app=https://app.livestorm.co
api=https://api.livestorm.co/v1
tokens=${LIVESTORM_TOKENS:-$HOME/.livestorm/tokens.json}

give_up() { # status, words
  echo "refresh: $2" >&2
  exit "$1"
}

: "${LIVESTORM_CLIENT_ID:?}" "${LIVESTORM_CLIENT_SECRET:?}"
[ -r "$tokens" ] || give_up 2 "there are no tokens in $tokens"

# One at a time: each refresh token is good for one refresh.
mkdir "$tokens.lock" 2>/dev/null || give_up 75 "another run has the tokens ($tokens.lock)"
new=$tokens.new
trap 'rm -f "$new"; rmdir "$tokens.lock"' EXIT
trap 'exit 75' HUP INT TERM

# Secrets go by standard input, as everybody on this machine may read arguments.
status=$(
  jq --raw-output '"grant_type=refresh_token",
      "refresh_token=" + (.refresh_token | @uri),
      "client_id=" + (env.LIVESTORM_CLIENT_ID | @uri),
      "client_secret=" + (env.LIVESTORM_CLIENT_SECRET | @uri)' "$tokens" | paste -s -d '&' - |
    curl --silent --show-error --max-time 20 --output "$new" --write-out '%{http_code}' \
      --header 'Accept: application/json' --data @- "$app/oauth/token"
) || give_up 75 "$app does not answer"

case $status in
  200)
    jq --exit-status '.access_token and .refresh_token' "$new" >/dev/null 2>&1 ||
      give_up 75 "the answer of $app is no pair of tokens"
    mv "$new" "$tokens"
    ;;
  400 | 401)
    error=$(jq --raw-output .error "$new" 2>/dev/null) || error=refused
    [ "$error" = invalid_grant ] && give_up 2 "$error: connect the account again"
    give_up 1 "$error"
    ;;
  *) give_up 75 "$app answered $status" ;;
esac

me=$(
  jq --raw-output '"header = \"Authorization: Bearer " + .access_token + "\""' "$tokens" |
    curl --silent --show-error --fail --max-time 20 --config - "$api/me"
) || give_up 75 "$api does not answer"
printf '%s' "$me" | jq --compact-output '{email: .data.attributes.email}'
