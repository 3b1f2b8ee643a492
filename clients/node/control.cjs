"use strict";

const { ControlError } = require("./errors.cjs");

/** Call an operation of the control API of the sandbox that is described. */
async function control(description, method, path, body) {
  const headers = {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const token = description.control_token;
  if (token !== undefined) headers.Authorization = `Bearer ${token}`;
  const answer = await fetch(`${description.control_url}/${path}`, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) {
    throw new ControlError(`${method} /_mock/${path}: ${answer.status} ${told(text)}`, answer.status);
  }
  const isJSON = answer.headers.get("content-type")?.startsWith("application/json");
  return isJSON ? JSON.parse(text) : text || undefined;
}

/** What an answer says is wrong. */
function told(text) {
  try {
    return JSON.parse(text).error ?? text;
  } catch {
    return text;
  }
}

module.exports = { control };
