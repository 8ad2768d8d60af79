/**
 * The local stack on a cluster of somebody's own, by the command line, every step a process of its own. Another stack's cluster is that somebody's: all that
 * is taken from it is its administrator's kubeconfig, and its own authenticator knows nothing of this stack.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { RolloutView } from '../../contracts/api/rollout.ts';
import { readState } from '../../local/stack/stack-state.ts';

const ROOT = join(import.meta.dirname, '../..');
const stack = inject('stack');
const theirs = { kubeconfig: stack.clusters[0]?.kubeconfig ?? '', context: stack.clusters[0]?.name ?? '' };

/** The variables of a person who has no AWS account and no other stack. */
const PLAIN = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(AWS_|FAIRLEAD_|KUBECONFIG$|HELM_|VITEST|NODE_OPTIONS$)/.test(name),
  ),
);

async function run(command: string, args: readonly string[], env: Record<string, string>) {
  const options = { cwd: folder, env: { ...PLAIN, ...env }, timeout: 240_000, maxBuffer: 2 ** 25 };
  return await promisify(execFile)(command, [...args], options).then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
    ({ code, stdout, stderr }) => ({ code: Number(code), out: String(stdout), err: String(stderr) }),
  );
}
const fairlead = (...args: readonly string[]) =>
  run(process.execPath, [join(ROOT, 'bin/fairlead.js'), ...args], { FAIRLEAD_STATE: join(folder, 'state') });
/** As the cluster's administrator, who knows nothing of this stack. */
const kubectl = (...args: readonly string[]) =>
  run(stack.tools.kubectl, args, { KUBECONFIG: theirs.kubeconfig, HOME: folder });

async function listed(): Promise<readonly object[]> {
  const helm = await run(stack.tools.helm, ['list', '-n', 'own-web-dev', '-o', 'json'], {
    KUBECONFIG: theirs.kubeconfig,
    HOME: folder,
  });
  return JSON.parse(helm.out);
}

async function rollout(version: string) {
  const target = ['--target', '{"ring":"dev"}', '--json'];
  const { code, out, err } = await fairlead('rollout', 'webui', '--version', version, ...target);
  expect(out, err).not.toBe('');
  const ended = RolloutView.parse(JSON.parse(out));
  return { code, state: ended.state, outcome: ended.deployments[0]?.outcome };
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairlead-own-'));
});
afterAll(async () => {
  await fairlead('down');
  await rm(folder, { recursive: true, force: true });
});

describe('up --kubeconfig', () => {
  test.each<readonly [string, readonly string[], RegExp]>([
    ['a file that is not there', ['--kubeconfig', 'nowhere.yaml'], /nowhere\.yaml/],
    ['a context that is not there', ['--kubeconfig', theirs.kubeconfig, '--context', 'gone'], /gone/],
  ])('refuses %s in plain words, and leaves nothing running', async (_, flags, words) => {
    const up = await fairlead('up', '--detach', '--empty', ...flags);
    expect(up.code).not.toBe(0);
    expect(up.err).toMatch(words);
    expect(up.err).not.toMatch(/\n\s+at /);
    expect(await readState(join(folder, 'state'))).toBeUndefined();
  });

  test('refuses a user who may not speak for others', async () => {
    await kubectl('create', 'serviceaccount', 'own-cluster-nobody', '-n', 'default');
    const { out: token } = await kubectl('create', 'token', 'own-cluster-nobody', '-n', 'default');
    const file = join(folder, 'nobody.kubeconfig');
    await writeFile(file, await readFile(theirs.kubeconfig, 'utf8'), { mode: 0o600 });
    const as = (...args: readonly string[]) => run(stack.tools.kubectl, ['config', ...args], { KUBECONFIG: file });
    await as('set-credentials', 'nobody', `--token=${token.trim()}`);
    await as('set-context', theirs.context, '--user=nobody');
    const up = await fairlead('up', '--detach', '--empty', '--kubeconfig', file);
    expect(up.code).not.toBe(0);
    expect(up.err).toContain(
      `the user of context '${theirs.context}' may not impersonate users, impersonate groups, create subjectaccessreviews`,
    );
    expect(up.err).not.toContain(token.trim());
  });

  test('installs nothing, rolls out what is granted, and leaves the releases when it goes down', async () => {
    const up = await fairlead('up', '--detach', '--kubeconfig', theirs.kubeconfig, '--context', theirs.context);
    expect([up.code, up.out], up.err).toEqual([0, expect.stringContaining(`yours, of context ${theirs.context}`)]);
    expect(up.err).not.toContain('Kubernetes cluster');
    expect((await kubectl('get', 'namespace', 'own-web-dev')).code).toBe(1);

    // Whose cluster it is has a namespace for the examples' own webui already.
    const put = await fairlead('package', 'put', 'webui', '--namespace', 'own-web');
    expect(put.code, put.err).toBe(0);
    const refused = await rollout('1.0.0');
    expect([refused.code, refused.state, refused.outcome?.code]).toEqual([1, 'failed', 'forbidden']);
    expect(refused.outcome?.because).toContain('fairlead cluster grant --environment dev --namespace own-web');

    const grant = await fairlead('cluster', 'grant', '--environment', 'dev', '--namespace', 'own-web');
    expect(grant.code, grant.err).toBe(0);
    expect(await rollout('1.0.0')).toMatchObject({ code: 0, state: 'succeeded' });
    const release = { name: 'webui', namespace: 'own-web-dev', status: 'deployed', chart: 'webui-1.0.0' };
    expect(await listed()).toContainEqual(expect.objectContaining(release));

    await expectTeam();

    const down = await fairlead('down');
    expect([down.code, down.out], down.err).toEqual([
      0,
      expect.stringContaining(`releases and grants stay in the cluster of context ${theirs.context}`),
    ]);
    expect(existsSync(join(folder, 'state/stack.json'))).toBe(false);
    expect(await listed()).toContainEqual(expect.objectContaining({ name: 'webui', status: 'deployed' }));
  });

  /** The deployer itself may only look there; the account that the package names may do the rest. */
  async function expectTeam(): Promise<void> {
    const grant = ['--environment', 'dev', '--namespace', 'own-web', '--team', 'web-team', '--teams-only'];
    const steps = [
      await fairlead('cluster', 'grant', ...grant),
      await fairlead('package', 'put', 'webui', '--namespace', 'own-web', '--team', 'web-team'),
    ];
    expect(steps.map(({ code, err }) => [code, code === 0 ? '' : err])).toEqual(steps.map(() => [0, '']));
    expect((await rollout('1.1.0')).outcome).toMatchObject({
      code: 'forbidden',
      because: expect.stringContaining('system:serviceaccount:own-web-dev:web-team'),
    });
    const account = '--serviceaccount=own-web-dev:web-team';
    const bound = await kubectl(
      'create',
      'rolebinding',
      'web-team',
      '--clusterrole=admin',
      account,
      '-n',
      'own-web-dev',
    );
    expect(bound.code, bound.err).toBe(0);
    expect(await rollout('1.1.0')).toMatchObject({ code: 0, state: 'succeeded' });
    expect(await listed()).toContainEqual(expect.objectContaining({ name: 'webui', chart: 'webui-1.1.0' }));
  }
});
