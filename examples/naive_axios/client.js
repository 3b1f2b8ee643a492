// Livestorm for an Express application, as a guide would write it. The routes are one line each:
//
//     app.get("/login", (req, res) => res.redirect(livestorm.login(req.session)));
//     app.get("/callback", async (req, res) => res.json(await livestorm.callback(req.session, req.query)));
//     app.get("/me", async (req, res) => res.json(await livestorm.call(req.session, "/me")));

import axios from "axios";

export function connectLivestorm({ authorizeUrl, tokenUrl, apiUrl, clientId, clientSecret, redirectUri, scopes }) {
  function login(session) {
    const scope = scopes.join("%20");
    return `${authorizeUrl}?response_type=code&client_id=${clientId}&redirect_uri=${redirectUri}&scope=${scope}`;
  }

  async function callback(session, query) {
    const response = await axios.post(tokenUrl, {
      grant_type: "authorization_code",
      code: query.code,
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uri: redirectUri,
    });
    session.token = response.data;
    session.expiresAt = Date.now() + response.data.expires_in * 1000;
  }

  async function refresh(session) {
    const response = await axios.post(tokenUrl, {
      grant_type: "refresh_token",
      refresh_token: session.token.refresh_token,
      client_id: clientId,
      client_secret: clientSecret,
    });
    session.token = response.data;
    session.expiresAt = Date.now() + response.data.expires_in * 1000;
  }

  async function call(session, path, method = "GET", data) {
    if (Date.now() > session.expiresAt) {
      await refresh(session);
    }
    const response = await axios({
      method,
      url: apiUrl + path,
      data,
      headers: { Authorization: `Bearer ${session.token.access_token}` },
    });
    return response.data;
  }

  return { login, callback, refresh, call };
}
