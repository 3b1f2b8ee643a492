// A client that refreshes on command only, and paces itself: at most five requests of the API in a
// second, waiting where its budget allows that and telling when to come again where it does not.
// It never repeats a request by itself. PKCE with the secret in the body, `iss` compared, tokens in
// memory. While it connects it asks who the user is; an API that refuses the new tokens ends that.
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import http from "node:http";
import https from "node:https";
import { setTimeout as sleep } from "node:timers/promises";

const REQUEST_MS = 6000, MOST_BYTES = 1 << 20, SECOND = 1000, PER_SECOND = 5, LONGEST_TEXT = 200;
const KINDS = new Map(Object.entries({
  invalid_grant: "reauth_required", invalid_client: "config_error", invalid_request: "config_error",
  invalid_scope: "config_error", unauthorized_client: "config_error", unsupported_grant_type: "config_error",
  server_error: "retry_later", temporarily_unavailable: "retry_later",
}));

// Every error that callers are told to expect.
export class Failure extends Error {
  constructor(kind, text, more = {}) {
    super(text);
    Object.assign(this, { name: "Failure", kind, ...more });
  }
}

const short = (text) => [...String(text)].slice(0, LONGEST_TEXT).join("").replace(/[\u0000-\u001f\u007f\u2028\u2029]/g, " ");
const isTokenText = (text) => typeof text === "string" && /^[\x21-\x7e]+$/.test(text);
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const own = (object, name) => (isObject(object) && Object.hasOwn(object, name) ? object[name] : undefined);

function checkConfidential(url) {
  const { protocol, hostname } = new URL(url);
  const isHere = hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
  if (protocol !== "https:" && !(protocol === "http:" && isHere)) throw new Failure("security_error", `plain http to ${hostname}`);
}

// How long the answer asks to wait, in ms (RFC 9110, section 10.2.3); nonsense asks for nothing.
function retryAfter({ headers }) {
  const value = (headers["retry-after"] ?? "").trim();
  if (/^\d{1,9}$/.test(value)) return Number(value) * SECOND;
  if (/^[A-Z][a-z]+,? .*\d\d:\d\d:\d\d/.test(value)) return Math.max(0, Date.parse(value) - Date.now()) || 0;
  const isUsedUp = headers["ratelimit-monthly-remaining"] === "0" && /^\d{10}$/.test(headers["ratelimit-reset"] ?? "");
  return isUsedUp ? Math.max(0, headers["ratelimit-reset"] * SECOND - Date.now()) : 0;
}

