/**
 * Changed values in memory: Parameter Store with its events, the real functions that note, roll out and plan, and time that nobody waits for.
 * What helm would do is played: a rollout that goes is begun everywhere and over.
 */
import { hmac } from '../../adapters/aws/digest-key.ts';
import { canonicalJson } from '../../adapters/canonical-json.ts';
import { memoryObjects } from '../../adapters/memory/memory-objects.ts';
import { memoryParameters } from '../../adapters/memory/memory-parameters.ts';
import { memorySpilledLayers } from '../../adapters/memory/memory-spilled-layers.ts';
import { type MemoryTable, memoryTable } from '../../adapters/memory/memory-table.ts';
import type { DeploymentItem } from '../../domain/items/deployment.ts';
import type { EnvironmentItem, PackageItem } from '../../domain/items/registry.ts';
import type { RolloutItem } from '../../domain/items/rollout.ts';
import type { ChangeItem, PlanItem } from '../../domain/items/values.ts';
import { type Key, keys, ranges } from '../../domain/keys.ts';
import type { Digest } from '../../domain/ports.ts';
import { lookAtStart } from '../../domain/rollout/look-at-start.ts';
import { type Asked, startRollout } from '../../domain/rollout/start-rollout.ts';
import { remove, replace } from '../../domain/table.ts';
import type { SpilledLayers } from '../../domain/values/layers/spill.ts';
import type { ParameterHistory } from '../../domain/values-change/ports.ts';
import { type Noted, noteChange } from '../../lambdas/note-change/handler.ts';
import { planRollout } from '../../lambdas/plan-rollout/handler.ts';
import { type RolledOut, rollOutValues } from '../../lambdas/roll-out-values/handler.ts';
import { aChart, anEnvironment, aPackage, aRelease, aStage, NOW } from './items.ts';
import { keptLog } from './kept-log.ts';
import { withRights } from './table-rights.ts';

export const ANN = 'arn:aws:sts::111111111111:assumed-role/fairlead-operator/ann';
export const LAYER = '/f/webui-service-helm-values';

export interface ValuesWorld {
  readonly table: MemoryTable;
  /** Lets this much time pass. */
  pass(seconds: number): void;
  /** Writes a layer, or takes it away. With `quiet` no event tells of it. */
  edit(
    name: string,
    value: string | undefined,
    how?: { readonly quiet?: true; readonly secret?: true },
  ): Promise<Noted | undefined>;
  /** A minute comes: what roll-out-values did. */
  minute(): Promise<RolledOut>;
  /** Somebody rolls a version out, everywhere or as asked, and it is over. */
  rollOut(id: string, given?: Partial<Asked>): Promise<object>;
  /** Plans and begins a rollout, and ends it: everywhere and well, or badly in these environments. How its planning was answered. */
  goes(id: string, begun?: readonly string[]): Promise<object>;
  /** As *Begin* writes it, at this moment. */
  begun(id: string): Promise<void>;
  /** The event of a layer's last edit comes (again). */
  told(name: string): Promise<Noted>;
  change(): Promise<ChangeItem | undefined>;
  /** The rollout that the last change has started. */
  started(): Promise<RolloutItem>;
  deployments(id: string): Promise<readonly DeploymentItem[]>;
  plans(): Promise<readonly PlanItem[]>;
  putPackage(given: Partial<PackageItem>): Promise<void>;
  readonly lines: readonly string[];
}

const digest: Digest = async (content) => hmac(new TextEncoder().encode('a key'), content);
const DEFAULT_ENVIRONMENTS = ['dev', 'prod-eu', 'prod-us'].map((name) =>
  anEnvironment({ name, labels: { ring: name.replace(/-.*/, '') } }),
);

