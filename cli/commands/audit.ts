import type { AuditLine } from '../../contracts/api/audit.ts';
import { type Command, DESTINATION_FLAGS } from '../command.ts';
import { answer, connect } from '../connect.ts';
import { WrongInvocation } from '../failure.ts';
import type { FairleadApi } from '../fairlead-api.ts';
import { checkedName, secondsOf, text } from '../flags.ts';
import { type Paint, painter } from '../paint.ts';
import { oneLine } from '../plain.ts';
import { table } from '../table.ts';
import { whoLine } from '../who.ts';

/** More lines than anybody reads; a shorter time shows the rest. */
const MOST_LINES = 10_000;

export const audit: Command = {
  name: 'audit',
  summary: 'Show who changed what, from where, oldest first',
  usage: '[--since 24h|TIME] [--until TIME] [--package PACKAGE]',
  flags: {
    since: { type: 'string', value: 'AGO|TIME', says: 'from then on: 90m, 24h, 7d or a time in UTC; default: 24h' },
    until: { type: 'string', value: 'TIME', says: 'up to then; default: now' },
    package: { type: 'string', value: 'PACKAGE', says: 'only changes to this package and its rollouts' },
    ...DESTINATION_FLAGS,
  },
  examples: ['fairlead audit --since 7d', 'fairlead audit --package webui --since 2026-11-20T08:00:00Z --json'],
  takes: [0, 0],

  async run(call, ports) {
    const until = momentOf(text(call.flags, 'until'), 'until', ports.now());
    const since = momentOf(text(call.flags, 'since') ?? '24h', 'since', ports.now());
    const pkg = text(call.flags, 'package');
    const query = {
      since: since?.toISOString(),
      until: until?.toISOString(),
      package: pkg === undefined ? undefined : checkedName(pkg, 'package'),
    };
    const { lines, more } = await allLines(await connect(call, ports), query);
    const paint = painter(ports.terminal.colour);
    answer(call, ports, lines, () => [
      ...(lines.length === 0
        ? ['nothing was changed in this time']
        : table(
            paint,
            HEAD,
            lines.map((l) => row(paint, l)),
          )),
    ]);
    if (more) ports.terminal.err(`only the first ${lines.length} lines: ask for a shorter time`);
    return 0;
  },
};

const HEAD = ['at', 'what', 'package', 'environment', 'rollout', 'from', 'who', 'why'];

const row = (paint: Paint, line: AuditLine) => [
  line.at,
  [line.operation, line.freeze ?? line.value?.key ?? []].flat().join(' '),
  line.package ?? '',
  line.environment ?? '',
  line.rollout ?? '',
  line.sourceIp,
  whoLine(paint, line.by),
  oneLine(line.reason ?? ''),
];

async function allLines(api: FairleadApi, query: Readonly<Record<string, string | undefined>>) {
  const lines: AuditLine[] = [];
  for (let after: string | undefined; lines.length < MOST_LINES; ) {
    const page = await api.audit({ ...query, limit: '200', after });
    lines.push(...page.lines);
    after = page.next;
    if (after === undefined) return { lines, more: false };
  }
  return { lines, more: true };
}

/** `24h` ago, `7d` ago, or the time itself. @throws WrongInvocation */
function momentOf(given: string | undefined, flag: string, now: Date): Date | undefined {
  if (given === undefined) return undefined;
  const days = Number(/^(\d{1,4})d$/.exec(given)?.[1]);
  const seconds = days > 0 ? days * 86_400 : secondsOf(given);
  const at = /^\d{4}-\d\d-\d\d/.test(given)
    ? new Date(given)
    : new Date(now.getTime() - (seconds ?? Number.NaN) * 1000);
  if (!Number.isNaN(at.getTime())) return at;
  throw new WrongInvocation(`--${flag} '${given}' is no time: write it as 90m, 24h, 7d or 2026-11-21T10:00:00Z`);
}
