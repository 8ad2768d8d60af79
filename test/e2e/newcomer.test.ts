/** Somebody who has never seen Fairlead: every step a process of its own, on a stack of its own, with a chart fresh from `helm create`. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { RolloutView } from '../../contracts/api/rollout.ts';

const ROOT = join(import.meta.dirname, '../..');
const EVERYWHERE = ['dev', 'prod-eu', 'prod-us', 'staging'];
const Env = z.object({ KUBECONFIG: z.string(), FAIRLEAD_HELM: z.string() });
const Ended = RolloutView.extend({
  objects: z
    .array(z.object({ environment: z.string(), kind: z.string(), name: z.string(), because: z.string() }))
    .optional(),
});

let folder: string;
let env: z.infer<typeof Env>;
let doctor: Awaited<ReturnType<typeof fairlead>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairlead-newcomer-'));
  const up = await fairlead('up', '--detach');
  expect(up.code, up.err).toBe(0);
  doctor = await fairlead('doctor');
  env = Env.parse(JSON.parse((await fairlead('env', '--json')).out));
  await run(env.FAIRLEAD_HELM, ['create', 'stranger'], folder);
});
afterAll(async () => {
  const down = await fairlead('down');
  await rm(folder, { recursive: true, force: true });
  expect(down.code, down.err).toBe(0);
});

/** The variables of a person who has no AWS account, no cluster and no other stack. */
const PLAIN = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(AWS_|FAIRLEAD_|KUBECONFIG$|HELM_|VITEST|NODE_OPTIONS$)/.test(name),
  ),
);

/** A process as a shell starts it. */
async function run(command: string, args: readonly string[], cwd: string, more: Record<string, string> = {}) {
  const options = { cwd, env: { ...PLAIN, ...more }, timeout: 180_000, maxBuffer: 2 ** 25 };
  return await promisify(execFile)(command, [...args], options).then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
    ({ code, stdout, stderr }) => ({ code: Number(code), out: String(stdout), err: String(stderr) }),
  );
}

const fairlead = (...args: readonly string[]) =>
  run(process.execPath, [join(ROOT, 'bin/fairlead.js'), ...args], folder, {
    FAIRLEAD_STATE: join(folder, 'state'),
  });

async function rollout(version: string) {
  const { code, out, err } = await fairlead('rollout', 'stranger', '--version', version, '--target', '{}', '--json');
  return { code, ended: Ended.parse(JSON.parse(out)), err };
}

/** Releases of the newcomer's package, as helm lists them with the kubeconfig that `fairlead env` names. */
async function listed(): Promise<readonly { namespace: string; chart: string; revision: string; status: string }[]> {
  const { KUBECONFIG } = env;
  const { out } = await run(env.FAIRLEAD_HELM, ['list', '-A', '--filter', '^stranger$', '-o', 'json'], folder, {
    KUBECONFIG,
  });
  return JSON.parse(out);
}

describe('a newcomer', () => {
  test('hears from the doctor that all is well, on one screen', () => {
    expect(doctor.code, doctor.out + doctor.err).toBe(0);
    expect(doctor.out).toMatch(/\n\d+ ok, 0 warnings, 0 failed\n$/);
    expect(doctor.out.split('\n').length).toBeLessThan(50);
  });

  test('rolls a chart fresh from helm create out to every environment, and learns what is wrong with the next one', async () => {
    const steps = [
      ['package', 'put', 'stranger', '--namespace', 'stranger'],
      ['cluster', 'grant', '--all', '--namespace', 'stranger'],
      ['package', 'push', 'stranger', 'stranger'],
    ];
    for (const step of steps) {
      const { code, err } = await fairlead(...step);
      expect([step.join(' '), code], err).toEqual([step.join(' '), 0]);
    }
    const { code, ended, err } = await rollout('0.1.0');
    expect([code, ended.state], err).toEqual([0, 'succeeded']);
    expect(ended.deployments.map(({ environment }) => environment).sort()).toEqual(EVERYWHERE);
    const places = await listed();
    expect(places.map(({ namespace }) => namespace).sort()).toEqual(EVERYWHERE.map((name) => `stranger-${name}`));
    for (const place of places)
      expect(place).toMatchObject({ chart: 'stranger-0.1.0', revision: '1', status: 'deployed' });

    await brokenAs('0.2.0', /name: \{\{ \.Chart\.Name \}\}/, 'tty: false');
    const next = await rollout('0.2.0');
    expect([next.code, next.ended.state]).toEqual([1, 'failed']);
    const [object] = next.ended.objects ?? [];
    expect(object).toMatchObject({
      kind: 'Deployment',
      name: 'stranger',
      because: expect.stringContaining('spec.template.spec.containers[0].name'),
    });
    expect(next.ended.deployments.find(({ environment }) => environment === object?.environment)).toMatchObject({
      state: 'rolled-back',
    });
    expect(next.err).not.toMatch(/\n\s+at /);
    for (const place of await listed()) expect(place).toMatchObject({ chart: 'stranger-0.1.0', status: 'deployed' });
    const evidence = await fairlead('evidence', 'stranger', 'latest', object?.environment ?? '');
    expect([evidence.code, evidence.out]).toEqual([0, expect.stringContaining('Deployment')]);
  });
});

/** Another version of the newcomer's chart, whose Deployment is broken so, packed and pushed. */
async function brokenAs(version: string, what: RegExp, by: string): Promise<void> {
  const chart = join(folder, version, 'stranger');
  await cp(join(folder, 'stranger'), chart, { recursive: true });
  const file = join(chart, 'templates/deployment.yaml');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(what, by));
  const pushed = await fairlead('package', 'push', 'stranger', chart, '--version', version);
  expect([pushed.code, text], pushed.err).toEqual([0, expect.stringMatching(what)]);
}
