/** What templates make of a secret is not readable in a plan, in none of its forms. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../../../adapters/canonical-json.ts';
import type { JsonMap } from '../../../../domain/json.ts';
import type { KubeObject } from '../../../../domain/kube.ts';
import type { RenderedObject } from '../../../../domain/plan-diff/dry-run.ts';
import type { PreviewSight, RenderedRelease } from '../../../../domain/plan-diff/preview-sight.ts';
import { renderMarkdown } from '../../../../domain/plan-diff/render-markdown.ts';
import { renderText } from '../../../../domain/plan-diff/render-text.ts';
import { summarisePlan } from '../../../../domain/plan-diff/summarise-plan.ts';
import type { FrozenDeployment, FrozenPlan } from '../../../../domain/rollout/frozen-plan.ts';
import type { Leaf } from '../../../../domain/values/effective.ts';
import { diffEnvironment } from '../../../../lambdas/deploy-release/preview/diff-environment.ts';
import type { DeployedValues, DiffDeps } from '../../../../lambdas/deploy-release/preview/preview-deps.ts';
import { ROLLOUT, someInputs } from '../../../support/items.ts';
import { keptLog } from '../../../support/kept-log.ts';
import { planned } from '../../../support/plan-diffs.ts';

const PASSWORD = 'hunter2-Zebra';
const base64 = (text: string) => Buffer.from(text).toString('base64');
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const absent = { ok: false, code: 'not-found', because: 'it is not there' } as const;
const place = { cluster: { name: 'dev', account: '0', region: 'r' }, namespace: 'web', release: 'webui' };
const deployment: FrozenDeployment = {
  ...{ environment: 'prod', stage: 'all', place, deployer: 'default', inputs: someInputs() },
};
const plan: FrozenPlan = {
  ...{ v: 1, rolloutId: ROLLOUT, package: 'webui', sequence: 0, version: '1.4.2', chart: 'oci://x/webui' },
  ...{ chartDigest: 'sha256:a', timeoutMinutes: 5, forceConflicts: false, stages: [], deployments: [deployment] },
};

const object = (name: string, data: JsonMap, more: JsonMap = {}): RenderedObject => {
  const { metadata, ...rest } = more;
  const content = {
    ...{ apiVersion: 'v1', kind: 'ConfigMap', data, ...rest },
    metadata: { name, namespace: 'web', ...(metadata as object) },
  };
  return { apiVersion: 'v1', kind: 'ConfigMap', name, namespace: 'web', content };
};
const rendered = (...objects: readonly RenderedObject[]): RenderedRelease => ({
  ...{ ok: true, manifest: JSON.stringify(objects), objects, hooks: [] },
});
type Chart = (password: string, values: JsonMap) => RenderedRelease;

const leaf = (key: string, value: unknown, secret: boolean): Leaf => ({
  ...{ path: [key], value, secret, overrides: [], origin: { of: 'rollout' } },
});
const VALUES = { password: PASSWORD, colour: 'green' };
const LEAVES = [leaf('password', PASSWORD, true), leaf('colour', 'green', false)];

interface Given {
  readonly values?: JsonMap;
  readonly leaves?: readonly Leaf[];
  readonly secrets?: readonly string[];
  readonly deployed?: DeployedValues;
  readonly sight?: Partial<PreviewSight>;
}

/** The diff, and all that anybody can read of it. */
async function planOf(chart: Chart, { values = VALUES, leaves = LEAVES, secrets = [PASSWORD], ...given }: Given = {}) {
  let renderings = 0;
  const sight: PreviewSight = {
    kube: { get: async () => absent },
    releases: { history: async () => ({ ok: true, value: { revisions: [] } }), revision: async () => absent },
    dryRun: { apply: async ({ content }) => ({ ok: true, would: content as unknown as KubeObject }) },
    render: async (inputs) => {
      renderings += 1;
      return chart(String(inputs.values['password']), inputs.values);
    },
    kindsInCrds: async () => [],
    may: async () => ({ ok: true, value: true }),
    placeOf: async () => ({ ok: true, value: { group: '', resource: 'configmaps' } }),
    close: () => undefined,
    ...given.sight,
  };
  const none = async () => undefined;
  const deps: DiffDeps = {
    plans: { putOnce: async () => 'written', get: none },
    ...{ now: () => new Date(), log: keptLog(), canonical: canonicalJson },
    digest: async (content) => `hmac-sha256:${createHash('sha256').update('key').update(content).digest('hex')}`,
    prepare: async () => ({
      ok: true,
      inputs: { namespace: 'web', release: 'webui', archive: new Uint8Array(), values },
      ...{ leaves, orphans: [], secrets, chart: { values: {} } },
    }),
    deployed: async () => given.deployed ?? { known: true, leaves: [], secrets: [] },
    look: async () => ({ reached: true, sight }),
    remedy: async (_plan, _deployment, { because }) => because,
    recordSize: ({ manifest }) => ({ bytes: manifest.length, parts: new Map() }),
  };
  const diff = await diffEnvironment(deps, plan, deployment);
  const summary = summarisePlan(planned, [diff]);
  const text = [JSON.stringify(diff), JSON.stringify(summary), ...renderText(summary), renderMarkdown(summary)];
  return { diff, text: text.join('\n'), renderings };
}

