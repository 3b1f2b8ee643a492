#!/bin/sh
# Runs the job twice, from tokens that the fake has issued.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT

export LIVESTORM_TOKENS="$folder/tokens.json"
curl --silent --fail --json '{}' "$LIVESTORM_MOCK_CONTROL_URL/tokens" >"$LIVESTORM_TOKENS"
curl --silent --fail --json '{"advance": 7201}' "$LIVESTORM_MOCK_CONTROL_URL/clock" >/dev/null
"$here/refresh.sh"
"$here/refresh.sh"
