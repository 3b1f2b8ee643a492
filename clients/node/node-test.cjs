"use strict";

module.exports = { useLivestorm: require("./fixtures.cjs").fixtureOf(require("node:test")) };
