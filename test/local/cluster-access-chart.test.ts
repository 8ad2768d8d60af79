import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import * as z from 'zod';
import { cacheFolder } from '../../local/install/cache-folder.ts';
import { ensureLayer } from '../../local/install/ensure-tools.ts';
import { runTool } from '../../local/install/run-tool.ts';
import { silentProgress } from '../../local/progress.ts';

/** What the chart lets Fairlead's deployers do, rendered by the deployer's helm. */
const chart = join(import.meta.dirname, '../../charts/cluster-access');
let folder: string;
let helmPath: string;
beforeAll(async () => {
  const layer = await ensureLayer({ cache: cacheFolder(process.env), progress: silentProgress, env: process.env });
  helmPath = layer.helm;
  folder = await mkdtemp(join(tmpdir(), 'fairlead-access-'));
}, 120_000);
afterAll(async () => await rm(folder, { recursive: true, force: true }));

const Rule = z.object({
  apiGroups: z.array(z.string()),
  resources: z.array(z.string()),
  resourceNames: z.array(z.string()).optional(),
  verbs: z.array(z.string()),
});
const Rendered = z.looseObject({
  kind: z.string(),
  metadata: z.object({ name: z.string() }),
  rules: z.array(Rule).optional(),
  roleRef: z.object({ kind: z.string(), name: z.string() }).optional(),
  subjects: z.array(z.looseObject({ kind: z.string(), name: z.string() })).optional(),
});
type Rendered = z.infer<typeof Rendered>;

const helm = (values: object, namespace: string) =>
  runTool({
    command: helmPath,
    args: ['template', 'fairlead-access', chart, '-n', namespace, '--set-json', JSON.stringify(values)],
    env: { HOME: folder, PATH: '/nonexistent' },
    timeoutMs: 30_000,
  });

async function rendered(values: object = {}, namespace = 'web'): Promise<Rendered[]> {
  const end = await helm(values, namespace);
  expect(end).toMatchObject({ code: 0 });
  const documents = parseAllDocuments(end.stdout);
  return (Array.isArray(documents) ? documents : []).map((document) => Rendered.parse(document.toJS()));
}

const namesOf = (objects: readonly Rendered[]) =>
  objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort();
const rulesOf = (objects: readonly Rendered[], name: string) =>
  objects.find(({ kind, metadata }) => /Role$/.test(kind) && metadata.name === name)?.rules;
const VARIANTS: readonly [string, object, string][] = [
  ['as it is', {}, 'web'],
  ['with teams', { teams: ['web-team', 'ops'] }, 'web'],
  ['for teams only', { teams: ['web-team'], teamsOnly: true }, 'web'],
  ['for teams whose accounts are there', { teams: ['web-team'], createServiceAccounts: false }, 'web'],
  ['of the platform', { profile: 'platform' }, 'fairlead-system'],
];

describe.each(VARIANTS)('the grant %s', (_, values, namespace) => {
  test('gives nothing to masters, nor to anybody but the group of deployers and the platform account', async () => {
    const subjects = (await rendered(values, namespace)).flatMap((object) => object.subjects ?? []);
    const allowed = ['Group fairlead:deployers', 'ServiceAccount fairlead-platform'];
    expect(subjects.map(({ kind, name }) => `${kind} ${name}`).filter((who) => !allowed.includes(who))).toEqual([]);
  });

  test('lets nobody act as whom it does not name', async () => {
    const rules = (await rendered(values, namespace)).flatMap((object) => object.rules ?? []);
    for (const rule of rules.filter(({ verbs }) => verbs.includes('impersonate') || verbs.includes('*'))) {
      const { resourceNames, ...rest } = rule;
      expect(rest).toEqual({ apiGroups: [''], resources: ['serviceaccounts'], verbs: ['impersonate'] });
      expect(resourceNames?.join(' ')).toMatch(/^[a-z]/);
    }
  });
});

describe('a team', () => {
  test('has an account of its own, and the deployers may act as it', async () => {
    const objects = await rendered({ teams: ['web-team', 'ops'] });
    expect(namesOf(objects)).toEqual([
      'Role fairlead-acts-as-teams',
      'RoleBinding fairlead-acts-as-teams',
      'RoleBinding fairlead-deployers',
      'ServiceAccount ops',
      'ServiceAccount web-team',
    ]);
    expect(rulesOf(objects, 'fairlead-acts-as-teams')).toMatchObject([{ resourceNames: ['web-team', 'ops'] }]);
  });

  test('gets no rights by the chart: whoever keeps the namespace gives them', async () => {
    const objects = await rendered({ teams: ['web-team'] });
    const bound = objects.flatMap(({ subjects }) => subjects ?? []).filter(({ kind }) => kind === 'ServiceAccount');
    expect(bound).toEqual([]);
  });

  test('may stand there already', async () => {
    const objects = await rendered({ teams: ['web-team'], createServiceAccounts: false });
    expect(namesOf(objects).filter((name) => name.startsWith('ServiceAccount'))).toEqual([]);
  });

  test('leaves the deployers nothing but looking, where only teams count', async () => {
    const objects = await rendered({ teams: ['web-team'], teamsOnly: true });
    expect(objects.map(({ roleRef }) => roleRef?.name)).not.toContain('admin');
    expect(rulesOf(objects, 'fairlead-observers')).toEqual([
      { apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] },
    ]);
    expect(objects.filter(({ kind }) => kind.startsWith('Cluster'))).toEqual([]);
  });
});

describe('the platform profile', () => {
  test('has one account that may make every object and every role, and whom the deployers may act as', async () => {
    const objects = await rendered({ profile: 'platform' }, 'fairlead-system');
    expect(namesOf(objects)).toEqual([
      'ClusterRole fairlead-platform',
      'ClusterRoleBinding fairlead-platform',
      'Role fairlead-acts-as-platform',
      'RoleBinding fairlead-acts-as-platform',
      'ServiceAccount fairlead-platform',
    ]);
    expect(rulesOf(objects, 'fairlead-platform')?.[1]?.verbs).toEqual(['escalate', 'bind']);
    const group = objects.filter(({ subjects }) => subjects?.some(({ kind }) => kind === 'Group'));
    expect(namesOf(group), 'the deployers themselves get nothing of the cluster').toEqual([
      'RoleBinding fairlead-acts-as-platform',
    ]);
  });

  test('stands in no other namespace than the one where packages look for its account', async () => {
    expect((await helm({ profile: 'platform' }, 'web')).stderr).toMatch(/belongs into the namespace fairlead-system/);
  });
});

test.each([
  ['teams only, and no team', { teamsOnly: true }],
  ['a team that is a pattern', { teams: ['*'] }],
  ['a team of another namespace', { teams: ['kube-system:default'] }],
  ['a team twice', { teams: ['a', 'a'] }],
  ["the cluster's masters", { group: 'system:masters' }],
  ['everybody who is authenticated', { group: 'system:authenticated' }],
  ['a profile that is none', { profile: 'admin' }],
  ['teams on the platform', { profile: 'platform', teams: ['a'] }],
])('%s is refused', async (_, values) => {
  const end = await helm(values, 'fairlead-system');
  expect(end.code).not.toBe(0);
  expect(end.stderr).toMatch(/values don't meet the specifications of the schema/);
});
