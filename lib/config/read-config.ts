import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import type * as z from 'zod';
import { Config } from '../../contracts/config.ts';
import { deployerRoleName } from '../../domain/deployment/deployer-role.ts';
import { trustLength } from '../constructs/trust-length.ts';

/** `fairlead.yaml` does not make an installation. The message names file, field, value and what to do, one line for each thing that is wrong. */
export class ConfigRefused extends Error {
  override readonly name = 'ConfigRefused';
}

/** The configuration in `file`. @throws ConfigRefused */
export function readConfig(file: string): Config {
  return parseConfig(file, readText(file));
}

/** The configuration in `text`; `file` is only named. @throws ConfigRefused */
export function parseConfig(file: string, text: string): Config {
  const document = parseDocument(text);
  const [broken] = document.errors;
  if (broken !== undefined) throw new ConfigRefused(`${file} is not YAML: ${broken.message}`);
  const parsed = Config.safeParse(document.toJS(), { reportInput: true });
  if (!parsed.success) throw refused(file, parsed.error.issues.map(wordsOf));
  const wrong = [...wrongTogether(parsed.data)];
  if (wrong.length > 0) throw refused(file, wrong);
  return parsed.data;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const because = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new ConfigRefused(`${file} cannot be read (${because}): copy fairlead.example.yaml there and fill it in`);
  }
}

function refused(file: string, problems: readonly string[]): ConfigRefused {
  return new ConfigRefused(`${file} is refused:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
}

function wordsOf({ path, message, input }: z.core.$ZodIssue): string {
  const value = input === undefined ? '' : ` (it is ${JSON.stringify(input).slice(0, 100)})`;
  return `${fieldOf(path)}: ${message}${value}`;
}

function fieldOf(path: readonly PropertyKey[]): string {
  const field = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return field.replace(/^\./, '') || 'the whole file';
}

/** IAM's limit for the names of roles (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html). */
const LONGEST_ROLE_NAME = 64;
/** The default of IAM's quota for trust policies, on the same page; white space does not count. */
const LONGEST_TRUST = 2048;

/** What is right field by field and wrong together. */
function* wrongTogether({ name, account, sources, approvers, deployers, clusterAccounts }: Config): Generator<string> {
  const seen = new Set<string>();
  for (const [i, source] of sources.entries()) {
    const field = `sources[${i}].name`;
    if (seen.has(source.name)) yield `${field}: '${source.name}' is there twice: give each source a name of its own`;
    seen.add(source.name);
    const role = `${name}-source-${source.name}`;
    if (role.length > LONGEST_ROLE_NAME) {
      yield `${field}: the role '${role}' would have ${role.length} characters, of ${LONGEST_ROLE_NAME}: shorten '${source.name}' or name`;
    }
    const length = trustLength(account, source);
    if (length > LONGEST_TRUST) {
      yield `sources[${i}]: its trust policy would have ${length} characters, of ${LONGEST_TRUST}: split '${source.name}' into sources with fewer refs and environments`;
    }
  }
  yield* wrongApprovers(name, approvers);
  yield* wrongDeployers(name, deployers);
  yield* wrongAccounts(account, clusterAccounts);
}

function* wrongApprovers(name: string, approvers: Config['approvers']): Generator<string> {
  const seen = new Set<string>();
  for (const [i, approver] of approvers.entries()) {
    const field = `approvers[${i}].name`;
    if (seen.has(approver.name)) yield `${field}: '${approver.name}' is there twice: give each role a name of its own`;
    seen.add(approver.name);
    const role = `${name}-approver-${approver.name}`;
    if (role.length <= LONGEST_ROLE_NAME) continue;
    yield `${field}: the role '${role}' would have ${role.length} characters, of ${LONGEST_ROLE_NAME}: shorten '${approver.name}' or name`;
  }
}

/** More than this do not fit the environment of the function that knows them all, of 4 KB (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). */
const MOST_DEPLOYERS = 16;

function* wrongDeployers(name: string, deployers: Config['deployers']): Generator<string> {
  const names = Object.keys(deployers);
  if (names.length === 0) yield 'deployers: there is none: leave the field out, or name one';
  if (names.length > MOST_DEPLOYERS) yield `deployers: there are ${names.length}, of ${MOST_DEPLOYERS}: share some`;
  for (const deployer of names) {
    const role = deployerRoleName(name, deployer);
    if (role.length <= LONGEST_ROLE_NAME) continue;
    yield `deployers.${deployer}: the role '${role}' would have ${role.length} characters, of ${LONGEST_ROLE_NAME}: shorten '${deployer}' or name`;
  }
}

/** Of the environment of a deployer, of 4 KB too. */
const MOST_ACCOUNT_CHARACTERS = 2800;

function* wrongAccounts(home: string, accounts: Config['clusterAccounts']): Generator<string> {
  const characters = JSON.stringify(accounts.map(({ account, externalId }) => [account, externalId])).length;
  if (characters > MOST_ACCOUNT_CHARACTERS) {
    yield `clusterAccounts: accounts and external ids have ${characters} characters, of ${MOST_ACCOUNT_CHARACTERS}: shorten the external ids`;
  }
  const seen = new Set<string>();
  for (const [i, { account }] of accounts.entries()) {
    const field = `clusterAccounts[${i}].account`;
    if (account === home)
      yield `${field}: ${account} is the installation's own: its clusters need no role of another account`;
    if (seen.has(account)) yield `${field}: ${account} is there twice: keep one entry for each account`;
    seen.add(account);
  }
}
