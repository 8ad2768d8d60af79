/** The figures as text. */
import type { Figures, StagedFigures } from './report.ts';
import type { Summary } from './samples.ts';

const ms = (value: number) => `${value.toFixed(0)} ms`;
const one = (value: number) => value.toFixed(1);

/** Lines for a person: what was measured, then how much. */
export function tables(figures: Figures): string[] {
  const { machine, accept, way, all, cost, memory } = figures;
  return [
    `${machine.cpus} cores, ${machine.platform}, Node ${machine.node}`,
    '',
    ...table('the API accepts a rollout (POST to its 202)', [
      ['the very first call of all (a GET), cold', ms(accept.firstCallMs)],
      ['the first POST', ms(accept.firstPostMs)],
      [`warm, ${accept.warm.count} calls`, spread(accept.warm)],
    ]),
    ...table('one environment, warm: from POST to …', [
      ...Object.entries(way).map(([moment, summary]): [string, string] => [moment, spread(summary)]),
      ['the same helm command, bare', spread(figures.one.bareHelm)],
      ['ratio (whole way : bare helm)', one(figures.one.ratio)],
    ]),
    ...table(`${all.environments} environments, ${all.parallel} at once, one cluster, warm`, [
      ['rollout', `${spread(all.rollout)}, ${one(all.deploymentsPerSecond)} deployments a second`],
      [`${all.environments} bare helm commands`, `${spread(all.bareHelm)}, ${one(all.bareHelmPerSecond)} a second`],
      ['ratio (rollout : bare helm)', one(all.ratio)],
    ]),
    ...stagesTable(figures.staged),
    ...(['one', 'all'] as const).flatMap((which) => costTable(cost[which])),
    ...table('memory, resident', [
      ...memory.lines.map(({ name, ours, processes, mib }): [string, string] => [
        `${ours ? 'ours  ' : 'other '} ${name}`,
        `${mib.toFixed(0)} MiB${processes > 1 ? ` (${processes} processes)` : ''}`,
      ]),
      ['ours together', `${memory.oursMib.toFixed(0)} MiB`],
    ]),
  ];
}

/** One rollout through several stages. */
export function stagesTable({ stages, environments, parallel, ...took }: StagedFigures): string[] {
  return table(`${stages} stages × ${environments} environments, ${parallel} at once, one cluster`, [
    ['everything installed', `${seconds(took.firstMs)}`],
    ['everything changed, warm', `${seconds(took.warmMs)}, ${one(took.deploymentsPerSecond)} deployments a second`],
  ]);
}

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`;

function costTable(cost: Figures['cost']['one']): string[] {
  const each = cost.deployments / cost.rollouts;
  return table(`counted: a rollout to ${each} environment${each === 1 ? '' : 's'} (mean of ${cost.rollouts})`, [
    ['transitions of the rollout machine', one(cost.rolloutTransitions)],
    ['transitions of the deployment machine, each', one(cost.deploymentTransitions)],
    ['transitions, all, for each deployment', one(cost.transitionsPerDeployment)],
    ['Lambda calls, for each deployment', one(cost.callsPerDeployment)],
    ...Object.entries(cost.calls).map(([name, { calls, milliseconds }]): [string, string] => [
      `  ${name}`,
      `${one(calls / cost.rollouts)} a rollout, ${ms(milliseconds / calls)} each`,
    ]),
  ]);
}

const spread = ({ p50, p95 }: Summary) => `p50 ${ms(p50)}, p95 ${ms(p95)}`;

function table(title: string, rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return [title, ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`), ''];
}
