import { EnvironmentBody, type EnvironmentView } from '../../contracts/api/environment.ts';
import { type Command, DESTINATION_FLAGS } from '../command.ts';
import { answer, connect } from '../connect.ts';
import { nameAt, required } from '../flags.ts';
import { painter } from '../paint.ts';
import { QUEUE_FLAG, queueOf } from '../queue-flag.ts';
import { readDocument } from '../read-document.ts';
import { table } from '../table.ts';

const labelText = (labels: Readonly<Record<string, string>>) =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');

export const environmentPut: Command = {
  name: 'environment put',
  summary: 'Register an environment, or change it',
  usage: 'NAME -f FILE [--queue MODE]',
  flags: {
    file: { type: 'string', short: 'f', value: 'FILE', says: 'the whole entry as YAML or JSON; flags win' },
    queue: QUEUE_FLAG,
    ...DESTINATION_FLAGS,
  },
  examples: ['fairlead environment put prod-eu -f examples/environments/prod-eu.yaml'],
  takes: [1, 1],

  async run(call, ports) {
    const name = nameAt(call, 0, 'environment');
    const from = await readDocument(ports, required(call.flags, 'file', 'FILE'), EnvironmentBody);
    const body = { ...from, ...queueOf(call) };
    const found = await (await connect(call, ports)).putEnvironment(name, body);
    answer(call, ports, found, () => [
      `environment ${name}: cluster ${found.cluster.name}, labels ${labelText(found.labels)}`,
    ]);
    return 0;
  },
};

export const environmentGet: Command = {
  name: 'environment get',
  summary: 'Show an environment',
  usage: 'NAME',
  flags: DESTINATION_FLAGS,
  examples: ['fairlead environment get prod-eu --json'],
  takes: [1, 1],

  async run(call, ports) {
    const found = await (await connect(call, ports)).environment(nameAt(call, 0, 'environment'));
    answer(call, ports, found, () => [
      `environment ${found.name}`,
      `cluster: ${found.cluster.name} (${found.cluster.account}, ${found.cluster.region})`,
      `labels: ${labelText(found.labels)}`,
      `namespace suffix: ${found.namespaceSuffix ?? 'none'}`,
      `deployer: ${found.deployer}`,
      `queue mode: ${found.queue ?? "the package's"}`,
    ]);
    return 0;
  },
};

export const environmentList: Command = {
  name: 'environment list',
  summary: 'List all environments',
  usage: '',
  flags: DESTINATION_FLAGS,
  examples: ['fairlead environment list'],
  takes: [0, 0],

  async run(call, ports) {
    const { environments } = await (await connect(call, ports)).environments();
    const row = (e: EnvironmentView) => [
      e.name,
      e.cluster.name,
      e.namespaceSuffix ?? '',
      labelText(e.labels),
      e.deployer,
    ];
    answer(call, ports, environments, () =>
      table(
        painter(ports.terminal.colour),
        ['environment', 'cluster', 'suffix', 'labels', 'deployer'],
        environments.map(row),
      ),
    );
    return 0;
  },
};
