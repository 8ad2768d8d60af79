import type { EnvironmentValueView } from '../../contracts/api/environment-value.ts';
import { environmentKeyTrouble } from '../../domain/values/feature/environment-values.ts';
import { type Call, type Command, DESTINATION_FLAGS } from '../command.ts';
import { answer, connect } from '../connect.ts';
import { WrongInvocation } from '../failure.ts';
import { given, nameAt, text } from '../flags.ts';
import { painter } from '../paint.ts';
import { oneLine, plain } from '../plain.ts';
import type { Ports } from '../ports.ts';
import { table } from '../table.ts';

export const environmentValues: Command = {
  name: 'environment values',
  summary: 'List the values that live with an environment, for templates of charts',
  usage: 'ENVIRONMENT',
  flags: DESTINATION_FLAGS,
  examples: ['fairlead environment values prod-eu'],
  takes: [1, 1],

  async run(call, ports) {
    const name = nameAt(call, 0, 'environment');
    const { values } = await (await connect(call, ports)).environmentValues(name);
    const paint = painter(ports.terminal.colour);
    answer(call, ports, values, () =>
      values.length === 0
        ? [`${name} has no values of its own: 'fairlead environment values set ${name} KEY=VALUE' sets one`]
        : table(paint, ['key', 'value', 'revision', 'when', 'who'], values.map(row)),
    );
    return 0;
  },
};

const row = (one: EnvironmentValueView) => [
  one.key,
  shown(one),
  String(one.revision),
  one.updatedAt,
  plain(one.updatedBy),
];

function shown({ value, secret, parameter, version }: EnvironmentValueView): string {
  if (secret) return `secret (${parameter} version ${version})`;
  return oneLine(typeof value === 'string' ? value : JSON.stringify(value));
}

export const environmentValuesSet: Command = {
  name: 'environment values set',
  summary: 'Set values of an environment; what is deployed changes only with the next rollout',
  usage: 'ENVIRONMENT (KEY=TEXT | KEY:=JSON)… | ENVIRONMENT KEY --secret',
  flags: {
    secret: { type: 'boolean', says: 'keep it in a SecureString parameter; its text is read from stdin, or asked for' },
    'if-revision': {
      type: 'string',
      value: 'N',
      says: 'only while the value is at this revision; 0: only when it is new',
    },
    ...DESTINATION_FLAGS,
  },
  examples: [
    'fairlead environment values set prod-eu project_id=acme-prod region=eu-north-1',
    `fairlead environment values set prod-eu 'zones:=["a","b"]'`,
    'fairlead environment values set prod-eu api_token --secret < token.txt',
  ],
  takes: [2, 50],

  async run(call, ports) {
    const name = nameAt(call, 0, 'environment');
    const revision = revisionOf(call);
    const bodies = given(call.flags, 'secret')
      ? [await secretOf(call, ports)]
      : call.positionals.slice(1).map(assigned);
    if (revision !== undefined && bodies.length > 1) {
      throw new WrongInvocation(`--if-revision is of one value, and ${bodies.length} are set: set them one by one`);
    }
    const api = await connect(call, ports);
    const found: EnvironmentValueView[] = [];
    for (const { key, ...body } of bodies) found.push(await api.putEnvironmentValue(name, key, body, revision));
    answer(call, ports, found, () => found.map((one) => `${name} ${one.key}: ${shown(one)}, revision ${one.revision}`));
    return 0;
  },
};

export const environmentValuesUnset: Command = {
  name: 'environment values unset',
  summary: "Take a value of an environment away; a secret's parameter stays, for rollbacks that need it",
  usage: 'ENVIRONMENT KEY',
  flags: DESTINATION_FLAGS,
  examples: ['fairlead environment values unset prod-eu region'],
  takes: [2, 2],

  async run(call, ports) {
    const [name, key] = [nameAt(call, 0, 'environment'), keyAt(call, 1)];
    await (await connect(call, ports)).deleteEnvironmentValue(name, key);
    answer(call, ports, { environment: name, unset: key }, () => [`${name} has no value ${key} any more`]);
    return 0;
  },
};

export const environmentValuesUses: Command = {
  name: 'environment values uses',
  summary: 'Which packages read a value of an environment in their templates, and where they are deployed',
  usage: 'ENVIRONMENT KEY',
  flags: DESTINATION_FLAGS,
  examples: ['fairlead environment values uses prod-eu project_id'],
  takes: [2, 2],

  async run(call, ports) {
    const [name, key] = [nameAt(call, 0, 'environment'), keyAt(call, 1)];
    const found = await (await connect(call, ports)).valueUses(name, key);
    const paint = painter(ports.terminal.colour);
    const rows = found.uses.map(({ package: pkg, version, computed, environments, certain }) => [
      pkg,
      version,
      `${computed.join(', ')}${certain ? '' : ' (perhaps: only a run of the template says)'}`,
      environments.join(', '),
    ]);
    const none =
      found.unknown.length === 0
        ? `nothing that is deployed reads ${key} of ${name}`
        : `nothing known reads ${key} of ${name}`;
    answer(call, ports, found, () => [
      ...(rows.length === 0 ? [none] : table(paint, ['package', 'version', 'computes', 'deployed in'], rows)),
      ...(found.unknown.length === 0 ? [] : [`not known of ${found.unknown.join(', ')}: plan a rollout of them once`]),
    ]);
    return 0;
  },
};

function keyAt({ positionals }: Call, index: number): string {
  return checkedKey(positionals[index] ?? '');
}

function checkedKey(key: string): string {
  const trouble = environmentKeyTrouble(key);
  if (trouble === undefined) return key;
  // Whoever writes a secret where a key belongs does not want to see it again.
  throw new WrongInvocation(`the key: ${trouble}`);
}

/** `KEY=TEXT`, or `KEY:=JSON`. */
function assigned(word: string): { readonly key: string; readonly value: unknown } {
  const cut = word.indexOf('=');
  if (cut < 0)
    throw new WrongInvocation(`'${word.slice(0, 100)}' sets nothing: write KEY=TEXT, KEY:=JSON, or KEY --secret`);
  const isJson = word[cut - 1] === ':';
  const key = checkedKey(word.slice(0, isJson ? cut - 1 : cut));
  const given = word.slice(cut + 1);
  if (!isJson) return { key, value: given };
  try {
    return { key, value: JSON.parse(given) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new WrongInvocation(`what stands behind ${key}:= is not JSON: a text is written ${key}=TEXT`);
  }
}

/** Never from the command line: others see that, and the shell remembers it. */
async function secretOf({ positionals }: Call, ports: Ports) {
  const [, word = '', ...others] = positionals;
  if (word.includes('=') || others.length > 0) {
    throw new WrongInvocation('with --secret give one KEY and nothing else: its text is read from stdin, or asked for');
  }
  const key = checkedKey(word);
  const value = await ports.readSecret(`${key}: `);
  if (value === undefined || value === '')
    throw new WrongInvocation(`no text for ${key}: give it on stdin, or type it`);
  return { key, value, secret: true };
}

function revisionOf({ flags }: Call): number | undefined {
  const found = text(flags, 'if-revision');
  if (found === undefined || /^\d{1,9}$/.test(found)) return found === undefined ? undefined : Number(found);
  throw new WrongInvocation(`--if-revision '${found.slice(0, 40)}' is no revision: it is a whole number`);
}
