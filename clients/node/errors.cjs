"use strict";

/** The fake can't be found or started; the message says what to install or to change. */
class LivestormMockMissingError extends Error {
  name = "LivestormMockMissingError";
}

/** The control API refused a request; the message is its answer. */
class ControlError extends Error {
  name = "ControlError";

  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

module.exports = { LivestormMockMissingError, ControlError };
