import { type Command, DESTINATION_FLAGS } from '../command.ts';
import { answer, connect } from '../connect.ts';
import { nameAt, rolloutAt } from '../flags.ts';
import { painter } from '../paint.ts';
import { firstLine, plain } from '../plain.ts';
import { table } from '../table.ts';

export const evidence: Command = {
  name: 'evidence',
  summary: 'Show what was wrong in an environment, as kept before the rollback',
  usage: 'PACKAGE ROLLOUT|latest ENVIRONMENT',
  flags: DESTINATION_FLAGS,
  examples: ['fairlead evidence webui latest staging'],
  takes: [3, 3],

  async run(call, ports) {
    const [pkg, id, environment] = [nameAt(call, 0, 'package'), rolloutAt(call, 1), nameAt(call, 2, 'environment')];
    const api = await connect(call, ports);
    const found = await api.evidence(pkg, id, environment);
    const paint = painter(ports.terminal.colour);
    answer(call, ports, found, () => [
      paint('bold', `${found.package} in ${found.environment}, ${found.at}: ${plain(found.failure.because)}`),
      ...found.summary.map((line) => `  ${plain(line)}`),
      '',
      ...table(
        paint,
        ['object', 'because'],
        found.objects.map((o) => [plain(`${o.kind} ${o.name}`), firstLine(o.because)]),
      ),
      '',
      ...table(
        paint,
        ['event', 'object', 'message'],
        found.events.map((e) => [
          plain(`${e.reason}${e.count ? ` ×${e.count}` : ''}`),
          plain(e.object),
          firstLine(e.message),
        ]),
      ),
      ...found.logs.flatMap(({ pod, container, previous, lines }) => [
        '',
        paint('dim', `${plain(`${pod}/${container}`)}${previous ? ' (before its restart)' : ''}`),
        ...lines.map((line) => `  ${plain(line)}`),
      ]),
    ]);
    return 0;
  },
};