// The parameters of the Bearer challenge (RFC 9110, section 11.6.1), names in lower case.
export function bearerChallenge(text = "") {
  const word = /[\s,]*([^\s,="]+)[ \t]*(=?)/y, quoted = /[ \t]*"((?:[^"\\]|\\.)*)"?/y, plain = /[ \t=]*([^\s,]*)/y;
  let scheme = "", at = 0;
  const found = new Map();
  for (;;) {
    word.lastIndex = at;
    const match = word.exec(text);
    if (!match) {
      if (at >= text.length) return found;
      at += 1;
      continue;
    }
    at = word.lastIndex;
    if (!match[2]) { scheme = match[1].toLowerCase(); continue; }
    quoted.lastIndex = plain.lastIndex = at;
    const inQuotes = quoted.exec(text), value = inQuotes ?? plain.exec(text);
    at = inQuotes ? quoted.lastIndex : plain.lastIndex;
    const name = match[1].toLowerCase();
    if (scheme === "bearer" && !found.has(name)) found.set(name, value[1].replace(/\\(.)/g, "$1"));
  }
}

export class Client {
  #config; #users = new Map(); #agents; #apiFree = 0; #tokenFree = 0; #sent = [];

  constructor(config) {
    this.#config = config;
    this.#agents = {
      "http:": new http.Agent({ keepAlive: true, autoSelectFamily: true }),
      "https:": new https.Agent({ keepAlive: true, autoSelectFamily: true, ...(config.ca_pem && { ca: config.ca_pem }) }),
    };
  }

  close() { for (const agent of Object.values(this.#agents)) agent.destroy(); }

  #user(name) {
    if (!this.#users.has(name)) this.#users.set(name, { flow: null, token: null, refreshing: null });
    return this.#users.get(name);
  }

  begin(name) {
    const { authorize_url, token_url, api_base, client_id, redirect_uri, scopes } = this.#config;
    [authorize_url, token_url, api_base].forEach(checkConfidential);
    const flow = { state: randomBytes(32).toString("base64url"), verifier: randomBytes(48).toString("base64url") };
    this.#user(name).flow = flow;
    const query = new URLSearchParams({
      response_type: "code", client_id, redirect_uri, scope: scopes.join(" "), state: flow.state,
      code_challenge: createHash("sha256").update(flow.verifier).digest("base64url"), code_challenge_method: "S256",
    });
    return `${authorize_url}?${query}`;
  }

  async callback(name, url) {
    const user = this.#user(name), given = new URL(url).searchParams;
    for (const one of ["code", "state", "error", "iss"]) {
      if (given.getAll(one).length > 1) throw new Failure("security_error", `${one} comes twice`);
    }
    const { flow } = user, state = Buffer.from(given.get("state") ?? ""), expected = Buffer.from(flow?.state ?? "");
    if (!flow || state.length !== expected.length || !timingSafeEqual(state, expected)) throw new Failure("security_error", "the callback belongs to no flow");
    if (this.#config.issuer !== null && given.get("iss") !== this.#config.issuer) throw new Failure("security_error", "the callback comes from another issuer");
    user.flow = null;
    if (given.has("error")) {
      const code = short(given.get("error"));
      const kind = code === "access_denied" ? "denied" : code === "invalid_grant" ? "protocol_error" : KINDS.get(code) ?? "protocol_error";
      throw new Failure(kind, `the authorization was refused: ${code}`, { code });
    }
    if (!given.get("code")) throw new Failure("protocol_error", "the callback has neither code nor error");
    const wait = this.#patience();
    const form = { grant_type: "authorization_code", code: given.get("code"), redirect_uri: this.#config.redirect_uri, code_verifier: flow.verifier };
    const token = await this.#askForToken(form, wait);
    token.scope ??= this.#config.scopes.join(" ");
    await this.#verify(token, wait);
    user.token = token;
  }

  // Ask who the user is; where the API is out of order, the first call will show it.
  async #verify(token, wait) {
    const answer = await this.#askApi("GET", "/me", undefined, token, wait).catch((error) => {
      if (error instanceof Failure) return null;
      throw error;
    });
    if (answer?.status === 401 || answer?.status === 403) this.#checkDocument(answer, "/me");
  }

  seed(name, { access_token, refresh_token = null, expires_at = null, scope }) {
    this.#apiFree = this.#tokenFree = 0;
    this.#user(name).token = { access_token, refresh_token, expires_at, scope, isDead: false };
  }

  token(name) { return this.#user(name).token; }

  // Refresh now; who comes while one is under way shares what comes of it.
  async refresh(name) {
    const user = this.#user(name);
    user.refreshing ??= this.#replace(user).finally(() => { user.refreshing = null; });
    await user.refreshing;
  }

  async #replace(user) {
    const spent = user.token;
    if (!spent?.refresh_token || spent.isDead) throw new Failure("reauth_required", "there is nothing to refresh with");
    try {
      const token = await this.#askForToken({ grant_type: "refresh_token", refresh_token: spent.refresh_token }, this.#patience());
      token.refresh_token ??= spent.refresh_token;
      token.scope ??= spent.scope;
      if (user.token === spent) user.token = token; // else the user has connected anew meanwhile
    } catch (error) {
      if (user.token !== spent) return;
      if (error.kind === "reauth_required") user.token = { ...spent, isDead: true };
      throw error;
    }
  }

  async call(name, method, path, body) {
    if (!/^\/(?!\/)/.test(path)) throw new Failure("security_error", "a path begins with one slash");
    const token = this.token(name);
    if (!token || token.isDead) throw new Failure("reauth_required", "the user is not connected");
    const answer = await this.#askApi(method, path, body, token, this.#patience());
    this.#checkDocument(answer, path);
    return answer.status;
  }

  #checkDocument({ status, headers, body }, path) {
    const document = this.#read(body), challenge = bearerChallenge(headers["www-authenticate"]).get("error");
    if (status >= 200 && status < 300) {
      if (status === 204 || (path === "/ping" && body.length === 0)) return;
      if (own(document, "data") !== undefined && own(document, "errors") === undefined) return;
    }
    const isRefused = status === 402 || status === 403 || (status === 401 && challenge === "insufficient_scope");
    const kind = isRefused ? "config_error" : status === 401 ? "reauth_required" : "protocol_error";
    const errors = own(document, "errors"), listed = Array.isArray(errors) ? errors.slice(0, 5) : [];
    const told = listed.flatMap((one) => [own(one, "title"), own(one, "detail")]).filter((text) => typeof text === "string");
    throw new Failure(kind, [`the API answered ${status}`, ...told.map(short)].join(": "), { status, apiStatus: status, code: challenge && short(challenge) });
  }

  #read(body) {
    try {
      return JSON.parse(new TextDecoder().decode(body));
    } catch {
      return undefined;
    }
  }

  // What an operation may still wait, in ms.
  #patience() { return { left: this.#config.budget.max_wait_ms }; }

  async #waitFor(freeAt, wait) {
    for (let ms = freeAt() - Date.now(); ms > 0; ms = freeAt() - Date.now()) {
      if (ms > wait.left) throw new Failure("retry_later", "it has to wait longer than it may", { notBefore: ms });
      wait.left -= ms;
      await sleep(Math.ceil(ms) + 1);
    }
  }

  async #askApi(method, path, body, token, wait) {
    await this.#waitFor(() => Math.max(this.#apiFree, (this.#sent.at(-PER_SECOND) ?? 0) + SECOND), wait);
    this.#sent = [...this.#sent.slice(1 - PER_SECOND), Date.now()];
    const headers = { accept: "application/vnd.api+json", authorization: `Bearer ${token.access_token}` };
    if (body !== undefined) headers["content-type"] = "application/vnd.api+json";
    const answer = await this.#send(method, this.#config.api_base + path, headers, body);
    if (answer.status < 300 && answer.headers["ratelimit-interval-remaining"] === "0") this.#apiFree = Math.max(this.#apiFree, Date.now() + SECOND);
    this.#checkAvailable(answer, (ms) => { this.#apiFree = Math.max(this.#apiFree, Date.now() + ms); });
    return answer;
  }

  async #askForToken(form, wait) {
    await this.#waitFor(() => this.#tokenFree, wait);
    const { token_url, client_id, client_secret } = this.#config, asked = Date.now();
    const headers = { accept: "application/json", "content-type": "application/x-www-form-urlencoded" };
    const answer = await this.#send("POST", token_url, headers, String(new URLSearchParams({ ...form, client_id, client_secret })));
    this.#checkAvailable(answer, (ms) => { this.#tokenFree = Math.max(this.#tokenFree, Date.now() + ms); });
    return this.#readToken(answer, asked);
  }

  #checkAvailable(answer, putOff) {
    const { status } = answer;
    if (status !== 429 && status < 500) return;
    const ms = status === 429 || status === 503 ? retryAfter(answer) : 0;
    putOff(ms);
    throw new Failure("retry_later", `the server answered ${status}`, { status, notBefore: ms || undefined });
  }

  // RFC 6749, sections 5.1 and 5.2.
  #readToken({ status, body }, asked) {
    const members = this.#read(body), error = own(members, "error");
    if (status < 200 || status > 299 || error !== undefined) {
      const code = typeof error === "string" ? short(error) : undefined;
      const kind = (status < 300 || status > 399) && KINDS.get(code);
      throw new Failure(kind || "protocol_error", `the token endpoint answered ${status} ${code ?? ""}`, { code, status });
    }
    const [access_token, kind, refresh_token, lifetime, scope] = ["access_token", "token_type", "refresh_token", "expires_in", "scope"].map((name) => own(members, name));
    const isToken = isTokenText(access_token) && typeof kind === "string" && kind.toLowerCase() === "bearer";
    const hasSuccessor = refresh_token !== undefined && refresh_token !== null && refresh_token !== "";
    if (!isToken || (hasSuccessor && !isTokenText(refresh_token))) throw new Failure("protocol_error", `the token endpoint answered ${status} without a token`, { status });
    const isNumber = typeof lifetime === "number" || (typeof lifetime === "string" && /^\d{1,10}$/.test(lifetime));
    const seconds = isNumber && Math.abs(lifetime) <= 1e10 ? Number(lifetime) : null;
    return {
      access_token, refresh_token: hasSuccessor ? refresh_token : undefined, scope: typeof scope === "string" ? scope : undefined,
      expires_at: seconds === null ? null : asked / SECOND + seconds, isDead: false,
    };
  }

  async #send(method, url, headers, body) {
    checkConfidential(url);
    try {
      return await this.#sendOnce(method, url, headers, body);
    } catch (error) {
      // The server has closed an idle connection: a GET can be sent anew without harm.
      if (method !== "GET" || !error.wasStale) throw error;
      return this.#sendOnce(method, url, { ...headers, connection: "close" }, body);
    }
  }

  async #sendOnce(method, url, headers, body) {
    const { protocol } = new URL(url);
    let request;
    try {
      return await new Promise((resolve, reject) => {
        const signal = AbortSignal.timeout(REQUEST_MS);
        const content = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
        request = (protocol === "https:" ? https : http).request(url, { method, headers: { ...headers, ...content }, agent: this.#agents[protocol], signal });
        request.on("error", reject);
        request.on("response", (response) => this.#receive(response).then(resolve, reject));
        request.end(body);
      });
    } catch (error) {
      request?.destroy();
      if (error instanceof Failure) throw error;
      const isUntrusted = /^(CERT_|UNABLE_|SELF_SIGNED|DEPTH_ZERO|ERR_TLS_CERT|HOSTNAME_)/.test(error.code ?? "");
      const wasStale = request?.reusedSocket && error.code === "ECONNRESET" && !request.res;
      throw new Failure(isUntrusted ? "security_error" : "transport_error", `no whole answer came: ${error.code ?? error.name}`, { wasStale });
    }
  }

  async #receive(response) {
    if ((response.headers["content-encoding"] ?? "identity") !== "identity") throw new Failure("protocol_error", "the answer is encoded, which nobody asked for");
    const chunks = [];
    let length = 0;
    for await (const chunk of response) {
      length += chunk.length;
      if (length > MOST_BYTES) throw new Failure("protocol_error", `the answer is longer than ${MOST_BYTES} bytes`);
      chunks.push(chunk);
    }
    if (!response.complete) throw new Error("cut");
    return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) };
  }
}
