import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";

import fixtures from "./fixtures.cjs";

const hooks = { before: beforeAll, after: afterAll, beforeEach, afterEach };
export const useLivestorm = fixtures.fixtureOf(hooks);
