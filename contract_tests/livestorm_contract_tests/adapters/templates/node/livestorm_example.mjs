// A small client for Livestorm that gives the adapter something to drive: put yours in its place.
// It connects a user, calls the API, refreshes when it is told to, and keeps tokens in memory.
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

const TIMEOUT_MS = 8000;
// What a caller does about the error codes of RFC 6749; any other is a protocol error.
const KINDS = new Map(Object.entries({
  access_denied: "denied",
  invalid_grant: "reauth_required",
  server_error: "retry_later",
  temporarily_unavailable: "retry_later",
  invalid_client: "config_error",
  invalid_request: "config_error",
  invalid_scope: "config_error",
  unauthorized_client: "config_error",
  unsupported_grant_type: "config_error",
}));

// How an operation failed; `status` is that of the answer that made it fail.
export class Failure extends Error {
  constructor(kind, text, { code, status, wait } = {}) {
    super(text);
    Object.assign(this, { name: "Failure", kind, code, status, wait });
  }
}

// One user's connection.
export class Client {
  #config; #flow = null;
  token = null;
  needsReauth = false;

  constructor(config) {
    this.#config = config;
  }

  // Give the URL for the browser: a fresh state, and PKCE (RFC 7636).
  begin() {
    const { authorize_url, client_id, redirect_uri, scopes } = this.#config;
    this.#flow = { state: randomBytes(32).toString("base64url"), verifier: randomBytes(48).toString("base64url") };
    const query = new URLSearchParams({
      response_type: "code",
      client_id,
      redirect_uri,
      scope: scopes.join(" "),
      state: this.#flow.state,
      code_challenge: createHash("sha256").update(this.#flow.verifier).digest("base64url"),
      code_challenge_method: "S256",
    });
    return `${authorize_url}?${query}`;
  }

  // Take the URL that the browser came back to, and exchange the code for tokens.
  async callback(url) {
    const answer = new URL(url).searchParams, flow = this.#flow;
    for (const name of ["code", "state", "error", "iss"]) {
      if (answer.getAll(name).length > 1) throw new Failure("security_error", `${name} comes twice`);
    }
    if (!flow || !isSame(answer.get("state") ?? "", flow.state)) throw new Failure("security_error", "the callback belongs to no flow");
    const issuer = this.#config.issuer ?? null;
    if (issuer !== null && answer.get("iss") !== issuer) throw new Failure("security_error", "the callback comes from another issuer");
    this.#flow = null; // a callback counts once
    if (answer.has("error")) {
      const code = shown(answer.get("error"));
      const kind = code === "invalid_grant" ? "protocol_error" : KINDS.get(code);
      throw new Failure(kind ?? "protocol_error", `refused: ${code}`, { code });
    }
    if (!answer.get("code")) throw new Failure("protocol_error", "the callback has neither a code nor an error");
    const form = { code: answer.get("code"), redirect_uri: this.#config.redirect_uri };
    this.store(await this.#askForToken({ ...form, grant_type: "authorization_code", code_verifier: flow.verifier }));
  }

  // Keep a token; what it does not say is as it was asked for.
  store(token) {
    this.token = { scope: this.#config.scopes.join(" "), ...token };
    this.needsReauth = false;
  }

  // Refresh now; where no new refresh token comes, the old one stays.
  async refresh() {
    const spent = this.token;
    if (this.needsReauth || !spent?.refresh_token) throw new Failure("reauth_required", "there is nothing to refresh with");
    try {
      const token = await this.#askForToken({ grant_type: "refresh_token", refresh_token: spent.refresh_token });
      this.store({ ...spent, ...token });
    } catch (failure) {
      this.needsReauth = failure.kind === "reauth_required";
      throw failure;
    }
  }

  // Call the API; give the status.
  async call(method, path, body) {
    if (!/^\/(?!\/)/.test(path)) throw new Failure("security_error", "a path begins with one slash");
    if (!this.token || this.needsReauth) throw new Failure("reauth_required", "the user is not connected");
    const headers = { accept: "application/vnd.api+json", authorization: `Bearer ${this.token.access_token}` };
    if (body !== undefined) headers["content-type"] = "application/vnd.api+json";
    const content = body === undefined ? undefined : JSON.stringify(body);
    const answer = await send(this.#config.api_base + path, { method, headers, body: content });
    const document = readJSON(answer.text), { status } = answer;
    const isEmpty = status === 204 || (path === "/ping" && answer.text === "");
    if (answer.ok && (isEmpty || ("data" in document && !("errors" in document)))) return status;
    const challenge = answer.headers.get("www-authenticate") ?? "";
    const lacksScope = /Bearer .*\berror="?insufficient_scope/.test(challenge);
    let kind = status === 403 || lacksScope ? "config_error" : "protocol_error";
    if (status === 401 && !lacksScope) kind = "reauth_required";
    const told = [`the API answered ${status}`, ...words(document), challenge].filter(Boolean);
    throw new Failure(kind, shown(told.join("; ")), { status });
  }

  // Ask the token endpoint, once; give the token (RFC 6749, sections 5.1 and 5.2).
  async #askForToken(form) {
    const { token_url, client_id, client_secret } = this.#config;
    const body = new URLSearchParams({ ...form, client_id, client_secret });
    const { status, ok, text } = await send(token_url, { method: "POST", headers: { accept: "application/json" }, body });
    const members = readJSON(text);
    if ("error" in members || !ok) {
      const code = typeof members.error === "string" ? shown(members.error) : undefined;
      throw new Failure(KINDS.get(code) ?? "protocol_error", `the token endpoint answered ${status} ${code ?? ""}`, { code, status });
    }
    const { access_token, refresh_token, scope, token_type, expires_in } = members;
    const isBearer = typeof token_type === "string" && token_type.toLowerCase() === "bearer";
    if (!isBearer || !isTokenText(access_token) || (refresh_token && !isTokenText(refresh_token))) {
      throw new Failure("protocol_error", `${status} without a token`, { status });
    }
    const lifetime = readLifetime(expires_in);
    return {
      access_token,
      ...(refresh_token && { refresh_token }),
      ...(typeof scope === "string" && { scope }),
      expires_at: lifetime === null ? null : Date.now() / 1000 + lifetime,
    };
  }
}

// Send a request, follow nowhere; give an answer that is none of "try again later".
async function send(url, options) {
  let answer, text;
  try {
    answer = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS), ...options });
    text = await answer.text();
  } catch (error) {
    throw new Failure("transport_error", `no answer: ${error.cause?.code ?? error.name}`);
  }
  const { status, ok, headers } = answer;
  if (status === 429 || status >= 500) {
    const seconds = headers.get("retry-after") ?? "";
    const wait = /^\d{1,9}$/.test(seconds) ? Number(seconds) : undefined;
    throw new Failure("retry_later", `the server answered ${status}`, { status, wait });
  }
  return { status, ok, headers, text };
}

// Give the members of a JSON object, empty where it is none.
function readJSON(text) {
  try {
    const members = JSON.parse(text);
    return typeof members === "object" && !Array.isArray(members) ? members ?? {} : {};
  } catch {
    return {};
  }
}

function isSame(given, expected) {
  const [one, other] = [given, expected].map((text) => Buffer.from(text));
  return one.length === other.length && timingSafeEqual(one, other);
}

const isTokenText = (text) => typeof text === "string" && /^[!-~]+$/.test(text);

// Read `expires_in`, which may be a number in a text; what is none is unknown.
const readLifetime = (value) => (["number", "string"].includes(typeof value) && /^-?\d{1,10}(\.\d+)?$/.test(value) ? Number(value) : null);

// Give what a JSON:API document says of its errors.
function words({ errors }) {
  const listed = Array.isArray(errors) ? errors.slice(0, 3) : [];
  return listed.flatMap((one) => [one?.title, one?.detail]).filter((text) => typeof text === "string");
}

// Make a foreign text fit to be shown and logged: short, and one line.
const shown = (text) => [...text].slice(0, 200).join("").replace(/[\p{C}\p{Zl}\p{Zp}]/gu, " ");
