#!/bin/sh
# Sign in and ask who one is, over curl.
set -eu
app=https://app.livestorm.co
api=https://api.livestorm.co/v1

location=$(curl --silent --show-error --get --output /dev/null --write-out '%{redirect_url}' \
  --data-urlencode "client_id=$LIVESTORM_CLIENT_ID" \
  --data-urlencode "redirect_uri=$LIVESTORM_REDIRECT_URI" \
  --data response_type=code --data scope=identity:read "$app/oauth/authorize")
code=${location#*code=}

token=$(curl --silent --show-error --fail \
  --data grant_type=authorization_code --data "code=${code%%&*}" \
  --data-urlencode "client_id=$LIVESTORM_CLIENT_ID" \
  --data-urlencode "client_secret=$LIVESTORM_CLIENT_SECRET" \
  --data-urlencode "redirect_uri=$LIVESTORM_REDIRECT_URI" "$app/oauth/token" | jq --raw-output .access_token)

curl --silent --show-error --fail --header "Authorization: Bearer $token" "$api/me" |
  jq --compact-output '{email: .data.attributes.email}'
