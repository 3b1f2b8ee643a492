#!/bin/sh
# Refreshes the stored tokens, and says whose they are: for cron, as a guide would write it.
#
#     0 * * * *  LIVESTORM_TOKENS=/var/lib/us/livestorm.json /usr/local/bin/naive.sh
#
# What `livestorm-mock check` says of it, and what `refresh.sh` does instead, is on a page of the
# documentation: docs/examples-under-check.md. Needs curl and jq.

token_url=${LIVESTORM_TOKEN_URL:-https://app.livestorm.co/oauth/token}
api_url=${LIVESTORM_API_URL:-https://api.livestorm.co/v1}
tokens=${LIVESTORM_TOKENS:-$HOME/.livestorm/tokens.json}

refresh() {
  curl --silent "$token_url" \
    --data grant_type=refresh_token \
    --data refresh_token="$(jq --raw-output .refresh_token "$tokens")" \
    --data client_id="$LIVESTORM_CLIENT_ID" \
    --data client_secret="$LIVESTORM_CLIENT_SECRET" >"$tokens"
}

call() { # path
  curl --silent --fail "$api_url$1" --header "Authorization: Bearer $(jq --raw-output .access_token "$tokens")"
}

case ${1:-} in
  refresh) refresh ;;
  call) call "$2" ;;
  *)
    refresh
    call /me | jq --compact-output '{email: .data.attributes.email}'
    ;;
esac
