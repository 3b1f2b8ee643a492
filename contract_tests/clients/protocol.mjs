// What the thin adapters of npm libraries share: the protocol, and words for what went wrong.
import { createHash } from "node:crypto";
import { createInterface } from "node:readline";

console.log = console.info = console.error;
const send = (message) => process.stdout.write(JSON.stringify(message) + "\n");
// What is no text is told as it is, for the suite to judge.
const sha256 = (text) => (typeof text === "string" && text ? "sha256:" + createHash("sha256").update(text).digest("hex") : text || null);
const KINDS = {
  invalid_grant: "reauth_required", access_denied: "denied", server_error: "retry_later",
  temporarily_unavailable: "retry_later", invalid_client: "config_error", invalid_request: "config_error",
  invalid_scope: "config_error", unauthorized_client: "config_error", unsupported_grant_type: "config_error",
};

const isBusy = (status) => status === 429 || status >= 500;

export const failure = (kind) => Object.assign(new Error(kind), { kind });
export const leftToUser = (step) => Object.assign(failure("unsupported"), { reason: `${step} is left to the library's user` });
export const isLoopback = (url) => ["127.0.0.1", "localhost", "[::1]"].includes(new URL(url).hostname);
// Whether an error, or one that caused it, is fetch's word for a connection that failed.
export const isLost = (error) => error instanceof Error && ((error instanceof TypeError && error.cause !== undefined) || error.name === "TimeoutError" || isLost(error.cause));

// Give the pending flow, once: it lies in the session of the library's user.
export function begun(user) {
  const flow = user.flow;
  user.flow = undefined;
  if (!flow) throw leftToUser("keeping the pending flow");
  return flow;
}

// Give the reply to a call, read as any caller reads it: its status, and then its JSON.
export async function called(response, path) {
  const text = await response.text(), status = response.status;
  if (!response.ok) throw Object.assign(new Error(`status ${status}: ${text.slice(0, 1000)}`), { status });
  const document = await Promise.resolve(text).then(JSON.parse).catch(() => null);
  if (status !== 204 && path !== "/ping" && typeof (document ?? "") !== "object") throw failure("protocol_error");
  return { http_status: status };
}

// Serve operations; `describe(error)` gives {kind, code, status, transport, known} of a library's error.
export async function serve({ name, version, ops, features, describe }) {
  let config, users;
  const own = {
    seed(user, { token }) { user.token = token; },
    state: ({ token }) => ({
      needs_reauth: !token,
      token: token ? { access_token: sha256(token.access_token), refresh_token: sha256(token.refresh_token), expires_at: token.expires_at ?? null } : null,
    }),
  };
  const all = { ...own, ...ops };
  function kindOf({ kind, code, status, transport, known }, op, url = "") {
    if (kind) return kind;
    if (isBusy(status)) return "retry_later";
    // A refusal is the user's only where the callback says so.
    if (code === "access_denied" && !url.includes("error=")) return "protocol_error";
    if (typeof code === "string" && Object.hasOwn(KINDS, code)) return KINDS[code];
    if (transport) return "transport_error";
    if (op === "call" && status) return { 401: "reauth_required", 403: "config_error" }[status] ?? "protocol_error";
    return status || known ? "protocol_error" : "bug";
  }
  function failed(error, op, url) {
    const described = { ...describe(error), ...(error.kind && { kind: error.kind }) };
    const { code, status } = described, kind = kindOf(described, op, url);
    if (kind === "unsupported") return { kind, reason: error.reason };
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
      return failed(error, op, message.url);
    }
  }
  send({ type: "ready", protocol: 1, client: { name, version, language: `node ${process.versions.node}` }, ops: Object.keys(all), features: { auth_methods: ["client_secret_post"], base_path: true, logs: ["stderr"], ...features } });
  for await (const line of createInterface({ input: process.stdin })) {
    const message = JSON.parse(line);
    send({ ...(await answer(message)), type: "result", id: message.id });
  }
}

// The expiry is the user's to count, by what the library gives; of what is no number none is known.
export function stamped(token) {
  const expires = Date.now() / 1000 + Number(token.expires_in);
  return { ...token, expires_at: Number.isFinite(expires) ? expires : null };
}
