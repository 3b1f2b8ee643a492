// An adapter in Node: `livestorm-mock check --client "node adapter.mjs"`. Needs no package.
// Put your own wrapper in the place of the lines marked YOURS, and be honest in `ops` and `features`.
import { createHash, randomBytes } from "node:crypto";
import { createInterface } from "node:readline";

console.log = console.info = console.error; // standard output is for the protocol only
const send = (message) => process.stdout.write(JSON.stringify(message) + "\n");
const failure = (kind, more = {}) => Object.assign(new Error(kind), { kind, ...more });
const sha256 = (text) => (text && typeof text === "string" ? "sha256:" + createHash("sha256").update(text).digest("hex") : text || null);
let config, users; // `configure` replaces both: nothing of the case before is kept

async function request(url, options) { // YOURS: send a request; a status that is no 2xx throws
  const lost = (cause) => { throw failure("transport_error", { cause }); };
  const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(8000), ...options }).catch(lost);
  const text = await response.text().catch(lost);
  const status = response.status, body = await Promise.resolve(text).then(JSON.parse).catch(() => null);
  if (response.ok) return { body, status };
  const wait = Number(response.headers.get("retry-after") ?? NaN), code = typeof body?.error === "string" ? body.error : null;
  const kind = status === 429 || status >= 500 ? "retry_later" : code === "invalid_grant" || (status === 401 && !code) ? "reauth_required" : status === 403 || code ? "config_error" : "protocol_error";
  throw failure(kind, { status, code, ...(kind === "retry_later" && wait >= 0 && { wait }) });
}
async function exchange(form) { // YOURS: ask the token endpoint
  const { body } = await request(config.token_url, { method: "POST", body: new URLSearchParams({ ...form, client_id: config.client_id, client_secret: config.client_secret }), headers: { accept: "application/json" } });
  if (typeof body?.access_token !== "string" || !body.access_token || "error" in body || !/^bearer$/i.test(body.token_type)) throw failure("protocol_error");
  return { ...body, expires_at: body.expires_in > 0 ? Date.now() / 1000 + Number(body.expires_in) : null };
}
const ops = { // YOURS: each calls your wrapper, and throws what your wrapper throws
  begin(user) {
    user.state = randomBytes(32).toString("base64url");
    const { client_id, redirect_uri, scopes, authorize_url } = config;
    return { authorize_url: `${authorize_url}?${new URLSearchParams({ response_type: "code", client_id, redirect_uri, scope: scopes.join(" "), state: user.state })}` };
  },
  async callback(user, { url }) { // a callback counts once
    const answer = new URL(url).searchParams, error = answer.get("error"), expected = user.state, _ = (user.state = null);
    if (!expected || answer.getAll("state").join() !== expected) throw failure("security_error");
    if (error) throw failure({ access_denied: "denied", server_error: "retry_later", temporarily_unavailable: "retry_later" }[error] ?? "config_error", { code: error });
    if (!answer.get("code")) throw failure("protocol_error");
    user.token = await exchange({ grant_type: "authorization_code", code: answer.get("code"), redirect_uri: config.redirect_uri });
  },
  seed(user, { token }) { user.token = token; },
  async call({ token }, { path, method = "GET", body }) {
    if (!token || !path.startsWith("/")) throw failure(token ? "security_error" : "reauth_required");
    const answer = await request(config.api_base + path, { method, body: method === "GET" ? undefined : JSON.stringify(body ?? {}), headers: { authorization: `Bearer ${token.access_token}`, "content-type": "application/vnd.api+json" } }).catch((error) => { throw Object.assign(error, { apiStatus: error.status }); });
    if (answer.status !== 204 && path !== "/ping" && (typeof answer.body !== "object" || !answer.body)) throw failure("protocol_error", { status: answer.status, apiStatus: answer.status });
    return { http_status: answer.status };
  },
  state: ({ token }) => ({ needs_reauth: !token, token: token ? { access_token: sha256(token.access_token), refresh_token: sha256(token.refresh_token), expires_at: token.expires_at ?? null } : null }),
};
async function answer({ type, op, user = "u1", ...message }) {
  if (type === "configure") [config, users] = [message.config, new Map()];
  if (type === "configure" || type === "end_case") return { kind: "ok" };
  if (type !== "command" || !Object.hasOwn(ops, op)) return { kind: "unsupported", reason: `no ${op}` };
  try { return { kind: "ok", ...(await ops[op](users.get(user) ?? users.set(user, {}).get(user), message)) }; } catch (error) {
    const told = { class: error.constructor.name, code: error.code ?? null, http_status: error.status ?? null, message: error.message, repr: String(error.stack) };
    // http_status is that of the API's last answer; the token endpoint's belongs into `error` only
    return { kind: error.kind ?? "bug", error: told, http_status: error.apiStatus ?? null, ...(error.wait !== undefined && { not_before_s: error.wait }) };
  }
}
send({ type: "ready", protocol: 1, client: { name: "my-fetch-client", version: "1", language: "node" }, ops: Object.keys(ops), features: { auth_methods: ["client_secret_post"], base_path: true, state: "adapter" } });
for await (const line of createInterface({ input: process.stdin })) send({ ...(await answer(JSON.parse(line))), type: "result", id: JSON.parse(line).id });
