// Brings the commands of the suite to the client in client.mjs.
import { createHash } from "node:crypto";
import { createInterface } from "node:readline";
import { Client, Failure } from "./client.mjs";

const OPS = ["begin", "callback", "call", "refresh", "seed", "state"];
const send = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
const hashed = (text) => (text ? `sha256:${createHash("sha256").update(text).digest("hex")}` : null);

function told(error) {
  const isExpected = error instanceof Failure;
  const { status, code } = error;
  return {
    kind: isExpected ? error.kind : "bug",
    ...(error.apiStatus && { http_status: error.apiStatus }),
    ...(error.notBefore && { not_before_s: Math.ceil(error.notBefore) / 1000 }),
    error: { class: error.constructor.name, message: error.message, repr: String(error.stack), http_status: status ?? null, code: (isExpected && code) || null },
  };
}

async function attempt(run) {
  try {
    return { kind: "ok", ...(await run()) };
  } catch (error) {
    return told(error);
  }
}

async function call(client, user, { method = "GET", path, body, parallel = 1 }) {
  const content = ["POST", "PUT", "PATCH"].includes(method) ? JSON.stringify(body ?? {}) : undefined;
  const one = () => attempt(async () => ({ http_status: await client.call(user, method, path, content) }));
  const results = await Promise.all(Array.from({ length: parallel }, one));
  return { ...(results.find(({ kind }) => kind !== "ok") ?? results[0]), results };
}

function state(client, user) {
  const token = client.token(user);
  if (!token) return { token: null, needs_reauth: false };
  const { access_token, refresh_token, expires_at, scope, isDead } = token;
  return { needs_reauth: isDead, token: { access_token: hashed(access_token), refresh_token: hashed(refresh_token), expires_at, scope } };
}

const RUN = {
  begin: async (client, user) => ({ authorize_url: client.begin(user) }),
  callback: (client, user, { url }) => client.callback(user, url),
  refresh: (client, user) => client.refresh(user),
  seed: async (client, user, { token }) => client.seed(user, token),
  state: async (client, user) => state(client, user),
  call,
};

let client;
async function answer(message) {
  const { type, op, user = "u1" } = message;
  if (type === "end_case") return { kind: "ok" };
  if (type === "configure") {
    client?.close();
    client = new Client(message.config);
    return { kind: "ok" };
  }
  if (type !== "command" || !OPS.includes(op)) return { kind: "unsupported", reason: `no ${op ?? type}` };
  return attempt(() => RUN[op](client, user, message));
}

send({
  type: "ready", protocol: 1, client: { name: "right-node", version: "1", language: `node ${process.versions.node}` }, ops: OPS,
  features: { refresh: "explicit", parallel_calls: 10, parallel: true, pkce: true, iss: true, auth_methods: ["client_secret_post"], base_path: true, tls_ca: true, logs: ["stderr"], state: "library" },
});
for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  answer(message).then((reply) => send({ ...reply, type: "result", id: message.id }));
}
client?.close();