const TRANSFORMED: readonly (readonly [string, (password: string) => string])[] = [
  ['base64 twice', (password) => base64(base64(password))],
  ['base64 three times', (password) => base64(base64(base64(password)))],
  ['upper case', (password) => password.toUpperCase()],
  ['a piece', (password) => password.slice(3, 9)],
  ['its beginning', (password) => password.slice(0, 5)],
  ['reversed', (password) => [...password].reverse().join('')],
  ['a hash', sha256],
  ['hex', (password) => Buffer.from(password).toString('hex')],
  ['letters apart', (password) => [...password].join('~')],
];

test.each(TRANSFORMED)('%s of a secret', async (_, made) => {
  const chart: Chart = (password, { colour }) =>
    rendered(
      object('a', { made: made(password), colour }, { metadata: { annotations: { 'acme.io/sum': made(password) } } }),
      object('b', { colour }),
    );
  const { diff, text } = await planOf(chart);
  expect(text).not.toContain(made(PASSWORD));
  expect(diff.objects[0]?.fields).toMatchObject([
    { path: 'data.colour', to: { value: 'green' } },
    { path: 'data.made', to: { secret: true, digest: expect.any(String) } },
    { path: 'metadata.annotations.acme\\.io/sum', to: { secret: true } },
  ]);
  expect(diff.objects[1]?.fields).toEqual([{ path: 'data.colour', to: { value: 'green' } }]);
});

test.each(TRANSFORMED)('%s of a secret in keys', async (_, made) => {
  const { diff, text } = await planOf((password, { colour }) =>
    rendered(object('a', { [made(password)]: 'x' }, { labels: { colour } })),
  );
  expect(text).not.toContain(made(PASSWORD));
  expect(diff.objects[0]?.fields).toMatchObject([
    { path: 'data', to: { secret: true } },
    { path: 'labels.colour', to: { value: 'green' } },
  ]);
});

test.each(TRANSFORMED)('%s of a secret in names', async (_, made) => {
  const { diff, text } = await planOf((password, { colour }) =>
    rendered(object(`web-${made(password)}`, { colour }), object('b', { colour })),
  );
  expect(text).not.toContain(made(PASSWORD));
  expect(diff.objects).toMatchObject([
    { kind: 'ConfigMap', name: expect.stringMatching(/^secret \(digest hmac-sha256:[0-9a-f]{8}…\)$/) },
    { name: 'b', fields: [{ to: { value: 'green' } }] },
  ]);
});

