/** What the world is asked for: one role a port, no technology in its words. `adapters` hold them, tests have honest fakes. */

import type { FreezeWindow } from './items/gates.ts';
import type { VerifiedClaims } from './items/rollout.ts';

/** The time. Passed in everywhere, so that tests decide it. */
export type Clock = () => Date;

/** A window that comes again and again. */
export type RecurringWindow = Extract<FreezeWindow, { is: 'recurring' }>;

/** What is wrong with a recurring window, and with which of its fields. */
export interface WindowFault {
  readonly field: 'rule' | 'start' | 'timeZone' | 'duration';
  readonly because: string;
}

/** Recurrence rules (RFC 5545) by the clock on the wall of an IANA time zone. Pure: the same question, the same answer. */
export interface Calendar {
  /**
   * Whether the window holds at `at`: since when its occurrence lasts, and until when, where occurrences that touch or
   * overlap are one; and when it begins after that. A long chain may be told in parts: ask again at `until`.
   */
  around(
    window: RecurringWindow,
    at: Date,
  ): { readonly held?: { readonly since: Date; readonly until: Date }; readonly next?: Date };
  /** Why such a window is not accepted; nothing when it makes sense and can be evaluated in milliseconds. */
  faults(window: RecurringWindow, now: Date): readonly WindowFault[];
}

/** Structured log lines. Never give it values, tokens or whole payloads. */
export interface Log {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** Keyed digest (HMAC-SHA-256 under the installation's key): `hmac-sha256:` and 64 hex digits. */
export type Digest = (content: string | Uint8Array) => Promise<string>;

export interface ParameterValue {
  readonly version: number;
  /** Of a SecureString it is the ciphertext: nothing is decrypted. */
  readonly value: string;
  readonly secret: boolean;
}

/** SSM Parameter Store. Nothing is decrypted. */
export interface Parameters {
  /** The latest version of each name that exists; missing names are left out. Asks 10 at a time. */
  latest(names: readonly string[]): Promise<ReadonlyMap<string, ParameterValue>>;
  /** What that very version says; undefined when it is not kept any more, or never was. */
  exactly(name: string, version: number): Promise<string | undefined>;
}

/** One bucket of immutable or versioned objects. */
export interface Objects {
  /** Writes unless the key exists; tells which. */
  putOnce(key: string, content: string | Uint8Array): Promise<'written' | 'exists'>;
  get(key: string): Promise<Uint8Array | undefined>;
}

export type ResolvedChart =
  | { readonly found: true /** `sha256:…` of the manifest. */; readonly digest: string }
  | { readonly found: false; readonly code: 'chart-not-found' | 'unreachable'; readonly because: string };

export type PulledChart =
  | { readonly pulled: true /** The chart's .tgz, checked against its digest. */; readonly archive: Uint8Array }
  | {
      readonly pulled: false;
      readonly code: 'chart-not-found' | 'chart-changed' | 'unreachable';
      readonly because: string;
    };

/** Charts by `oci://` place (OCI distribution specification). */
export interface Charts {
  resolve(chart: string, version: string): Promise<ResolvedChart>;
  /** By manifest digest, so that a moved tag changes nothing. */
  pull(chart: string, digest: string): Promise<PulledChart>;
}

/** The state machines. */
export interface Machines {
  /** Starts `{rolloutId}-{run}`; `already` when that name was used. */
  startRollout(rolloutId: string, run: number): Promise<'started' | 'already'>;
  /** Starts `{planId}-{package}`; `already` when that name was used. */
  startPlan(planId: string, pkg: string): Promise<'started' | 'already'>;
  /** Ends a wait; `gone` when nobody waits on that token any more. */
  wake(token: string): Promise<'woken' | 'gone'>;
}

/** Whether an execution goes on. `unknown`: there is none of that name, or none any more. */
export type Life = 'running' | 'over' | 'unknown';

/** Looks at executions by what they are named after. */
export interface Executions {
  ofRun(rolloutId: string, run: number): Promise<Life>;
  ofTry(rolloutId: string, environment: string, attempt: number): Promise<Life>;
}

/** What became of a GitHub token that somebody sent along. Never names the token itself. */
export type TokenAnswer =
  | {
      readonly verified: true;
      readonly claims: VerifiedClaims;
      readonly jti: string /** When the token ends. */;
      readonly expiresAt: Date;
    }
  /** `unreachable`: GitHub's keys could not be had, so nothing is accepted. */
  | { readonly verified: false; readonly code: 'refused' | 'unreachable'; readonly because: string };

/** Checks signature, issuer, audience and times of a GitHub OIDC token. */
export type VerifyToken = (token: string) => Promise<TokenAnswer>;

/** Keeps what could not be handled, to be delivered again later. */
export interface RetryQueue {
  /** `record` is anything that JSON can hold. */
  put(record: unknown): Promise<void>;
}
