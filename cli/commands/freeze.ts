import type * as z from 'zod';
import { FreezeBody, type FreezeView } from '../../contracts/api/freeze.ts';
import { endingCommand } from '../../domain/freezes/holding.ts';
import { type Call, type Command, DESTINATION_FLAGS } from '../command.ts';
import { answer, connect } from '../connect.ts';
import { WrongInvocation } from '../failure.ts';
import { given, labels, nameAt, reasonOf, required, requiredReason, text, texts } from '../flags.ts';
import { scopeText, windowText } from '../live/render-freezes.ts';
import { painter } from '../paint.ts';
import { oneLine, plain } from '../plain.ts';
import { table } from '../table.ts';

export const freezeAdd: Command = {
  name: 'freeze add',
  summary: 'Keep deployments from beginning in a window, once, again and again, or until it is lifted',
  usage:
    'NAME --reason TEXT (--from TIME --to TIME | --rule RULE --start LOCAL --time-zone ZONE --duration D | --until-lifted) [--target LABELS] [--package P]… [--overridable-by ROLE]…',
  flags: {
    reason: { type: 'string', value: 'TEXT', says: 'why; everybody who is held up sees it' },
    from: { type: 'string', value: 'TIME', says: 'a window once: its begin in UTC, e.g. 2026-12-20T15:00:00Z' },
    to: { type: 'string', value: 'TIME', says: 'a window once: its end in UTC' },
    rule: { type: 'string', value: 'RULE', says: 'a recurring window: RFC 5545 rule, e.g. FREQ=WEEKLY;BYDAY=FR' },
    start: {
      type: 'string',
      value: 'LOCAL',
      says: 'a recurring window: its first begin, local, e.g. 2026-11-20T16:00',
    },
    'time-zone': { type: 'string', value: 'ZONE', says: 'a recurring window: IANA name, e.g. Europe/Oslo' },
    duration: {
      type: 'string',
      value: 'D',
      says: 'a recurring window: ISO 8601 by the clock on the wall, e.g. P2DT16H',
    },
    'until-lifted': { type: 'boolean', says: 'no window: it holds until somebody lifts it' },
    target: { type: 'string', value: 'LABELS', says: 'environments, as JSON or k=v,…; default: all' },
    package: { type: 'string', multiple: true, value: 'P', says: 'only this package; default: all' },
    'overridable-by': {
      type: 'string',
      multiple: true,
      value: 'ROLE',
      says: "who may override it; default: the operators' role. The emergency role always may",
    },
    ...DESTINATION_FLAGS,
  },
  examples: [
    "fairlead freeze add weekend --reason 'nobody is there' --rule 'FREQ=WEEKLY;BYDAY=FR' --start 2026-11-20T16:00 --time-zone Europe/Oslo --duration P2DT16H --target ring=prod",
    "fairlead freeze add launch --reason 'the big day' --from 2026-12-01T06:00:00Z --to 2026-12-02T06:00:00Z",
    "fairlead freeze add migration --reason 'database move' --until-lifted --package webui",
  ],
  takes: [1, 1],

  async run(call, ports) {
    const name = nameAt(call, 0, 'freeze');
    const body = bodyOf(call);
    const found = await (await connect(call, ports)).putFreeze(name, body);
    answer(call, ports, found, () => [`freeze ${name}: ${scopeText(found)}, ${windowText(found)}`, stateLine(found)]);
    return 0;
  },
};

export const freezeList: Command = {
  name: 'freeze list',
  summary: 'List all freezes: which hold now, until when, and which come next',
  usage: '',
  flags: DESTINATION_FLAGS,
  examples: ['fairlead freeze list', 'fairlead freeze list --json'],
  takes: [0, 0],

  async run(call, ports) {
    const { freezes } = await (await connect(call, ports)).freezes();
    const paint = painter(ports.terminal.colour);
    const row = (freeze: FreezeView) => [
      freeze.name,
      freeze.active ? paint('yellow', 'holds') : paint('dim', 'open'),
      freeze.until ?? (freeze.active ? 'lifted' : ''),
      freeze.next ?? '',
      `${scopeText(freeze)}; ${windowText(freeze)}`,
      oneLine(freeze.reason),
      plain(freeze.by),
    ];
    answer(call, ports, freezes, () =>
      freezes.length === 0
        ? ['nothing is frozen, now or later']
        : table(paint, ['freeze', 'now', 'until', 'next', 'what', 'why', 'who'], freezes.map(row)),
    );
    return 0;
  },
};

