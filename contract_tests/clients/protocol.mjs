// What the thin adapters of npm libraries share: the protocol, and words for what went wrong.
import { createHash } from "node:crypto";
import { createInterface } from "node:readline";

console.log = console.info = console.error;
const send = (message) => process.stdout.write(JSON.stringify(message) + "\n");
const sha256 = (text) => (text ? "sha256:" + createHash("sha256").update(text).digest("hex") : null);
const KINDS = {
  invalid_grant: "reauth_required", access_denied: "denied", server_error: "retry_later",
  temporarily_unavailable: "retry_later", invalid_client: "config_error", invalid_request: "config_error",
  invalid_scope: "config_error", unauthorized_client: "config_error", unsupported_grant_type: "config_error",
};

export const failure = (kind, code) => Object.assign(new Error(kind), { kind, oauth: code });
export const denied = (code) => failure(KINDS[code] ?? "protocol_error", code);

function byStatus(status) {
  if (status === 429 || status >= 500) return "retry_later";
  return { 401: "reauth_required", 403: "config_error" }[status] ?? "protocol_error";
}

// Serve operations; `describe(error)` gives {code, status, transport, known} of a library's error.
export async function serve({ name, version, ops, features, describe }) {
  let config, users;
  const own = {
    seed(user, { token }) { user.token = token; },
    state: ({ token }) => ({
      needs_reauth: !token,
      token: token ? { access_token: sha256(token.access_token), refresh_token: sha256(token.refresh_token), expires_at: typeof token.expires_at === "number" ? token.expires_at : null } : null,
    }),
  };
  const all = { ...own, ...ops };
  function failed(error) {
    const { code, status, transport, known } = { ...describe(error) };
    const kind = error.kind ?? (Object.hasOwn(KINDS, code ?? "") ? KINDS[code] : transport ? "transport_error" : status ? byStatus(status) : known ? "protocol_error" : "bug");
    const told = { class: error.constructor?.name ?? null, code: typeof code === "string" ? code : null, http_status: status ?? null, message: String(error.message), repr: String(error.stack) };
    return { kind, error: told };
  }
  async function answer({ type, op, user = "u1", ...message }) {
    if (type === "configure") [config, users] = [message.config, new Map()];
    if (type === "configure" || type === "end_case") return { kind: "ok" };
    if (type !== "command" || !Object.hasOwn(all, op)) return { kind: "unsupported", reason: `no ${op}` };
    if (!users.has(user)) users.set(user, {});
    try {
      return { kind: "ok", ...(await all[op](users.get(user), message, config)) };
    } catch (error) {
      return failed(error);
    }
  }
  send({ type: "ready", protocol: 1, client: { name, version, language: `node ${process.versions.node}` }, ops: Object.keys(all), features: { auth_methods: ["client_secret_post"], base_path: true, logs: ["stderr"], ...features } });
  for await (const line of createInterface({ input: process.stdin })) {
    const message = JSON.parse(line);
    send({ ...(await answer(message)), type: "result", id: message.id });
  }
}

export const stamped = (token) => ({ ...token, expires_at: token.expires_in === undefined ? null : Date.now() / 1000 + Number(token.expires_in) });
