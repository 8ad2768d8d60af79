import { execFile } from 'node:child_process';
import { Agent } from 'node:https';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { exchange } from '../../adapters/kube/exchange.ts';
import { aScene, chartOf, type Scene, type World } from '../support/deployer/scene.ts';
import { aWorld } from '../support/deployer/world.ts';
import { CONFIG } from '../support/e2e-charts.ts';

/** Whom helm acts as decides what it may do: real helm, the real access chart, a real API server. */
let world: World & { stop(): Promise<void> };
const chart = join(import.meta.dirname, '../../charts/cluster-access');
const TEAM = 'web-team';
beforeAll(async () => {
  world = await aWorld();
  await grant('fairlead-system', { profile: 'platform' });
});
afterAll(async () => await world?.stop());

const helm = (...args: string[]) =>
  promisify(execFile)(world.helm, args, {
    env: { KUBECONFIG: world.cluster.kubeconfig, HOME: dirname(world.cluster.kubeconfig) },
  });
const grant = (namespace: string, values: object) =>
  helm(
    ...['upgrade', '--install', 'fairlead-access', chart, '--create-namespace', '--namespace', namespace],
    ...['--set-json', JSON.stringify(values)],
  );
const userOf = (namespace: string, name = TEAM) => `system:serviceaccount:${namespace}:${name}`;

/** What the keepers of a namespace let a team do in it. */
async function bind(namespace: string, clusterRole: string): Promise<void> {
  const answer = await world.admin.call(
    'POST',
    `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`,
    {
      metadata: { name: TEAM },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: clusterRole },
      subjects: [{ kind: 'ServiceAccount', name: TEAM, namespace }],
    },
  );
  expect(answer.status).toBe(201);
}

/** A namespace where nothing but the team's rights counts. */
async function ofTeam(clusterRole = 'edit', acts = true): Promise<Scene> {
  const scene = await aScene(world, { granted: false });
  await grant(scene.namespace, { teams: [TEAM], teamsOnly: true });
  await bind(scene.namespace, clusterRole);
  if (acts) await scene.change({ actAs: userOf(scene.namespace) });
  return scene;
}

const ROLE = {
  'role.yaml': `
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: "{{ .Release.Name }}" }
rules: [{ apiGroups: [""], resources: [configmaps], verbs: [get] }]
`,
};
const ELSEWHERE = {
  'elsewhere.yaml': `
apiVersion: v1
kind: ConfigMap
metadata: { name: "{{ .Release.Name }}", namespace: default }
`,
};
const cluster = (scene: Scene) => ({
  'cluster.yaml': `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: "${scene.namespace}" }
rules: [{ apiGroups: ["*"], resources: ["*"], verbs: [get] }]
`,
});

