import { describe, expect, test } from 'vitest';
import type { InspectInput } from '../../../contracts/inspection.ts';
import { InspectAnswer } from '../../../contracts/inspection.ts';
import type { ClusterSight, WaySeen } from '../../../domain/inspection/sights.ts';
import type { KubeFailure } from '../../../domain/kube.ts';
import { inspect } from '../../../lambdas/deploy-release/inspection/inspect.ts';
import type { InspectDeps } from '../../../lambdas/deploy-release/inspection/inspect-deps.ts';
import { keptLog } from '../../support/kept-log.ts';

const NOW = new Date('2026-11-21T10:00:00Z');
const cluster = { name: 'main', account: '123456789012', region: 'eu-north-1' };
const pkg = { name: 'webui', chart: 'oci://r/charts/webui', namespace: 'web', landsIn: 'web-dev', release: 'webui' };
const input: InspectInput = { v: 1, operation: 'inspect', environment: 'dev', cluster, package: pkg };
const open: WaySeen = { is: 'open', certificateEnds: new Date('2027-11-21T10:00:00Z') };
const forbidden: KubeFailure = { ok: false, code: 'forbidden', because: 'no' };
const never = <T>() => new Promise<T>(() => undefined);

/** A cluster where everything is well. */
function aSight(given: Partial<ClusterSight> = {}) {
  const asked: { right: string; actAs: string | undefined }[] = [];
  let closed = 0;
  const sight: ClusterSight = {
    server: 'https://api.example',
    way: async () => open,
    whoAmI: async () => ({ ok: true, value: { username: 'fairlead:r', groups: ['fairlead:deployers'] } }),
    get: async ({ apiVersion, kind, name }) => ({ ok: true, value: { apiVersion, kind, metadata: { name } } }),
    placeOf: async (_, kind) => ({
      ok: true,
      value: { group: '', resource: `${kind.toLowerCase()}s`, namespaced: !kind.startsWith('Cluster') },
    }),
    may: async ({ verb, resource, namespace = '-' }, actAs) => {
      asked.push({ right: `${verb} ${resource} ${namespace}`, actAs });
      return { ok: true, value: true };
    },
    close: () => {
      closed += 1;
    },
    ...given,
  };
  return { sight, asked, closed: () => closed };
}

function depsOf(
  sight: ClusterSight,
  given: Partial<InspectDeps> = {},
): InspectDeps & { log: ReturnType<typeof keptLog> } {
  return {
    now: () => NOW,
    locate: async () => ({ found: true, sight }),
    describe: async () => ({ seen: 'mode', mode: 'API' }),
    helm: {
      version: async () => ({ ok: true, version: 'v4.1.4' }),
      kinds: async () => ({ ok: true, kinds: [{ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'web-dev' }] }),
    },
    charts: {
      newest: async () => ({ found: true, version: '2.0.0' }),
      resolve: async () => ({ found: true, digest: 'sha256:abc' }),
      pull: async () => ({ pulled: true, archive: new Uint8Array() }),
    },
    after: never,
    ...given,
    log: keptLog(),
  };
}

async function told(deps: InspectDeps, asked: InspectInput = input): Promise<Record<string, string>> {
  const answer = await inspect(deps)(asked);
  expect(InspectAnswer.parse(answer)).toEqual(answer);
  return Object.fromEntries(answer.checks.map(({ check, state }) => [check, state]));
}

test('everything is told in one order, and the cluster is let go of', async () => {
  const { sight, closed } = aSight();
  const found = await told(depsOf(sight));
  expect(Object.keys(found)).toEqual([
    ...[
      'helm',
      'authentication-mode',
      'network',
      'tls',
      'mapping',
      'namespace',
      'chart',
      'rbac:Secret',
      'rbac:Deployment',
    ],
  ]);
  expect(new Set(Object.values(found))).toEqual(new Set(['ok']));
  expect(closed()).toBe(1);
});

test('rights are asked for as whom the package acts, where it lands; cluster-wide kinds without a namespace', async () => {
  const { sight, asked } = aSight();
  const actAs = 'system:serviceaccount:web-dev:web-team';
  const kinds = [
    { apiVersion: 'v1', kind: 'ClusterThing', namespace: 'web-dev' },
    { apiVersion: 'v1', kind: 'Thing', namespace: 'other' },
  ];
  const { helm } = depsOf(sight);
  await told(depsOf(sight, { helm: { ...helm, kinds: async () => ({ ok: true, kinds }) } }), {
    ...input,
    package: { ...pkg, actAs },
  });
  expect(asked).toContainEqual({ right: 'impersonate serviceaccounts web-dev', actAs: undefined });
  expect(asked).toContainEqual({ right: 'create clusterthings -', actAs });
  expect(asked).toContainEqual({ right: 'delete things other', actAs });
  expect(asked).toContainEqual({ right: 'patch secrets web-dev', actAs });
  expect(asked.filter((right) => right.actAs === undefined)).toHaveLength(1);
});

