import type { Livestorm, Sandbox, SandboxOptions, StartOptions } from "./index.cjs";

/** What tests use; both are there while a test runs only. */
export interface Fixture {
  /** The fake of all tests of the file, or of the group. */
  readonly server: Livestorm;
  /** The sandbox of the test that runs, its own. */
  readonly sandbox: Sandbox;
}

/** Start a fake before the tests of a file, or of a group, and open a sandbox for each of them. */
export function useLivestorm(options?: StartOptions & { sandbox?: SandboxOptions }): Fixture;
