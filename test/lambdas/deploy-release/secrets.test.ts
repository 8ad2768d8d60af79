/** One deployment with a layer of secrets, in each of the deployer's operations: helm has them whole, nobody else has them. */
import { beforeEach, describe, expect, test } from 'vitest';
import { readLayer } from '../../../adapters/helm/read-layer.ts';
import { memoryObjects } from '../../../adapters/memory/memory-objects.ts';
import { type MemorySecrets, memorySecrets } from '../../../adapters/memory/memory-secrets.ts';
import type { MemoryTable } from '../../../adapters/memory/memory-table.ts';
import { ranges } from '../../../domain/keys.ts';
import type { KubeFailure } from '../../../domain/kube.ts';
import type { DeploymentState } from '../../../domain/states.ts';
import type { Deps } from '../../../lambdas/deploy-release/deps.ts';
import { deployRelease } from '../../../lambdas/deploy-release/handler.ts';
import { type PretendCluster, pretendCluster } from '../../support/deployer/pretend-cluster.ts';
import { plainValues } from '../../support/deployer/values-deps.ts';
import { aSight, tableOf } from '../../support/deployment-table.ts';
import { aDeployment, aLease, aRelease, later, NOW, ROLLOUT, someInputs } from '../../support/items.ts';
import { keptLog } from '../../support/kept-log.ts';

const CANARY = 'canary-4711-hush';
const LAYER = 'webui-service-helm-secrets';
const secretLayers = [{ name: LAYER, version: 2, digest: 'sealed', after: 0 }];
const holder = { rolloutId: ROLLOUT, environment: 'dev', attempt: 1, deadline: later(60).toISOString() };
const MASK = '[redacted]';
const says = `spec.size: Invalid value: "${CANARY}", in base64 ${Buffer.from(`x${CANARY}`).toString('base64')}`;

let table: MemoryTable;
let cluster: PretendCluster;
let secrets: MemorySecrets;
let log: ReturnType<typeof keptLog>;
beforeEach(() => {
  cluster = pretendCluster();
  secrets = memorySecrets();
  secrets.put(LAYER, 2, 'sealed', `password: ${CANARY}\nport: 3\n`);
  log = keptLog();
});

async function calling(operation: Readonly<Record<string, unknown>>, state: DeploymentState = 'applying') {
  const inputs = someInputs({ layers: [], secretLayers });
  const deployment = aDeployment({ state, begun: 1, inputs, startedAt: NOW.toISOString(), revision: 2 });
  const release = aRelease({ goodRevision: 1, liveRevision: 1 });
  table = await tableOf(aSight({ deployment, release, lease: aLease({ holder }) }));
  const deps: Deps = {
    table,
    patience: { tries: 3, pause: async () => undefined },
    now: () => NOW,
    log,
    digest: async (content) => `digest of ${Buffer.from(content).toString()}`,
    secrets: secrets.of,
    plans: memoryObjects(),
    evidence: memoryObjects(),
    charts: {
      resolve: async () => ({ found: false, code: 'unreachable', because: '' }),
      pull: async () => ({ pulled: true, archive: Buffer.from('chart') }),
    },
    reach: async () => ({ reached: true, cluster }),
    readLayer,
    ...plainValues,
    canonical: (value) => JSON.stringify(value),
    pause: async () => undefined,
  };
  return deployRelease(deps)(
    { v: 1, rolloutId: ROLLOUT, environment: 'dev', attempt: 1, ...operation },
    { requestId: 'call', hardEnd: later(15) },
  );
}

const APPLY = { operation: 'apply', values: [], invalid: [] };
const everything = async (answer: unknown) =>
  JSON.stringify([answer, await table.query(ranges.news(ROLLOUT)), log.lines]);

test('what is applied has the secret whole', async () => {
  cluster = pretendCluster([{ status: 'deployed' }]);
  const answer = await calling(APPLY);
  expect(answer).toMatchObject({ outcome: 'applied' });
  expect(cluster.upgrades[0]?.values).toEqual({ password: CANARY, port: 3 });
  expect(await everything(answer)).not.toContain(CANARY);
});

describe('the words of helm', () => {
  test.each(['failed', undefined] as const)('when it applied: masked in answer, objects and log', async (leaves) => {
    cluster = pretendCluster([{ status: 'deployed' }]);
    const objects = [{ kind: 'ConfigMap', name: `cm-${CANARY}`, because: says }];
    cluster.next = { problem: { code: 'rejected', because: says, objects }, ...(leaves && { leaves }) };
    const answer = await calling(APPLY);
    expect(answer).toMatchObject({
      failure: { code: 'rejected', because: expect.stringContaining(`Invalid value: "${MASK}"`) },
    });
    expect(await everything(answer)).not.toMatch(new RegExp(`${CANARY}|Y2FuYXJ5|FuYXJ5LTQ3`));
  });

  test('when it rolled back: masked, and the secrets are read for it', async () => {
    cluster = pretendCluster([{ status: 'superseded' }, { status: 'failed', fence: 5 }]);
    cluster.next = { problem: { code: 'rejected', because: says } };
    const answer = await calling(
      { operation: 'roll-back', failure: { code: 'rejected', because: 'it was bad' } },
      'observing',
    );
    expect(answer).toMatchObject({ outcome: 'refused', because: expect.stringContaining(MASK) });
    expect(await everything(answer)).not.toContain(CANARY);
  });

  test('when it rolled back and the secrets cannot be read: not shown, but what was tried and why they are hidden', async () => {
    secrets.silence();
    cluster = pretendCluster([{ status: 'superseded' }, { status: 'failed', fence: 5 }]);
    cluster.next = { problem: { code: 'rejected', because: says } };
    const answer = await calling(
      { operation: 'roll-back', failure: { code: 'rejected', because: 'it was bad' } },
      'observing',
    );
    expect(answer).toMatchObject({
      outcome: 'refused',
      because: expect.stringMatching(
        /^rolling back to revision 1 did not work: \(not shown, .*Parameter Store does not answer/,
      ),
    });
    expect(await everything(answer)).not.toContain(CANARY);
  });
});

describe('the words of the cluster', () => {
  const blind = (because: string): KubeFailure => ({ ok: false, code: 'refused', because });
  const observe = () => calling({ operation: 'observe', after: 'apply', revision: 2 }, 'observing');

  test('when it was looked at: masked', async () => {
    cluster.blind = blind(says);
    const answer = await observe();
    expect(JSON.stringify(answer)).toContain(MASK);
    expect(await everything(answer)).not.toContain(CANARY);
  });

  test('when it was looked at and the secrets cannot be read: not shown', async () => {
    secrets.silence();
    cluster.blind = blind(says);
    const answer = await observe();
    expect(JSON.stringify(answer)).toContain('(not shown, ');
    expect(await everything(answer)).not.toContain(CANARY);
  });
});

test('what is thrown is masked as well', async () => {
  cluster = pretendCluster([{ status: 'deployed' }]);
  const { helm } = cluster;
  const broken: PretendCluster = Object.assign(cluster, {
    helm: { ...helm, upgrade: async () => Promise.reject(new TypeError(`a bug with ${CANARY} in it`)) },
  });
  cluster = broken;
  const thrown: unknown = await calling(APPLY).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(TypeError);
  expect(`${(thrown as Error).message} ${(thrown as Error).stack}`).not.toContain(CANARY);
});