test('a chart of more kinds than anybody makes does not keep the cluster busy', async () => {
  const { sight, asked } = aSight();
  const deps = depsOf(sight);
  const kinds = Array.from({ length: 5000 }, (_, i) => ({
    apiVersion: 'x/v1',
    kind: `Kind${i}`,
    namespace: 'web-dev',
  }));
  const found = await told({ ...deps, helm: { ...deps.helm, kinds: async () => ({ ok: true, kinds }) } });
  expect(asked).toHaveLength(400);
  expect(found).toMatchObject({ 'rbac:Secret': 'ok', 'rbac:Kind0': 'ok', 'rbac:others': 'warn' });
});

test('what a platform package made is looked at as its account, and nobody else is', async () => {
  const seen: unknown[] = [];
  const { sight } = aSight();
  const locate: InspectDeps['locate'] = async (_cluster, environment, lookingAs) => {
    seen.push([environment, lookingAs]);
    return { found: true, sight };
  };
  const platform = 'system:serviceaccount:fairlead-system:fairlead-platform';
  for (const actAs of [platform, 'system:serviceaccount:web-dev:web-team'])
    await told(depsOf(sight, { locate }), { ...input, package: { ...pkg, actAs } });
  expect(seen).toEqual([
    ['dev', platform],
    ['dev', undefined],
  ]);
});

describe('a step that does not hold', () => {
  const without = async (given: Partial<ClusterSight>, deps: Partial<InspectDeps> = {}) =>
    told(depsOf(aSight(given).sight, deps));

  test('ends the way: nothing after it is guessed at', async () => {
    const lost = await without({ way: async () => ({ is: 'refused', because: 'ECONNREFUSED' }) });
    expect(lost).toEqual({ helm: 'ok', 'authentication-mode': 'ok', network: 'fail', chart: 'ok' });
    const unknown = await without({ whoAmI: async () => ({ ok: false, code: 'unauthorised', because: '401' }) });
    expect(unknown).toMatchObject({ tls: 'ok', mapping: 'fail', chart: 'ok' });
    expect(unknown).not.toHaveProperty('namespace');
  });

  test('in the chart leaves the rights of helm itself to be asked', async () => {
    const charts = {
      ...depsOf(aSight().sight).charts,
      newest: async () => ({ found: false, code: 'chart-not-found', because: 'none' }) as const,
    };
    expect(await without({}, { charts })).toMatchObject({ chart: 'fail', 'rbac:Secret': 'ok' });
  });

  test('in acting as the account leaves its rights unasked', async () => {
    const { sight } = aSight({ may: async () => ({ ok: true, value: false }) });
    const found = await told(depsOf(sight), {
      ...input,
      package: { ...pkg, actAs: 'system:serviceaccount:web-dev:t' },
    });
    expect(found).toMatchObject({ 'act-as': 'fail' });
    expect(Object.keys(found).filter((check) => check.startsWith('rbac:'))).toEqual([]);
  });

  test('where a right cannot be asked for counts as missing', async () => {
    expect(await without({ may: async () => forbidden })).toMatchObject({ 'rbac:Secret': 'fail' });
  });

  test('where the cluster cannot be found says so', async () => {
    const found = await told(
      depsOf(aSight().sight, { locate: async () => ({ found: false, because: 'eks says no' }) }),
    );
    expect(found).toMatchObject({ network: 'fail' });
  });
});

describe('whatever happens, there is an answer:', () => {
  const over = async () => undefined;

  test('what hangs is told as that, after what is known', async () => {
    const { sight } = aSight({ whoAmI: () => never() });
    // What is known at once is known before the time is over.
    const after = () => new Promise<void>((done) => setTimeout(done, 30));
    expect(await told(depsOf(sight, { after }))).toMatchObject({
      network: 'ok',
      tls: 'ok',
      mapping: 'fail',
      chart: 'ok',
    });
  });

  test.each<[string, Partial<InspectDeps>]>([
    ['helm', { helm: { version: () => never(), kinds: () => never() } }],
    ['authentication-mode', { describe: () => never() }],
    ['network', { locate: () => never() }],
  ])('%s that hangs for ever', async (check, given) => {
    expect(await told(depsOf(aSight().sight, { ...given, after: over }))).toMatchObject({ [check]: 'fail' });
  });

  test.each([
    ['network', { way: () => Promise.reject(new Error('boom')) }],
    ['mapping', { whoAmI: () => Promise.reject(new Error('boom')) }],
    ['namespace', { get: () => Promise.reject(new Error('boom')) }],
  ])('an accident at %s is a line of it, logged, and the cluster is let go of', async (check, given) => {
    const { sight, closed } = aSight(given);
    const deps = depsOf(sight);
    const { checks } = await inspect(deps)(input);
    expect(checks.find((line) => line.check === check)).toMatchObject({
      state: 'fail',
      says: 'looking at it went wrong (boom)',
    });
    expect(deps.log.lines.join('\n')).toContain('an inspection went wrong');
    expect(closed()).toBe(1);
  });
});
