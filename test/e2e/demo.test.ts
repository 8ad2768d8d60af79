/** The demo's story on the tests' stack, and what it leaves in the cluster. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import * as z from 'zod';
import { EffectiveValues } from '../../contracts/api/effective.ts';
import { registerExamples } from '../../local/demo/register-examples.ts';
import { type Told, tell } from '../../local/demo/story.ts';
import { silentProgress } from '../../local/progress.ts';
import { type E2eWorld, e2eWorld } from '../support/e2e-world.ts';

const ROOT = join(import.meta.dirname, '../..');
const History = z.array(z.object({ revision: z.int(), status: z.string(), chart: z.string() }));

let world: E2eWorld;
let told: Told;
const lines: string[] = [];
beforeAll(async () => {
  const stack = inject('stack');
  world = await e2eWorld(stack);
  const { operator, workflow } = world;
  await registerExamples({ root: ROOT, stack, progress: silentProgress, run: operator });
  const stages = join(ROOT, 'examples/stages.yaml');
  const interrupted = new AbortController().signal;
  told = await tell({ say: (line) => void lines.push(line), operator, workflow, stages, interrupted });
});
afterAll(async () => await world?.stop());

const chartsIn = async (release: string, namespace: string) =>
  History.parse(JSON.parse(await world.helm('history', release, '-n', namespace, '-o', 'json'))).map(
    ({ chart, status }) => `${chart} ${status}`,
  );

test('13 deployments succeed and 1 is rolled back, as planned', () => {
  expect(told).toEqual({ succeeded: 13, rolledBack: 1, wrong: [] });
});

test('production was never touched by the bad version', async () => {
  for (const environment of ['prod-eu', 'prod-us']) {
    expect(await chartsIn('webui', `web-${environment}`)).toEqual(['webui-1.0.0 superseded', 'webui-1.1.0 deployed']);
  }
});

test('staging went to the bad version and back to the good one; dev keeps it, where it is well', async () => {
  expect(await chartsIn('webui', 'web-staging')).toEqual([
    'webui-1.0.0 superseded',
    'webui-1.1.0 superseded',
    'webui-1.2.0 superseded',
    'webui-1.1.0 deployed',
  ]);
  expect((await chartsIn('webui', 'web-dev')).at(-1)).toBe('webui-1.2.0 deployed');
  expect(await chartsIn('worker', 'work-prod-eu')).toEqual(['worker-1.0.0 deployed']);
});

test('every value of the examples has its origin, down to the line', async () => {
  const { values, orphans } = EffectiveValues.parse(await world.json('values', 'show', 'webui', 'staging'));
  const layer = (suffix: string, line: number) => [`webui-service-helm-values${suffix}`, line];
  const chart = [undefined, undefined];
  const from = values.map(({ key, origin: { parameter, line } }) => [key, [parameter, line]]);
  expect(Object.fromEntries(from)).toEqual({
    replicas: chart,
    'image.repository': chart,
    message: layer('', 1),
    'database.host': layer('.environment.staging', 3),
  });
  expect(orphans).toEqual([]);
});

test('the evidence is shown: the pods that died, and their last words', () => {
  const text = lines.join('\n');
  expect(text).toMatch(/CrashLoopBackOff/);
  expect(text).toMatch(/log of webui-/);
});

test('told again, everything that stands is found unchanged', async () => {
  const source = await world.workflow('acme/worker');
  const { code, out } = await source(['rollout', 'worker', '--version', '1.0.0', '--json']);
  expect([code, JSON.parse(out).warning]).toEqual([0, expect.any(String)]);
  for (const deployment of JSON.parse(out).deployments) {
    expect(deployment).toMatchObject({ state: 'skipped', outcome: { code: 'unchanged' } });
  }
});
