// The adapter: `livestorm-mock check --client "node livestorm_adapter.mjs"` drives a client by it.
// Now it drives the example beside it, and passes. What is marked YOURS is to be changed: call your
// own client there, and claim in READY what it does. docs/adapter-protocol.md of
// livestorm-mock has all the members.
import { createHash } from "node:crypto";
import { createInterface } from "node:readline";
import { Client, Failure } from "./livestorm_example.mjs"; // YOURS: your client, and the errors that it raises

const READY = {
  type: "ready",
  protocol: 1,
  client: { name: "my-client", version: "1", language: `node ${process.versions.node}` }, // YOURS: what reports call it
  // YOURS: what it can do at all. What is missing is skipped and shown, never passed; further
  // operations are `list`, `clock`, `cancel`, and `restart` for a client that stores in files.
  ops: ["begin", "callback", "call", "refresh", "seed", "state"],
  // YOURS: what it does by itself. A claim that is not true fails.
  features: {
    refresh: "explicit", // `auto`: `call` refreshes by itself
    on_401: false, // `call` answers a 401 by a refresh, and tries again
    refresh_ahead: false, // `call` sends no token whose `expires_at` has passed
    parallel: false, // several commands at once
    persist: "none", // `file`: tokens outlive the process under `store_dir`
    pkce: true,
    iss: true,
    auth_methods: ["client_secret_post"],
    base_path: true, // all URLs are taken from `config`, their paths included
    state: "library", // who compares `state`: the client, or this adapter
  },
};

const OPS = {
  begin: (client) => ({ authorize_url: client.begin() }), // YOURS

  callback: (client, { url }) => client.callback(url), // YOURS

  async call(client, { method = "GET", path, body = {} }) {
    const content = ["POST", "PUT", "PATCH"].includes(method) ? body : undefined;
    return { http_status: await client.call(method, path, content) }; // YOURS
  },

  refresh: (client) => client.refresh(), // YOURS

  // Store a token as an exchange would.
  seed: (client, { token }) => client.store(token), // YOURS

  // Say what is stored; a token is named by its hash, never shown.
  state({ token, needsReauth }) { // YOURS
    if (!token) return { token: null, needs_reauth: false };
    const { access_token, refresh_token, expires_at = null, scope = null } = token; // YOURS
    const hashes = { access_token: fingerprint(access_token), refresh_token: fingerprint(refresh_token) };
    return { token: { ...hashes, expires_at, scope }, needs_reauth: needsReauth }; // YOURS
  },
};

// What is no text is told as it is, for the report to name it.
const fingerprint = (text) => (typeof text === "string" ? `sha256:${createHash("sha256").update(text).digest("hex")}` : text ?? null);
const send = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
console.log = console.info = console.debug = console.error; // standard output is for the protocol only
process.on("uncaughtException", (error) => console.error(error)); // which costs the suite no case
let config, users;

async function answer({ type, op, user = "u1", ...message }) { // each user has a connection of its own
  if (type === "configure") [config, users] = [message.config, new Map()]; // a new case: nothing of the one before is kept
  if (type === "configure" || type === "end_case") return { kind: "ok" };
  if (type !== "command" || !READY.ops.includes(op)) return { kind: "unsupported", reason: `no ${op}` };
  if (!users.has(user)) users.set(user, new Client(config)); // YOURS: make your client from the settings
  try {
    return { kind: "ok", ...(await OPS[op](users.get(user), message)) };
  } catch (error) {
    const told = { class: error.constructor.name, message: error.message, repr: String(error.stack) };
    // What no caller of yours is told to expect:
    if (!(error instanceof Failure)) return { kind: "bug", error: told };
    // YOURS: each of your errors is one of the protocol's kinds. With a class for each:
    // const KINDS = new Map([[NotConnected, "reauth_required"], [TimedOut, "transport_error"]]);
    // const kind = KINDS.get(error.constructor);
    const { kind, code = null, status = null, wait } = error;
    // `http_status` is the API's only; the token endpoint's belongs into `error` alone.
    return { kind, http_status: op === "call" ? status : null, not_before_s: wait, error: { ...told, code, http_status: status } };
  }
}

send(READY);
for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  send({ type: "result", id: message.id, ...(await answer(message)) });
}
