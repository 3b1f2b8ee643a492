import type { components } from "./control-api.cjs";

type Schemas = components["schemas"];

/** The label of an endpoint; `token` and `api` stand for all of theirs. */
export type Label = Schemas["Endpoint"] | `api.${string}`;
/** The name of a scenario that comes with livestorm-mock. */
export type ScenarioName = Schemas["ScenarioName"];
/** A release of Doorkeeper. */
export type ReleaseName = Schemas["ReleaseName"];
/** A fault as it is armed: where, what and when, with the parameters of its kind. */
export type Fault = Schemas["Fault"] & { on: Label };
/** A kind of fault. */
export type FaultKind = Schemas["FaultKind"];
export type ArmedFault = Schemas["Armed"] & { [parameter: string]: unknown };
export type ClockState = Schemas["Clock"];
export type Exchange = Schemas["Exchange"];
export type Delivery = Schemas["Delivery"];
export type State = Schemas["SavedSandbox"];
export type Finding = Schemas["Finding"];
export type TokenPair = Schemas["TokenPair"];
export type Credentials = Schemas["Credentials"];
export type AuthorizeRequest = Schemas["AuthorizeBody"];
export type SandboxOptions = Schemas["SandboxBody"];

/** Where a sandbox is, and what its first applications are called. */
export type Description = Schemas["Sandbox"] & {
  control_token?: string;
};

/** Which exchanges are meant: all that is given must hold. */
export interface Query {
  endpoint?: Label;
  client_id?: string;
  /** Only exchanges after this number. */
  since?: number;
  status?: number;
  /** The kind, or the id, of the fault that struck. */
  fault?: string;
}

/** How the fake is started. */
export interface StartOptions {
  /** The name of a scenario, or the path of a file. */
  scenario?: ScenarioName | (string & {});
  release?: ReleaseName;
  /** Redirect at once, without the consent page. */
  autoApprove?: boolean;
  /** Whether Livestorm's two rate limits hold; they do by default. */
  rateLimits?: boolean;
  redirectUris?: readonly string[];
  clientId?: string;
  clientSecret?: string;
  /** Take any redirect URI; the audit names those that are not registered. */
  anyRedirectUri?: boolean;
  /** Other hosts than this machine to which webhooks may go. */
  allowWebhooksTo?: readonly string[];
  /** The port to listen on; a free one by default. */
  port?: number;
  /** Make ids and tokens come out the same each time. */
  seed?: string | number;
  /** How many exchanges the journal keeps. */
  journalCapacity?: number;
  /** Speak HTTPS, too. */
  tls?: boolean;
  /** The words of the command that is `livestorm-mock`. */
  command?: readonly string[];
  /** Take a livestorm-mock of another version than this package's. */
  anyVersion?: boolean;
}

/** One isolated universe of applications, users, tokens, clock, faults and journal. */
export class Sandbox {
  protected constructor(description: Description);

  readonly description: Description;
  /** Absent for the default sandbox. */
  readonly id: string | undefined;
  /** `/oauth/authorize` and `/oauth/token` are appended to it. */
  readonly appUrl: string;
  /** `/me` and the rest are appended to it. */
  readonly apiUrl: string;
  readonly controlUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUris: readonly string[];
  /** The first of them. */
  readonly redirectUri: string;
  readonly publicClientId: string | undefined;
  /** The private API token of the first workspace. */
  readonly privateToken: string | undefined;
  /** What clients have to trust that speak HTTPS to it. */
  readonly caFile: string | undefined;

  readonly faults: {
    /** Arm a fault; give it with its id. */
    arm(fault: Fault): Promise<ArmedFault>;
    /** List the armed faults with their hits. */
    list(): Promise<ArmedFault[]>;
    /** Tell how many requests a fault has struck. */
    hits(id: string): Promise<number>;
    /** Disarm one fault, or all. */
    disarm(id?: string): Promise<void>;
    /** Let the requests that wait at a barrier go on. */
    release(id: string): Promise<ArmedFault>;
  };
  readonly clock: {
    read(): Promise<ClockState>;
    /** Move it on by seconds: tokens expire without a wait. */
    advance(seconds: number): Promise<ClockState>;
    /** Set it to Unix seconds. */
    set(seconds: number): Promise<ClockState>;
    freeze(): Promise<ClockState>;
    resume(): Promise<ClockState>;
  };
  readonly journal: {
    /** List the exchanges that a query means, oldest first. */
    list(query?: Query): Promise<Exchange[]>;
    /** Wait in real time for an answered exchange; an empty list is one that did not come. */
    waitFor(query?: Query, seconds?: number): Promise<Exchange[]>;
    /** Give a sequence diagram in Mermaid, without secrets. */
    mermaid(query?: Query): Promise<string>;
    /** Give an HTTP archive (HAR 1.2). */
    har(query?: Query): Promise<{ log: Record<string, unknown> }>;
    clear(): Promise<void>;
  };
  readonly tokens: {
    /** Issue a pair without any flow; give the token endpoint's success body. */
    issue(whose?: Schemas["TokensBody"]): Promise<TokenPair>;
    /** End the lifetime of an access token. */
    expire(accessToken: string): Promise<void>;
    /** Revoke the pair of an access or refresh token. */
    revoke(token: string): Promise<void>;
  };
  readonly applications: {
    register(application: Schemas["ApplicationEntry"]): Promise<Credentials>;
    /** Give an application a new secret; the old one is wrong from then on. */
    rotateSecret(clientId: string): Promise<Credentials>;
  };

  readonly webhooks: {
    /** Deliver an event, or several, to a URL or to who has registered; give each delivery. */
    deliver(order: Schemas["WebhookOrder"]): Promise<Delivery[]>;
    /** List the newest deliveries, once none is due or so many seconds of real time are over. */
    list(seconds?: number): Promise<Delivery[]>;
  };

  /** Open an authorization URL, or one of these parameters, and decide as a user would; give the
   * URL to which the browser is sent. */
  authorize(request?: AuthorizeRequest): Promise<string>;
  /** List what the clients did wrong. */
  audit(): Promise<Finding[]>;
  /** Start anew from a scenario: its name, or its text. */
  put(scenario: ScenarioName | { toml: string }): Promise<void>;
  /** Give the sandbox whole, with its secrets, but for the journal. */
  state(): Promise<State>;
  /** Be what `state` gave, whole or not at all; the journal is empty then. */
  restore(state: State): Promise<void>;
  /** Return to the start of the scenario. */
  reset(): Promise<void>;
  /** Call any operation of the control API. Throws ControlError. */
  control(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Drop the sandbox. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A fake that was started, with its default sandbox. */
export class Livestorm extends Sandbox {
  /** Open a sandbox of its own, which no other test meets. */
  sandbox(options?: SandboxOptions): Promise<Sandbox>;
  /** Stop it, and wait until it has ended. */
  stop(): Promise<void>;
}

/** Start a fake, and wait until it accepts connections. Throws LivestormMockMissingError. */
export function start(options?: StartOptions): Promise<Livestorm>;

/** The fake can't be found or started; the message says what to install or to change. */
export class LivestormMockMissingError extends Error {}

/** The control API refused a request; the message is its answer. */
export class ControlError extends Error {
  readonly status: number;
}