export const freezeLift: Command = {
  name: 'freeze lift',
  summary: 'End a freeze for good: what waited for it goes on at once',
  usage: 'NAME [--reason TEXT]',
  flags: {
    reason: { type: 'string', value: 'TEXT', says: 'why, for the audit' },
    ...DESTINATION_FLAGS,
  },
  examples: ['fairlead freeze lift weekend'],
  takes: [1, 1],

  async run(call, ports) {
    const name = nameAt(call, 0, 'freeze');
    await (await connect(call, ports)).liftFreeze(name, reasonOf(call.flags));
    answer(call, ports, { lifted: name }, () => [`freeze ${name} is lifted: what waited for it goes on`]);
    return 0;
  },
};

/** What it does at this moment, and how it ends. */
export function stateLine({ name, active, until, next }: FreezeView): string {
  const ways = `'${endingCommand({ name })}' ends it`;
  if (active) return `it holds now, ${until === undefined ? 'until it is lifted' : `until ${until}`}; ${ways}`;
  return `it does not hold now${next === undefined ? '' : `, next from ${next} on`}; ${ways}`;
}

function bodyOf(call: Call): z.output<typeof FreezeBody> {
  const { flags } = call;
  const [target, packages, roles] = [text(flags, 'target'), texts(flags, 'package'), texts(flags, 'overridable-by')];
  const body = FreezeBody.safeParse({
    reason: requiredReason(flags),
    window: windowOf(call),
    ...(target !== undefined && { target: labels(target, 'target') }),
    ...(packages.length > 0 && { packages }),
    ...(roles.length > 0 && { overridableBy: roles }),
  });
  if (body.success) return body.data;
  throw new WrongInvocation(body.error.issues.map((issue) => wrong(call, issue)).join('; '));
}

const FLAG_OF = { timeZone: 'time-zone', packages: 'package', overridableBy: 'overridable-by' } as const;

/** `--from 'tomorrow': a time in UTC, such as …` */
function wrong({ flags }: Call, { path, message }: z.core.$ZodIssue): string {
  const [field = ''] = path.filter((part) => typeof part === 'string' && part !== 'window').map(String);
  const flag = Object.entries(FLAG_OF).find(([name]) => name === field)?.[1] ?? field;
  const value = texts(flags, flag)[Number(path.at(-1)) || 0];
  return `--${flag}${value === undefined ? '' : ` '${value.slice(0, 80)}'`}: ${message}`;
}

const ONCE = ['from', 'to'];
const RECURRING = ['rule', 'start', 'time-zone', 'duration'];

/** Exactly one kind of window, with all of its flags. */
function windowOf({ flags }: Call): object {
  const has = (names: readonly string[]) => names.some((name) => text(flags, name) !== undefined);
  const kinds = [has(ONCE), has(RECURRING), given(flags, 'until-lifted')].filter(Boolean).length;
  if (kinds !== 1)
    throw new WrongInvocation(
      'say when it holds, one way: --from and --to; or --rule, --start, --time-zone and --duration; or --until-lifted',
    );
  if (given(flags, 'until-lifted')) return { is: 'until-lifted' };
  if (has(ONCE)) return { is: 'once', from: required(flags, 'from', 'TIME'), to: required(flags, 'to', 'TIME') };
  return {
    is: 'recurring',
    rule: required(flags, 'rule', 'RULE'),
    start: required(flags, 'start', 'LOCAL'),
    timeZone: required(flags, 'time-zone', 'ZONE'),
    duration: required(flags, 'duration', 'D'),
  };
}
