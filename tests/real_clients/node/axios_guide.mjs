// One step of what a JavaScript integration guide shows: axios with its defaults, so JSON bodies;
// the parameters are a JSON argument, the result is one line of JSON.

import axios from "axios";

const given = JSON.parse(process.argv[2]);

const steps = {
  exchange: ({ app_url, client_id, client_secret, code, redirect_uri }) =>
    axios.post(`${app_url}/oauth/token`, {
      grant_type: "authorization_code",
      client_id,
      client_secret,
      code,
      redirect_uri,
    }),
  refresh: ({ app_url, client_id, client_secret, refresh_token }) =>
    axios.post(`${app_url}/oauth/token`, {
      grant_type: "refresh_token",
      client_id,
      client_secret,
      refresh_token,
    }),
  me: ({ api_url, access_token }) =>
    axios.get(`${api_url}/me`, { headers: { Authorization: `Bearer ${access_token}` } }),
};

try {
  const { status, data } = await steps[given.step](given);
  console.log(JSON.stringify({ status, data }));
} catch (error) {
  if (!error.response) throw error;
  const { status, data } = error.response;
  console.log(JSON.stringify({ status, data }));
}
