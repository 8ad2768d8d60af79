import { PackageFields, type PackageView, Team } from '../../contracts/api/package.ts';
import { type Call, type Command, DESTINATION_FLAGS } from '../command.ts';
import { answer, connect } from '../connect.ts';
import { WrongInvocation } from '../failure.ts';
import { given, nameAt, text, texts } from '../flags.ts';
import { painter } from '../paint.ts';
import { QUEUE_FLAG, queueOf } from '../queue-flag.ts';
import { readDocument } from '../read-document.ts';
import { table } from '../table.ts';
import { VALUES_ROLLOUT_FLAG, valuesRolloutOf } from '../values-rollout-flag.ts';

/** A file may leave out what a flag gives. */
const PackageFile = PackageFields.partial({ namespace: true });

export const packagePut: Command = {
  name: 'package put',
  summary: 'Register a package, or replace its entry: what is not given is as by default',
  usage: 'NAME [--namespace N] [--team T|--platform] [-f FILE]',
  flags: {
    namespace: { type: 'string', value: 'N', says: 'namespace of its releases' },
    chart: {
      type: 'string',
      value: 'PLACE',
      says: "oci://…, https://… or s3://…, without the version; default: the installation's registry",
    },
    repository: { type: 'string', multiple: true, value: 'OWNER/NAME', says: 'a repository that may roll it out' },
    team: {
      type: 'string',
      value: 'T',
      says: 'service account of that namespace that helm acts as; default: the deployer',
    },
    platform: { type: 'boolean', says: "helm acts as Fairlead's platform account, which equals cluster-admin" },
    queue: QUEUE_FLAG,
    'values-rollout': VALUES_ROLLOUT_FLAG,
    file: { type: 'string', short: 'f', value: 'FILE', says: 'the whole entry as YAML or JSON; flags win' },
    ...DESTINATION_FLAGS,
  },
  examples: [
    'fairlead package put webui --namespace web',
    'fairlead package put webui --namespace web --team web-team',
    'fairlead package put webui -f examples/packages/webui.yaml',
  ],
  takes: [1, 1],

  async run(call, ports) {
    const name = nameAt(call, 0, 'package');
    const file = text(call.flags, 'file');
    const from = file === undefined ? {} : await readDocument(ports, file, PackageFile);
    const repositories = texts(call.flags, 'repository');
    const [namespace, chart] = [text(call.flags, 'namespace'), text(call.flags, 'chart')];
    const body = {
      ...from,
      ...(namespace && { namespace }),
      ...(chart && { chart }),
      ...(repositories.length > 0 && { repositories }),
      ...identityOf(call),
      ...queueOf(call),
      ...valuesRolloutOf(call),
    };
    if (body.namespace === undefined)
      throw new WrongInvocation('--namespace is missing: give --namespace N, or a file that has it');
    const found = await (await connect(call, ports)).putPackage(name, body);
    answer(call, ports, found, () => [
      `package ${name}: chart ${found.chart}, release ${found.release} in namespace ${found.namespace}`,
    ]);
    return 0;
  },
};

/** Whom helm acts as, as far as flags say. */
function identityOf({ flags }: Pick<Call, 'flags'>) {
  const team = text(flags, 'team');
  const named = Team.optional().safeParse(team);
  if (!named.success) throw new WrongInvocation(`--team: ${named.error.issues[0]?.message}, not '${team}'`);
  if (team !== undefined && given(flags, 'platform'))
    throw new WrongInvocation('a platform package acts as the platform account: leave out either --team or --platform');
  return { ...(team && { team }), ...(given(flags, 'platform') && { profile: 'platform' as const }) };
}

export const packageGet: Command = {
  name: 'package get',
  summary: 'Show a package',
  usage: 'NAME',
  flags: DESTINATION_FLAGS,
  examples: ['fairlead package get webui --json'],
  takes: [1, 1],

  async run(call, ports) {
    const found = await (await connect(call, ports)).package(nameAt(call, 0, 'package'));
    answer(call, ports, found, () => Object.entries(found).map(([key, value]) => `${key}: ${shown(value)}`));
    return 0;
  },
};

export const packageList: Command = {
  name: 'package list',
  summary: 'List all packages',
  usage: '',
  flags: DESTINATION_FLAGS,
  examples: ['fairlead package list'],
  takes: [0, 0],

  async run(call, ports) {
    const { packages } = await (await connect(call, ports)).packages();
    const row = (p: PackageView) => [p.name, p.namespace, p.release, p.chart, p.repositories.join(', ')];
    answer(call, ports, packages, () =>
      table(
        painter(ports.terminal.colour),
        ['package', 'namespace', 'release', 'chart', 'repositories'],
        packages.map(row),
      ),
    );
    return 0;
  },
};

const shown = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value));