/** One package, `webui`, with `valuesRollout: auto` unless told otherwise. */
export async function valuesWorld(
  given: {
    readonly pkg?: Partial<PackageItem>;
    readonly environments?: readonly EnvironmentItem[];
    readonly sweepMinutes?: number;
    /** Where layers stand that parameters only point to. */
    readonly spilled?: SpilledLayers;
    readonly parameters?: (
      own: ReturnType<typeof memoryParameters>,
    ) => Pick<ReturnType<typeof memoryParameters>, 'latest'>;
  } = {},
): Promise<ValuesWorld> {
  const { environments = DEFAULT_ENVIRONMENTS, sweepMinutes = 60 } = given;
  let now = new Date(NOW);
  let ids = 0;
  const table = memoryTable();
  const parameters = memoryParameters();
  const edits = new Map<string, string>();
  const log = keptLog();
  const patience = { tries: 20, pause: async () => undefined };
  const history: ParameterHistory = {
    last: async (name) => {
      const found = (await parameters.latest([name])).get(name);
      return found && { version: found.version, by: ANN, at: edits.get(name) ?? '' };
    },
  };
  const layerRules = { prefix: '/f/', labelOrder: ['ring'] };
  const shared = { patience, history, log, now: () => now };
  const note = noteChange({ ...shared, table: withRights(table, 'note-change'), prefix: '/f/' });
  const rollOutDue = rollOutValues({
    ...shared,
    table: withRights(table, 'roll-out-values'),
    parameters: given.parameters?.(parameters) ?? parameters,
    digest,
    layerRules,
    pace: { quietSeconds: 60, mostSeconds: 600 },
    sweepMinutes,
    account: '111111111111',
    newId: () => `01JD0Z5Q6X3N8V7T2K4M9R2${String(++ids).padStart(3, '0')}`,
  });
  const planNow = planRollout({
    ...shared,
    table: withRights(table, 'plan-rollout'),
    plans: memoryObjects(),
    parameters,
    charts: {
      resolve: async (_, version) => ({ found: true, digest: `sha256:${version}` }),
      pull: async () => ({ pulled: true, archive: new Uint8Array() }),
    },
    noteReads: async () => undefined,
    readChart: () => ({ ok: true, chart: aChart() }),
    digest,
    canonical: canonicalJson,
    layerRules,
    spilled: given.spilled ?? memorySpilledLayers(),
    chartPatience: { tries: 1, pause: async () => undefined },
  });
  const must = async <T>(found: Promise<T | undefined>): Promise<T> => {
    const item = await found;
    if (item === undefined) throw new Error('it is not there');
    return item;
  };
  const put = (key: Key, item: PackageItem | EnvironmentItem) =>
    table.transact([{ do: 'put', key, item, expect: 'any' }]);
  for (const item of environments) await put(keys.environment(item.name), item);
  let pkg = aPackage({ valuesRollout: 'auto', ...given.pkg });
  await put(keys.package('webui'), pkg);

  const goes: ValuesWorld['goes'] = async (id, begun) => {
    const answer = await planNow({ v: 1, rolloutId: id, run: 1 });
    const rollout = await must(table.get(keys.rollout(id)));
    for (const { environment, inputs } of await table.query(ranges.deployments(id))) {
      if (begun?.includes(environment) === false) continue;
      const before = await table.get(keys.release(environment, 'webui'));
      const { version, chartDigest, digest: inputsDigest } = inputs;
      const ours = { rolloutId: id, version, chartDigest, inputsDigest };
      const good = [...(before?.good ?? []), { ...ours, revision: 1, at: now.toISOString() }];
      const item = aRelease({ environment, attempted: id, ...ours, good, rev: (before?.rev ?? 0) + 1 });
      await table.transact([{ do: 'put', key: keys.release(environment, 'webui'), item, expect: 'any' }]);
    }
    const open = await must(table.get(keys.open('webui', rollout.sequence)));
    await table.transact([
      remove(keys.open('webui', rollout.sequence), open),
      replace(keys.rollout(id), rollout, {
        state: begun === undefined ? 'succeeded' : 'failed',
        finishedAt: now.toISOString(),
      }),
    ]);
    return answer;
  };
  return {
    table,
    lines: log.lines,
    pass: (seconds) => {
      now = new Date(now.getTime() + seconds * 1000);
    },
    async edit(name, value, { quiet, secret } = {}) {
      if (value === undefined) parameters.remove(name);
      else parameters.put(name, value, secret);
      edits.set(name, now.toISOString());
      if (quiet) return undefined;
      return await note({ time: now.toISOString(), detail: { name, operation: 'Update' } });
    },
    minute: rollOutDue,
    async rollOut(id, more = {}) {
      const principal = { role: 'fairlead-source-webui', session: 'ci', account: '111111111111' };
      const asked = { id, version: '1.0.0', stages: [aStage()], values: {}, principal, claimed: {}, ...more };
      const { pkg: entry, ...start } = await lookAtStart(table, 'webui');
      const answer = startRollout({ pkg: entry ?? pkg, ...start }, asked, now);
      if (answer.answer !== 'accepted') throw new Error(`not accepted: ${answer.answer}`);
      await table.transact(answer.writes);
      return await goes(id);
    },
    goes,
    async begun(id) {
      for (const one of await table.query(ranges.deployments(id))) {
        const startedAt = now.toISOString();
        await table.transact([replace(keys.deployment(id, one.environment), one, { startedAt })]);
      }
    },
    told: (name) => note({ time: now.toISOString(), detail: { name, operation: 'Update' } }),
    change: () => table.get(keys.change('webui')),
    async started() {
      const change = await must(table.get(keys.change('webui')));
      return await must(table.get(keys.rollout(change.rolloutId ?? '')));
    },
    deployments: (id) => table.query(ranges.deployments(id)),
    plans: () => table.query(ranges.plans('webui')),
    async putPackage(more) {
      pkg = { ...pkg, ...more, rev: pkg.rev + 1 };
      await put(keys.package('webui'), pkg);
    },
  };
}
