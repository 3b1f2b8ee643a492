"use strict";
/* How times, exchanges and parameters are worded. */

const { html, render, useState, useEffect, useLayoutEffect, useRef, useMemo } = htmPreact;

const RFC = "https://www.rfc-editor.org/rfc/rfc";

/* What the parameters of OAuth mean, and where that stands. */
const PARAMETERS = {
  access_token: ["opens the API until it expires", "6749#section-1.4"],
  bearer_token: ["an access token in a parameter, as the engine takes it", "6750#section-2.3"],
  client_id: ["which application asks", "6749#section-2.2"],
  client_secret: ["proves that it is this application", "6749#section-2.3.1"],
  code: ["stands for the user's consent; is exchanged once, soon", "6749#section-4.1.2"],
  code_challenge: ["the digest of the secret that the code's redeemer must know", "7636#section-4.2"],
  code_challenge_method: ["how the challenge was made of the verifier", "7636#section-4.3"],
  code_verifier: ["the secret behind the code_challenge", "7636#section-4.1"],
  created_at: ["when the token was issued, in Unix seconds", ""],
  error: ["what went wrong, in one of the words that OAuth has", "6749#section-5.2"],
  error_description: ["the same for people; not to be parsed", "6749#section-5.2"],
  expires_in: ["how many seconds the access token lives from now", "6749#section-5.1"],
  grant_type: ["what is given for the token: a code, a refresh token", "6749#section-4"],
  password: ["the user's password", "6749#section-4.3.2"],
  redirect_uri: ["where the browser is sent; must be registered", "6749#section-3.1.2"],
  refresh_token: ["gives a new pair once the access token has expired", "6749#section-1.5"],
  response_mode: ["in which part of the redirect the answer comes", ""],
  response_type: ["what the client wants to get: a code", "6749#section-3.1.1"],
  scope: ["what the token may do", "6749#section-3.3"],
  state: ["ties the answer to the browser that asked (CSRF)", "6749#section-10.12"],
  token: ["the token that the request is about", "7009#section-2.1"],
  token_type: ["how the access token is to be sent", "6749#section-7.1"],
  token_type_hint: ["which sort of token it probably is", "7009#section-2.1"],
  username: ["the user's name", "6749#section-4.3.2"],
};

const UNSEEN = /(?![\t\n\r])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const two = (number) => String(number).padStart(2, "0");

function timeOf(seconds) {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return "?";
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(":");
  return `${clock}.${String(date.getUTCMilliseconds()).padStart(3, "0")}`;
}

function dateOf(seconds) {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return "?";
  return `${date.toISOString().slice(0, 10)} ${timeOf(seconds).slice(0, 8)}`;
}

/* A span in its two largest units. */
function spanOf(seconds) {
  const left = Math.abs(Math.round(seconds));
  const units = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];
  const at = units.findIndex(([, size]) => left >= size);
  if (at < 0) return "0 s";
  const [name, size] = units[at];
  const rest = units[at + 1] && Math.floor((left % size) / units[at + 1][1]);
  const whole = `${Math.floor(left / size)} ${name}`;
  return rest ? `${whole} ${rest} ${units[at + 1][0]}` : whole;
}

const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}\u2026` : text);
/* A number with its thousands apart; what the browser has for it takes long to load. */
const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");
const plural = (count, thing) => `${grouped(count)} ${thing}${count === 1 ? "" : "s"}`;

const isRefused = (one) => one.status === null || one.status >= 400;
const isLost = (one) => one.status === null && Boolean(one.fault || one.webhook);
const hadEffect = (one) => one.issued.length > 0 || (one.fault !== null && one.fault.phase === "after");
const lossOf = (one) => (one.webhook ? one.reason : hadEffect(one) ? "effect happened, answer lost" : "no effect, no answer");
const statusOf = (one) => (one.status === null ? "no answer" : String(one.status));
const pathOf = (one) => one.target.split("?", 1)[0].replace(/^\/s\/[\w-]+(?=\/)/, "");
const serverOf = (one) => (`${one.endpoint}.`.startsWith("api.") ? "api" : "app");
const BROWSERS = new Set(["authorize", "native", "authorized_applications"]);
const actorOf = (one) => (BROWSERS.has(one.endpoint) ? "browser" : "client");
/* Who asks, and who answers: a webhook is sent by the fake. */
const endsOf = (one) => (one.webhook ? ["api", "client"] : [actorOf(one), serverOf(one)]);
const eventOf = (one) => (one.webhook ? `${one.webhook.event}${one.webhook.attempt > 1 ? ` (attempt ${one.webhook.attempt})` : ""}` : "");
const clientOf = (one) => one.client_id || "unknown client";

/* An exchange in one sentence, as it is announced. */
function sayExchange(one) {
  const fault = one.fault ? `, fault ${one.fault.fault} ${one.fault.phase} the effect` : "";
  const why = isRefused(one) && one.reason && !one.fault ? `, ${one.reason}` : "";
  const sent = one.webhook ? `webhook ${eventOf(one)}, ` : "";
  return `${one.seq}, ${sent}${one.method} ${pathOf(one)}, ${statusOf(one)}${fault}${why}`;
}

/* The brief form of an exchange that is there whole. */
function briefOf(one) {
  const ids = (role) => one.tokens.filter((it) => it.role === role).map((it) => it.id);
  return {
    ...one,
    method: one.request.method,
    target: one.request.target.slice(0, 200),
    status: one.response && one.response.status,
    ground: one.ground && one.ground.id,
    sent: ids("sent"),
    issued: ids("issued"),
  };
}

function prettyBody(text) {
  try {
    return /^\s*[[{]/.test(text) ? JSON.stringify(JSON.parse(text), null, 2) : text;
  } catch {
    return text;
  }
}

/* A text of anybody's, in which what is not seen, or turns the reading order, is an escape. */
const visible = (text) => String(text ?? "").replace(UNSEEN, (it) => it.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`));

/* A text of the fake's own, with what stands between backticks as code. */
const coded = (text) => visible(text).split("`").map((part, index) => (index % 2 ? html`<code>${part}</code>` : part));

/* A reason as a sentence; the name of a parameter at its beginning keeps its letters. */
function sentence(reason) {
  const [, name, rest] = visible(reason).match(/^([a-z]+_\w+)?(.*)$/s);
  return name ? html`<code>${name}</code>${rest}.` : `${rest[0].toUpperCase()}${rest.slice(1)}.`;
}

/* What is copied into a shell, one word. */
const quoted = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/* A value as Python writes it. */
function python(value) {
  if (value === null || value === undefined) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (Array.isArray(value)) return `[${value.map(python).join(", ")}]`;
  if (typeof value !== "object") return JSON.stringify(value);
  return `{${Object.entries(value).map(([k, v]) => `${JSON.stringify(k)}: ${python(v)}`).join(", ")}}`;
}

function pythonArguments(keys) {
  const plain = Object.entries(keys).filter(([name]) => /^[A-Za-z_]\w*$/.test(name));
  return plain.map(([name, value]) => `${name}=${python(value)}`).join(", ");
}
