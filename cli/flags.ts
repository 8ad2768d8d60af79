/** Reads flags by their type, and says which one is off, what it was and what it should be. */
import { RolloutId } from '../contracts/name.ts';
import { isName } from '../domain/names.ts';
import type { Call, FlagValues } from './command.ts';
import { WrongInvocation } from './failure.ts';
import type { DestinationFlags } from './ports.ts';

/** The text of `--name`, if given. */
export function text(flags: FlagValues, name: string): string | undefined {
  const value = flags[name];
  return typeof value === 'string' ? value : undefined;
}

/** All texts of `--name`. */
export function texts(flags: FlagValues, name: string): readonly string[] {
  const value = flags[name];
  if (Array.isArray(value)) return value;
  return typeof value === 'string' ? [value] : [];
}

/** Whether `--name` was given. */
export const given = (flags: FlagValues, name: string): boolean => flags[name] === true;

/** @throws WrongInvocation when `--name` is missing. */
export function required(flags: FlagValues, name: string, value: string): string {
  const found = text(flags, name);
  if (found === undefined) throw new WrongInvocation(`--${name} is missing: give --${name} ${value}`);
  return found;
}

const MOST_REASON = 1000;

/** `--reason`, if given, as it may be kept and shown. @throws WrongInvocation */
export function reasonOf(flags: FlagValues): string | undefined {
  const reason = text(flags, 'reason');
  if (reason === undefined || (reason.trim() !== '' && reason.length <= MOST_REASON)) return reason;
  throw new WrongInvocation(
    `--reason has ${reason.length} characters: 1 to ${MOST_REASON} are wanted, and not only spaces`,
  );
}

/** @throws WrongInvocation when `--reason` is missing, or is none. */
export function requiredReason(flags: FlagValues): string {
  const reason = reasonOf(flags);
  return reason ?? required(flags, 'reason', 'TEXT');
}

/** The destination flags as the ports want them. */
export function destinationOf({ flags }: Call): DestinationFlags {
  return {
    endpoint: text(flags, 'endpoint'),
    region: text(flags, 'region'),
    profile: text(flags, 'profile'),
    as: text(flags, 'as'),
  };
}

/** The n-th argument as a name. */
export function nameAt(call: Call, index: number, what: string): string {
  const found = call.positionals[index];
  if (found === undefined) throw new WrongInvocation(`the ${what} is missing`);
  return checkedName(found, what);
}

/** @throws WrongInvocation when `found` cannot name a `what`. */
export function checkedName(found: string, what: string): string {
  if (isName(found)) return found;
  throw new WrongInvocation(
    `'${found.slice(0, 80)}' is no ${what}: names are 1 to 40 of a-z, 0-9 and '-', and begin and end with a letter or digit`,
  );
}

const ROLE = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/;

/** The ARN of `--role`, if given. @throws WrongInvocation when it is none */
export function roleOf(flags: FlagValues): string | undefined {
  const role = text(flags, 'role');
  if (role === undefined || ROLE.test(role)) return role;
  throw new WrongInvocation(`--role '${role}' is no ARN of a role: it looks like arn:aws:iam::123456789012:role/NAME`);
}

/** The n-th argument as a rollout's id, or `latest`, which it is by default. */
export function rolloutAt({ positionals }: Call, index: number): string {
  const found = positionals[index] ?? 'latest';
  if (found === 'latest' || RolloutId.safeParse(found).success) return found;
  throw new WrongInvocation(
    `'${found.slice(0, 80)}' is no rollout: give its id (26 characters; 'fairlead status PACKAGE' lists them) or 'latest'`,
  );
}

/** A plan's id, or `latest`. @throws WrongInvocation */
export function planAt(found: string): string {
  if (found === 'latest' || RolloutId.safeParse(found).success) return found;
  throw new WrongInvocation(
    `'${found.slice(0, 80)}' is no plan: give its id (26 characters; 'fairlead plan' prints it) or 'latest'`,
  );
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** `90s`, `30m`, `2h` in seconds; undefined when it is nothing of the kind. */
export function secondsOf(given: string): number | undefined {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)([smh])$/.exec(given) ?? [];
  const seconds = Number(amount) * (UNITS[unit ?? ''] ?? Number.NaN);
  return seconds > 0 ? seconds : undefined;
}

/** `90s`, `30m`, `2h` in seconds. @throws WrongInvocation */
export function duration(given: string, flag: string): number {
  const seconds = secondsOf(given);
  if (seconds !== undefined) return seconds;
  throw new WrongInvocation(`--${flag} '${given}' is no time: write it as 90s, 30m or 2h`);
}

/** `{"ring":"canary"}` or `ring=canary,tier=1` as labels. */
export function labels(given: string, flag: string): Record<string, string> {
  const found = given.trim().startsWith('{') ? fromJson(given, flag) : fromPairs(given, flag);
  for (const [key, value] of Object.entries(found)) {
    if (!isName(key) || typeof value !== 'string' || !isName(value)) {
      throw new WrongInvocation(
        `--${flag} '${given}': '${key}=${String(value)}' is no label; keys and values are names`,
      );
    }
  }
  return found as Record<string, string>;
}

function fromJson(given: string, flag: string): Record<string, unknown> {
  try {
    const found: unknown = JSON.parse(given);
    if (typeof found === 'object' && found !== null && !Array.isArray(found)) return { ...found };
  } catch {
    // Said below, with the form that is wanted.
  }
  throw new WrongInvocation(
    `--${flag} '${given}' is no JSON object of labels: write --${flag} '{"ring":"canary"}' or ring=canary`,
  );
}

function fromPairs(given: string, flag: string): Record<string, unknown> {
  const pairs = given.split(',').map((pair) => pair.split('='));
  if (pairs.some((pair) => pair.length !== 2)) {
    throw new WrongInvocation(
      `--${flag} '${given}' is no list of labels: write --${flag} ring=canary,tier=1, or '{}' for all`,
    );
  }
  return Object.fromEntries(pairs);
}