test('a list whose items are named by what a template made of it', async () => {
  const { text, diff } = await planOf((password) =>
    rendered(
      object('a', {}, { spec: { env: [...password].map((one, at) => ({ name: `N${one}${at}`, value: one })) } }),
    ),
  );
  expect(diff.objects[0]?.fields.at(-1)).toMatchObject({ path: 'spec.env', to: { secret: true } });
  expect(text).not.toMatch(/Nh0|Nz|NZ8/);
});

test('which way a condition on a secret goes tells nothing: then all of the environment is digests', async () => {
  const letters = [...'abcdefghijklmnopqrstuvwxyz'];
  const { diff, text } = await planOf((password, { colour }) =>
    rendered(
      object('a', Object.fromEntries(letters.map((one) => [one, password.startsWith(one) ? 'yes' : 'no'])), { colour }),
    ),
  );
  expect(text).not.toMatch(/"yes"|"no"|data\./);
  expect(diff.notes).toEqual([
    expect.stringMatching(/^what would change is told by digests only: which of its objects/),
  ]);
  expect(diff.objects).toEqual([expect.objectContaining({ name: 'of new objects', fields: [] })]);
});

test('a chart that does not render with stand-ins is told by digests', async () => {
  const { diff, text } = await planOf((password, { colour }) =>
    password === PASSWORD
      ? rendered(object(`web-${base64(base64(password))}`, { colour }))
      : { ok: false, problem: { code: 'template-broken', because: 'fail' } },
  );
  expect(text).not.toContain(base64(base64(PASSWORD)));
  expect(diff.notes).toEqual([expect.stringMatching(/does not render with other values in the place of its secrets/)]);
  expect(diff.state).toBe('changes');
});

test('what helm says of a secret is not told, and what it says without one is', async () => {
  const broken = (because: string): RenderedRelease => ({ ok: false, problem: { code: 'template-broken', because } });
  const told = await planOf((password) => broken(`bad value ${base64(base64(password))}`));
  expect(told.text).not.toContain(base64(base64(PASSWORD)));
  expect(told.diff.because).toMatch(/^bad value /);
  const only = await planOf((password) =>
    password === PASSWORD ? broken(`bad ${password.toUpperCase()}`) : rendered(object('a', {})),
  );
  expect(only.text).not.toContain(PASSWORD.toUpperCase());
  expect(only.diff.because).toMatch(/^helm does not render the chart with its secrets/);
  expect((await planOf((password) => broken(`nil pointer${password && ''}`))).diff.because).toBe('nil pointer');
});

