/** The audit on a real table, asked by people of every role. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import * as z from 'zod';
import { AuditLine } from '../../contracts/api/audit.ts';
import { mustRun } from '../../local/demo/command-line.ts';
import { type E2eWorld, e2eWorld } from '../support/e2e-world.ts';

const stack = inject('stack');
let world: E2eWorld;
beforeAll(async () => {
  world = await e2eWorld(stack);
});
afterAll(async () => await world?.stop());

const lines = async (pkg: string) =>
  z.array(AuditLine).parse(await world.json('audit', '--since', '1h', '--package', pkg));

test('what an operator changes is there at once, with the session, the address and the request; what is refused is not', async () => {
  await mustRun(world.operator, 'package', 'put', 'audited', '--namespace', 'audited');
  await mustRun(world.operator, 'package', 'put', 'audited', '--namespace', 'elsewhere');
  expect((await world.operator(['package', 'put', 'audited', '--namespace', 'Not A Name'])).code).toBe(6);
  const found = await lines('audited');
  expect(found.map(({ operation }) => operation)).toEqual(['putPackage', 'putPackage']);
  expect(found[0]?.by).toMatchObject({ role: 'fairlead-operator', session: 'operator' });
  expect(found[0]?.sourceIp).toMatch(/^(\d+\.){3}\d+$|:/);
  expect(new Set(found.map(({ requestId }) => requestId)).size).toBe(2);
});

test('ten changes at once leave ten lines, in the order of their times', async () => {
  const put = (i: number) => world.operator(['package', 'put', `audited-${i}`, '--namespace', `audited-${i}`]);
  const codes = await Promise.all(Array.from({ length: 10 }, (_, i) => put(i)));
  expect(codes.map(({ code }) => code)).toEqual(Array.from({ length: 10 }, () => 0));
  const all = z.array(AuditLine).parse(await world.json('audit', '--since', '1h'));
  const found = all.filter((line) => line.package?.startsWith('audited-'));
  expect(found.map((line) => line.package).toSorted()).toEqual(Array.from({ length: 10 }, (_, i) => `audited-${i}`));
  expect(all.map(({ at }) => at)).toEqual(all.map(({ at }) => at).toSorted());
});

test('a workflow may not look into it: API Gateway refuses before any code of ours runs', async () => {
  const webui = await world.workflow('acme/webui');
  const { code, err } = await webui(['audit']);
  expect(code).toBe(2);
  expect(err).toContain('refuses');
});
