/** What a command is: its words, its flags, and what it does with its ports. */
import type { Ports } from './ports.ts';

export interface Flag {
  readonly type: 'string' | 'boolean';
  readonly multiple?: true;
  readonly short?: string;
  /** How help names the value, e.g. `FILE`. */
  readonly value?: string;
  /** One sentence. */
  readonly says: string;
}

export type FlagValues = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** One invocation, parsed. */
export interface Call {
  readonly positionals: readonly string[];
  readonly flags: FlagValues;
  readonly json: boolean;
}

export interface Command {
  /** `rollout`, `package put`. */
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** What follows the name: `NAME --namespace N [-f FILE]`. */
  readonly usage: string;
  readonly flags?: Readonly<Record<string, Flag>>;
  /** Whole command lines that work. */
  readonly examples: readonly string[];
  /** How many arguments it takes: least and most. */
  readonly takes: readonly [number, number];
  /** Does it, says it, answers the exit code. */
  run(call: Call, ports: Ports): Promise<number>;
}

/** Flags of every command. */
export const COMMON_FLAGS = {
  json: { type: 'boolean', says: 'print one JSON document on stdout, progress on stderr' },
  help: { type: 'boolean', short: 'h', says: 'say how the command is used' },
  debug: { type: 'boolean', says: 'show stack traces' },
} as const satisfies Record<string, Flag>;

/** Of commands that a GitHub job may call as the environment it is in. */
export const PROOF_FLAG = {
  'github-token': {
    type: 'boolean',
    says: "in a GitHub job: send the job's own token along, which proves its repository and environment",
  },
} as const satisfies Record<string, Flag>;

/** Flags of every command that calls AWS. */
export const DESTINATION_FLAGS = {
  endpoint: {
    type: 'string',
    value: 'URL',
    says: "the API's address; default: FAIRLEAD_ENDPOINT, the profile, the running local stack",
  },
  region: { type: 'string', value: 'REGION', says: 'AWS region to sign for' },
  profile: { type: 'string', value: 'NAME', says: 'AWS profile to sign with' },
  as: {
    type: 'string',
    value: 'ROLE',
    says: 'on the local stack: act as operator, reader, break-glass or approver-NAME; default: operator',
  },
  'break-glass': {
    type: 'string',
    value: 'REASON',
    says: 'with the emergency role: why it is used; everybody sees it afterwards',
  },
} as const satisfies Record<string, Flag>;