test('what a cluster says of a field that a secret was made into is not told', async () => {
  const chart: Chart = (password) => rendered(object('a', { x: password.toUpperCase() }), object('b', { x: 'y' }));
  const { diff, text } = await planOf(chart, {
    sight: {
      dryRun: {
        apply: async ({ content }) => {
          const said = JSON.stringify(content['data']);
          return { ok: false, refusal: { code: 'refused', because: `webhook says no to ${said}` } };
        },
      },
    },
  });
  expect(text).not.toContain(PASSWORD.toUpperCase());
  expect(diff.problems.map(({ object: of, because }) => `${of} ${because}`)).toEqual([
    expect.stringMatching(/^ConfigMap a the cluster would not take it \(the words are not shown/),
    'ConfigMap b webhook says no to {"x":"y"}',
  ]);
});

test('words about such a field that are the same without the secret are told', async () => {
  const chart: Chart = (password) => rendered(object('a', { x: password.toUpperCase() }));
  const { diff } = await planOf(chart, {
    sight: { dryRun: { apply: async () => ({ ok: false, refusal: { code: 'forbidden', because: 'no rights' } }) } },
  });
  expect(diff.problems).toMatchObject([{ object: 'ConfigMap a', because: 'no rights' }]);
});

test('what the chart that is deployed made of a secret is not readable where it goes', async () => {
  const shouted = (text: string) => text.toUpperCase();
  const was = shouted('old-hunter9');
  const managedFields = [
    { manager: 'helm', operation: 'Apply', fieldsV1: { 'f:data': { 'f:made': {}, 'f:colour': {} } } },
  ];
  const metadata = { managedFields };
  const live = object('a', { made: was, colour: 'blue' }, { metadata }).content as unknown as KubeObject;
  const before = { ...VALUES, password: 'old-hunter9', v: 1 };
  const inputs = { namespace: 'web', release: 'webui', archive: new Uint8Array(), values: before };
  const chart: Chart = (password, { colour, v }) =>
    rendered(object('a', v === 1 ? { made: shouted(password), colour } : { made: 'plain', colour }));
  const content = {
    ...{ revision: 1, status: 'deployed', objects: [object('a', {})], chart: { name: 'webui', version: '1.4.1' } },
  };
  const { text, diff } = await planOf(chart, {
    deployed: { known: true, leaves: [leaf('password', 'old-hunter9', true)], secrets: ['old-hunter9'], inputs },
    sight: {
      kube: { get: async () => ({ ok: true, value: live }) },
      releases: {
        history: async () => ({ ok: true, value: { revisions: [content], latest: content } }) as never,
        revision: async () => absent,
      },
      dryRun: {
        apply: async ({ content: applied }) => ({
          ok: true,
          would: { ...applied, metadata: live.metadata } as unknown as KubeObject,
        }),
      },
    },
  });
  expect(text).not.toContain(was);
  expect(diff.objects).toMatchObject([
    {
      fields: [
        { path: 'data.colour', from: { value: 'blue' }, to: { value: 'green' } },
        { path: 'data.made', from: { secret: true }, to: { value: 'plain' } },
      ],
    },
  ]);
});

test('equal digests in two places do not tell that a letter of a secret is that letter', async () => {
  const { diff } = await planOf((password) =>
    rendered({
      ...object('s', { a: base64(password.slice(0, 1)), b: base64('h') }, { kind: 'Secret' }),
      kind: 'Secret',
    }),
  );
  const digests = diff.objects.flatMap(({ fields }) => fields.map(({ to }) => to?.digest));
  expect(new Set(digests).size).toBe(2);
});

test('hooks, and how large the release is, tell nothing of it', async () => {
  const chart = (password: string): RenderedRelease => ({
    ...{ ok: true, manifest: 'x'.repeat(password.charCodeAt(0)), objects: [] },
    hooks: [
      { kind: 'Job', name: `j-${password.toUpperCase()}`, events: ['pre-install'] },
      { kind: 'Job', name: 'migrate', events: ['pre-install'] },
    ],
  });
  const { diff, text } = await planOf(chart);
  expect(text).not.toContain(PASSWORD.toUpperCase());
  expect(diff.hooks).toEqual(['pre-install Job migrate', expect.stringMatching(/not named/)]);
  expect(diff.size?.bytes).not.toBe(PASSWORD.charCodeAt(0));
});

test('a chart that looks up Secrets of the cluster is told by digests, whatever its own values are', async () => {
  const looked = base64(base64('of-another-release'));
  const none = { values: {}, leaves: [], secrets: [] };
  const made = await planOf(() => ({ ...rendered(object(`web-${looked}`, { looked })), readSecrets: true }), none);
  const problem = { code: 'template-broken', because: `bad ${looked}` } as const;
  const broken = await planOf(() => ({ ok: false, problem, readSecrets: true }), none);
  expect(made.text + broken.text).not.toContain(looked);
  expect(made.diff.notes).toEqual([expect.stringMatching(/the chart looks up Secrets of the cluster$/)]);
  expect(broken.diff.state).toBe('blocked');
});

test('without secrets a chart is rendered once, and all of it is told', async () => {
  const values = { colour: 'green' };
  const { renderings, diff } = await planOf((_, { colour }) => rendered(object('a', { colour })), {
    ...{ values, leaves: [leaf('colour', 'green', false)], secrets: [] },
  });
  expect(renderings).toBe(1);
  expect(diff).toMatchObject({ notes: [], objects: [{ fields: [{ to: { value: 'green' } }] }] });
});