describe("a team's account", () => {
  test('has its own groups by its name alone', async () => {
    const scene = await ofTeam();
    const ca = Buffer.from(world.cluster.caData, 'base64').toString();
    const agent = new Agent({ ca });
    const { server } = world.cluster;
    const answer = await exchange(
      { server, token: world.token, agent, timeoutMs: 10_000, maxBytes: 100_000 },
      {
        path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
        review: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
        actAs: userOf(scene.namespace),
      },
    );
    agent.destroy();
    const Review = z.object({
      status: z.object({ userInfo: z.object({ username: z.string(), groups: z.array(z.string()) }) }),
    });
    expect(answer.ok && Review.parse(JSON.parse(answer.value.toString())).status.userInfo).toEqual({
      username: userOf(scene.namespace),
      groups: ['system:serviceaccounts', `system:serviceaccounts:${scene.namespace}`, 'system:authenticated'],
    });
  });

  test('rolls out what it may, is watched by the deployer, and takes it back', async () => {
    const scene = await ofTeam();
    await scene.chart(await chartOf(CONFIG));
    expect(await scene.apply()).toMatchObject({ outcome: 'applied', revision: 1 });
    expect(await scene.call({ operation: 'observe', after: 'apply', revision: 1 })).toMatchObject({ outcome: 'ready' });
    const failure = { code: 'not-ready', because: 'somebody said so' };
    expect(await scene.call({ operation: 'roll-back', failure })).toMatchObject({ outcome: 'uninstalled' });
    expect(JSON.parse((await helm('list', '-n', scene.namespace, '-o', 'json')).stdout)).toEqual([
      expect.objectContaining({ name: 'fairlead-access' }),
    ]);
  });

  test('that may not make a kind is blocked before anything is made, and named', async () => {
    const scene = await ofTeam('edit');
    await scene.chart(await chartOf({ ...CONFIG, ...ROLE }));
    const answer = await scene.apply();
    expect(answer).toMatchObject({ outcome: 'blocked', failure: { code: 'forbidden' } });
    expect('failure' in answer && answer.failure.because).toMatch(
      new RegExp(`roles.*service account ${scene.namespace}/${TEAM}, whose own rights decide`, 's'),
    );
    const objects = await world.admin.call('GET', `/api/v1/namespaces/${scene.namespace}/configmaps/web`);
    expect(objects.status).toBe(404);
  });

  test('that may make it, makes the same chart', async () => {
    const scene = await ofTeam('admin');
    await scene.chart(await chartOf({ ...CONFIG, ...ROLE }));
    expect(await scene.apply()).toMatchObject({ outcome: 'applied' });
  });

  test('may nothing in the namespace of others', async () => {
    const scene = await ofTeam('admin');
    await scene.chart(await chartOf(ELSEWHERE));
    expect(await scene.apply()).toMatchObject({
      outcome: 'blocked',
      failure: { code: 'forbidden', because: expect.stringContaining('in the namespace "default"') },
    });
  });

  test('is only the one that was granted: another one is not acted as, and the command that grants it is told', async () => {
    const scene = await ofTeam();
    await scene.chart(await chartOf(CONFIG));
    await scene.change({ actAs: userOf(scene.namespace, 'another') });
    const answer = await scene.apply();
    expect(answer).toMatchObject({ outcome: 'blocked', failure: { code: 'forbidden' } });
    expect('failure' in answer && answer.failure.because).toMatch(
      /^serviceaccounts "another" is forbidden: User "fairlead:a-rollout" cannot impersonate .*act as service account .*\/another: fairlead cluster grant --environment dev .* --team another$/s,
    );
  });

  test('of another namespace is not acted as', async () => {
    const [mine, others] = [await ofTeam(), await ofTeam()];
    await grant(mine.namespace, { teams: ['own-team'], teamsOnly: true });
    await mine.chart(await chartOf(CONFIG));
    await mine.change({ actAs: userOf(others.namespace, 'own-team') });
    expect(await mine.apply()).toMatchObject({ outcome: 'blocked', failure: { code: 'forbidden' } });
  });

  test('leaves the deployer itself no right to write where only teams count', async () => {
    const scene = await ofTeam('edit', false);
    await scene.chart(await chartOf(CONFIG));
    expect(await scene.apply()).toMatchObject({ outcome: 'blocked', failure: { code: 'forbidden' } });
  });

  test('that loses its rights is seen all the same: the deployer looks as itself', async () => {
    const scene = await ofTeam();
    await scene.chart(await chartOf(CONFIG));
    expect(await scene.apply()).toMatchObject({ outcome: 'applied' });
    await world.admin.call(
      'DELETE',
      `/apis/rbac.authorization.k8s.io/v1/namespaces/${scene.namespace}/rolebindings/${TEAM}`,
    );
    await vi.waitFor(
      async () =>
        expect(await scene.call({ operation: 'observe', after: 'apply', revision: 1 })).toMatchObject({
          outcome: 'ready',
        }),
      { timeout: 20_000 },
    );
  });
});

describe('a platform package', () => {
  test('makes what no namespace may, and takes it away again', async () => {
    const scene = await aScene(world, { granted: false });
    await world.admin.call('POST', '/api/v1/namespaces', { metadata: { name: scene.namespace } });
    await scene.change({ actAs: userOf('fairlead-system', 'fairlead-platform') });
    await scene.chart(await chartOf({ ...CONFIG, ...cluster(scene) }));
    expect(await scene.apply()).toMatchObject({ outcome: 'applied', revision: 1 });
    expect(await scene.call({ operation: 'observe', after: 'apply', revision: 1 })).toMatchObject({ outcome: 'ready' });
    const role = `/apis/rbac.authorization.k8s.io/v1/clusterroles/${scene.namespace}`;
    expect((await world.admin.call('GET', role)).status).toBe(200);
    await scene.call({ operation: 'roll-back', failure: { code: 'not-ready', because: 'x' } });
    expect((await world.admin.call('GET', role)).status).toBe(404);
  });

  test('is the only one that does: a namespaced one is refused the same chart', async () => {
    const scene = await aScene(world);
    await scene.chart(await chartOf({ ...CONFIG, ...cluster(scene) }));
    expect(await scene.apply()).toMatchObject({
      outcome: 'blocked',
      failure: { code: 'forbidden', because: expect.stringContaining('clusterroles') },
    });
  });

  test('may act as nobody else: not even its own account may', async () => {
    const may = async (user: string) => {
      const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview' };
      const spec = {
        user,
        groups: ['system:serviceaccounts'],
        resourceAttributes: { verb: 'impersonate', resource: 'users' },
      };
      const answer = await world.admin.call('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
        ...review,
        spec,
      });
      return z.object({ status: z.object({ allowed: z.boolean() }) }).parse(answer.body).status.allowed;
    };
    expect(await may(userOf('fairlead-system', 'fairlead-platform'))).toBe(false);
  });
});
