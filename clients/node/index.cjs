"use strict";
// livestorm-mock from JavaScript: the fake is started as a process of its own and driven over its
// control API. What the control API takes and answers is passed on under its own names.

const { control } = require("./control.cjs");
const { startProcess } = require("./process.cjs");

/** One isolated universe of applications, users, tokens, clock, faults and journal. */
class Sandbox {
  #description;
  #opener;

  constructor(description, opener = null) {
    this.#description = description;
    this.#opener = opener;
    this.faults = new Faults(this);
    this.clock = new Clock(this);
    this.journal = new Journal(this);
    this.tokens = new Tokens(this);
    this.applications = new Applications(this);
    this.webhooks = new Webhooks(this);
  }

  /** What `livestorm-mock serve --json` prints, or what opened the sandbox. */
  get description() {
    return this.#description;
  }
  get id() {
    return this.#description.id;
  }
  get appUrl() {
    return this.#description.app_url;
  }
  get apiUrl() {
    return this.#description.api_url;
  }
  get controlUrl() {
    return this.#description.control_url;
  }
  get clientId() {
    return this.#description.client_id;
  }
  get clientSecret() {
    return this.#description.client_secret;
  }
  get redirectUris() {
    return this.#description.redirect_uris;
  }
  get redirectUri() {
    return this.#description.redirect_uris[0];
  }
  get publicClientId() {
    return this.#description.public_client_id;
  }
  get privateToken() {
    return this.#description.private_token;
  }
  get caFile() {
    return this.#description.ca_file;
  }

  /** Call an operation of the control API; give its JSON, or its text. */
  control(method, path, body) {
    return control(this.#description, method, path, body);
  }

  /** Open an authorization URL, or one made of these parameters, and decide as a user would. */
  async authorize(request = {}) {
    const { location } = await this.control("POST", "authorize", request);
    return location;
  }

  /** List what the clients did wrong. */
  async audit() {
    return (await this.control("GET", "audit")).findings;
  }

  /** Start anew from a scenario: its name, or its text as `{ toml }`. */
  async put(scenario) {
    const body = typeof scenario === "string" ? { scenario } : scenario;
    this.#description = await this.control("PUT", "scenario", body);
  }

  /** Give the sandbox whole, with its secrets, but for the journal. */
  async state() {
    return this.control("GET", "state");
  }

  /** Be what `state` gave, whole or not at all; the journal is empty then. */
  async restore(state) {
    this.#description = await this.control("PUT", "state", state);
  }

  /** Return to the start of the scenario. */
  async reset() {
    await this.control("POST", "reset");
  }

  /** Drop the sandbox. */
  async close() {
    if (this.#opener === null) throw new TypeError("the default sandbox ends with its server");
    await this.#opener.control("DELETE", `sandboxes/${this.id}`);
  }

  async [Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")]() {
    await this.close();
  }
}

/** A fake that was started, with its default sandbox. */
class Livestorm extends Sandbox {
  #process;

  constructor(description, process) {
    super(description);
    this.#process = process;
  }

  /** Open a sandbox of its own, which no other test meets. */
  async sandbox(options = {}) {
    const description = await this.control("POST", "sandboxes", options);
    return new Sandbox({ control_token: this.description.control_token, ...description }, this);
  }

  /** Stop it, and wait until it has ended. */
  async stop() {
    await this.#process.stop();
  }

  async close() {
    await this.stop();
  }
}

class Part {
  #sandbox;

  constructor(sandbox) {
    this.#sandbox = sandbox;
  }

  _call(method, path, body) {
    return this.#sandbox.control(method, path, body);
  }
}

class Faults extends Part {
  /** Arm a fault; give it with its id. */
  arm(fault) {
    return this._call("POST", "faults", fault);
  }

  /** List the armed faults with their hits. */
  async list() {
    return (await this._call("GET", "faults")).faults;
  }

  /** Tell how many requests a fault has struck. */
  async hits(id) {
    const found = (await this.list()).find((one) => one.id === id);
    if (found === undefined) throw new RangeError(`there is no fault ${JSON.stringify(id)}`);
    return found.hits;
  }

  /** Disarm one fault, or all. */
  async disarm(id) {
    await this._call("DELETE", id === undefined ? "faults" : `faults/${encodeURIComponent(id)}`);
  }

  /** Let the requests that wait at a barrier go on. */
  release(id) {
    return this._call("POST", `faults/${encodeURIComponent(id)}/release`);
  }
}

class Clock extends Part {
  /** Read the virtual time. */
  read() {
    return this._call("GET", "clock");
  }
  /** Move it on by seconds. */
  advance(seconds) {
    return this._call("POST", "clock", { advance: seconds });
  }
  /** Set it to Unix seconds. */
  set(seconds) {
    return this._call("POST", "clock", { set: seconds });
  }
  freeze() {
    return this._call("POST", "clock", { freeze: true });
  }
  resume() {
    return this._call("POST", "clock", { resume: true });
  }
}

class Journal extends Part {
  /** List the exchanges that a query means, oldest first. */
  async list(query = {}) {
    return (await this._call("GET", `journal${encode(query)}`)).exchanges;
  }

  /** Wait in real time for an answered exchange; an empty list is one that did not come. */
  waitFor(query = {}, seconds = 10) {
    return this.list({ ...query, wait: seconds });
  }

  /** Give a sequence diagram in Mermaid, without secrets. */
  mermaid(query = {}) {
    return this._call("GET", `journal/mermaid${encode(query)}`);
  }

  /** Give an HTTP archive. */
  har(query = {}) {
    return this._call("GET", `journal/har${encode(query)}`);
  }

  /** Forget all exchanges. */
  async clear() {
    await this._call("DELETE", "journal");
  }
}

class Tokens extends Part {
  /** Issue a pair without any flow; give the token endpoint's success body. */
  issue(whose = {}) {
    return this._call("POST", "tokens", whose);
  }
  /** End the lifetime of an access token. */
  async expire(token) {
    await this._call("POST", "tokens/expire", { token });
  }
  /** Revoke the pair of an access or refresh token. */
  async revoke(token) {
    await this._call("POST", "tokens/revoke", { token });
  }
}

class Applications extends Part {
  /** Register a further application; give its credentials. */
  register(application) {
    return this._call("POST", "applications", application);
  }
  /** Give an application a new secret. */
  rotateSecret(clientId) {
    return this._call("POST", `applications/${encodeURIComponent(clientId)}/rotate-secret`);
  }
}

class Webhooks extends Part {
  /** Deliver an event, or several, to a URL or to who has registered; give each delivery. */
  async deliver(order) {
    return (await this._call("POST", "webhooks/deliver", order)).deliveries;
  }
  /** List the newest deliveries, once none is due or so many seconds of real time are over. */
  async list(seconds = 5) {
    return (await this._call("GET", `webhooks/deliveries${encode({ wait: seconds })}`)).deliveries;
  }
}

function encode(query) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return given.length === 0 ? "" : `?${new URLSearchParams(given.map(([k, v]) => [k, `${v}`]))}`;
}

/** Start a fake, and wait until it accepts connections. */
async function start(options = {}) {
  const { description, process } = await startProcess(options);
  return new Livestorm(description, process);
}

module.exports = { start, Livestorm, Sandbox, ...require("./errors.cjs") };
