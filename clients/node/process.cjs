"use strict";
// Finds `livestorm-mock`, starts it, and ends it.

const { spawn } = require("node:child_process");
const { accessSync, constants, statSync } = require("node:fs");
const path = require("node:path");

const { control } = require("./control.cjs");
const { LivestormMockMissingError } = require("./errors.cjs");
const { version } = require("./package.json");

const VARIABLE = "LIVESTORM_MOCK_COMMAND";
const TO_START = 60_000; // milliseconds: uvx may have to install it
const TO_END = 5_000; // milliseconds, with the grace for requests in flight
const MOST_TOLD = 4_000; // characters of standard error

// Options of `start`, and what `livestorm-mock serve` calls them.
const OPTIONS = {
  scenario: "--scenario",
  release: "--release",
  autoApprove: "--auto-approve",
  rateLimits: "--no-rate-limits", // where it is false
  redirectUris: "--redirect-uri",
  clientId: "--client-id",
  clientSecret: "--client-secret",
  anyRedirectUri: "--any-redirect-uri",
  allowWebhooksTo: "--allow-webhooks-to",
  port: "--port",
  seed: "--seed",
  journalCapacity: "--journal-capacity",
  tls: "--tls",
};

/** Give the words of the command that starts the fake. */
function findCommand(options, variables = process.env) {
  if (options.command !== undefined) return { words: options.command, from: "`command`" };
  const named = variables[VARIABLE];
  if (named) return { words: wordsOf(named), from: `the environment variable ${VARIABLE}` };
  if (isOnPath("livestorm-mock", variables)) {
    return { words: ["livestorm-mock"], from: "the PATH" };
  }
  if (isOnPath("uvx", variables)) return { words: ["uvx", `livestorm-mock@${version}`], from: "uvx" };
  throw new LivestormMockMissingError(
    `livestorm-mock was not found: neither it nor uvx is on the PATH. ${advice()}`,
  );
}

function advice() {
  return (
    `Install version ${version} from a checkout (\`pipx install .\` or \`uv tool install .\`), ` +
    `or name its command in ${VARIABLE}.`
  );
}

/** Read a command: a JSON array of words, or words between spaces. */
function wordsOf(text) {
  if (!text.trimStart().startsWith("[")) return text.trim().split(/\s+/);
  try {
    const words = JSON.parse(text);
    if (words.length > 0 && words.every((word) => typeof word === "string")) return words;
  } catch {
    // It is told below.
  }
  throw new LivestormMockMissingError(
    `${VARIABLE} is ${text}; expected words, or a JSON array of them`,
  );
}

function isOnPath(name, variables) {
  const endings = process.platform === "win32" ? [".exe", ".cmd", ".bat"] : [""];
  const folders = (variables.PATH ?? variables.Path ?? "").split(path.delimiter).filter(Boolean);
  return folders.some((folder) => endings.some((end) => canRun(path.join(folder, name + end))));
}

function canRun(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Give the arguments of `serve` for options of `start`. */
function argumentsOf(options) {
  const words = [];
  for (const [name, value] of Object.entries(options)) {
    if (name === "command" || name === "anyVersion" || value === undefined) continue;
    const option = OPTIONS[name];
    if (option === undefined) {
      const known = [...Object.keys(OPTIONS), "command", "anyVersion"].join(", ");
      throw new TypeError(`${name} is no option of start(); expected one of: ${known}`);
    }
    words.push(...wordsFor(name, option, value));
  }
  return words;
}

function wordsFor(name, option, value) {
  if (name === "rateLimits") return value ? [] : [option];
  if (typeof value === "boolean") return value ? [option] : [];
  const values = Array.isArray(value) ? value : [value];
  return values.map((one) => `${option}=${one}`);
}

/** Start the fake; give its description, and what ends it. */
async function startProcess(options) {
  const { words, from } = findCommand(options);
  const [program, ...first] = words;
  const port = options.port === undefined ? ["--port=0"] : [];
  const rest = ["serve", "--json", "--quiet", "--exit-with-parent", ...port, ...argumentsOf(options)];
  const child = spawn(program, [...first, ...rest], { stdio: ["pipe", "pipe", "pipe"] });
  const running = new Running(child);
  try {
    const description = await running.firstLine(from, words);
    if (!options.anyVersion) await checkVersion(description, from);
    running.letGo();
    return { description, process: running };
  } catch (error) {
    await running.stop();
    throw error;
  }
}

async function checkVersion(description, from) {
  const found = (await control(description, "GET", "health")).version;
  if (found === version) return;
  throw new LivestormMockMissingError(
    `livestorm-mock ${version} is needed, and what comes from ${from} is ` +
      `${found ?? "an older one"}. ${advice()} \`start({ anyVersion: true })\` takes it as it is.`,
  );
}

/** Read the line that tells where it serves. */
function readDescription(line, shown) {
  try {
    const description = JSON.parse(line);
    if (typeof description.control_url === "string") return description;
  } catch {
    // It is told below.
  }
  const begins = line.slice(0, 80);
  throw new LivestormMockMissingError(`${shown} is no livestorm-mock: it printed ${begins}`);
}

/** A fake in a process of its own, which ends with this one. */
class Running {
  #child;
  #told = "";
  #ended;

  constructor(child) {
    this.#child = child;
    child.stderr.setEncoding("utf8").on("data", (text) => {
      this.#told = (this.#told + text).slice(-MOST_TOLD);
    });
    child.stdin.on("error", () => {}); // It has ended already.
    this.#ended = new Promise((resolve) => {
      child.once("error", (error) => resolve(error.message));
      child.once("close", (status, signal) => resolve(`it ended with ${signal ?? `status ${status}`}`));
    });
  }

  /** Give what it prints first, once it serves. */
  async firstLine(from, words) {
    const shown = words.join(" ");
    let timer;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, TO_START, `it said nothing for ${TO_START / 1000} s`);
    });
    const line = this.#readLine();
    const failure = await Promise.race([line.then(() => null), this.#ended, late]);
    clearTimeout(timer);
    if (failure === null) return readDescription(await line, shown);
    throw new LivestormMockMissingError(
      `${shown} (from ${from}) could not be started: ${failure}\n${this.#told}`.trimEnd(),
    );
  }

  #readLine() {
    return new Promise((resolve) => {
      let text = "";
      const read = (part) => {
        text += part;
        const [line, ...more] = text.split("\n");
        if (more.length === 0) return;
        this.#child.stdout.off("data", read).resume();
        resolve(line);
      };
      this.#child.stdout.setEncoding("utf8").on("data", read);
    });
  }

  /** Let the process that started it end whenever it wants to. */
  letGo() {
    const child = this.#child;
    for (const one of [child, child.stdin, child.stdout, child.stderr]) one.unref?.();
  }

  /** End it, and wait until it has ended. */
  async stop() {
    const child = this.#child;
    for (const one of [child, child.stdout, child.stderr]) one.ref?.();
    child.stdin.end();
    const timer = setTimeout(() => child.kill("SIGKILL"), TO_END);
    await this.#ended;
    clearTimeout(timer);
  }
}

module.exports = { startProcess, findCommand, argumentsOf };
