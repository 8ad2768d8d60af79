import { type Command, DESTINATION_FLAGS } from '../command.ts';
import { answer, connect } from '../connect.ts';
import { checkedName, nameAt } from '../flags.ts';
import { painter } from '../paint.ts';
import { table } from '../table.ts';

export const evidence: Command = {
  name: 'evidence',
  summary: 'Show what was wrong in an environment, as kept before the rollback',
  usage: 'PACKAGE ROLLOUT|latest ENVIRONMENT',
  flags: DESTINATION_FLAGS,
  examples: ['fairlead evidence webui latest staging'],
  takes: [3, 3],

  async run(call, ports) {
    const [, id = 'latest', environment = ''] = call.positionals;
    const api = await connect(call, ports);
    const found = await api.evidence(nameAt(call, 0, 'package'), id, checkedName(environment, 'environment'));
    const paint = painter(ports.terminal.colour);
    answer(call, ports, found, () => [
      paint('bold', `${found.package} in ${found.environment}, ${found.at}: ${found.failure.because}`),
      ...found.summary.map((line) => `  ${line}`),
      '',
      ...table(
        paint,
        ['object', 'because'],
        found.objects.map((o) => [`${o.kind} ${o.name}`, o.because]),
      ),
      '',
      ...table(
        paint,
        ['event', 'object', 'message'],
        found.events.map((e) => [`${e.reason}${e.count ? ` ×${e.count}` : ''}`, e.object, e.message]),
      ),
      ...found.logs.flatMap(({ pod, container, previous, lines }) => [
        '',
        paint('dim', `${pod}/${container}${previous ? ' (before its restart)' : ''}`),
        ...lines.map((line) => `  ${line}`),
      ]),
    ]);
    return 0;
  },
};
