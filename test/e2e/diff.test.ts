/** What a plan would change, on a real API server with real helm: seen, and nothing changed. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EnvironmentDiff } from '../../contracts/plan-diff.ts';
import { sayChanges } from '../../domain/plan-diff/say-changes.ts';
import { type PlannedChart, previewed } from '../support/deployer/preview.ts';
import { aScene, chartOf, type Scene, type World } from '../support/deployer/scene.ts';
import { CONFIG, DEFAULTS, DEPLOYMENT, web, webRelease } from '../support/deployer/web-release.ts';
import { aWorld } from '../support/deployer/world.ts';

let world: World & { stop(): Promise<void> };
beforeAll(async () => {
  world = await aWorld();
});
afterAll(async () => {
  await world?.stop();
  await stop();
});
const { installed, history, byHand, standsAs, stop } = webRelease(() => world);

const plan = async (scene: Scene, props: Partial<PlannedChart> = {}) =>
  await previewed(world, { namespace: scene.namespace, archive: await web(), ...props });
const lines = ({ objects }: EnvironmentDiff) => sayChanges(objects).map(({ line }) => `${line.object} ${line.text}`);
const problems = ({ problems: found }: EnvironmentDiff) =>
  found.map(({ code, blocks }) => `${code}${blocks ? '!' : ''}`);

test('a first install creates everything, and the cluster is left as it was', async () => {
  const scene = await aScene(world);
  const { diff } = await plan(scene, { values: { replicas: 2 } });
  expect(diff).toMatchObject({ state: 'changes', same: 0, problems: [] });
  expect(diff.deployed).toBeUndefined();
  expect(lines(diff)).toEqual(['ConfigMap web-a created', 'Deployment web created (replicas 2, image web:1)']);
  const { body } = await world.admin.call('GET', `/apis/apps/v1/namespaces/${scene.namespace}/deployments`);
  expect(body).toMatchObject({ items: [] });
});

test('the same inputs change nothing', async () => {
  const { diff } = await plan(await installed());
  expect(diff).toMatchObject({ state: 'unchanged', same: 2, objects: [], problems: [], deployed: { revision: 1 } });
});

test('another image and a value show as what they change, and nothing that the server fills in', async () => {
  const scene = await installed();
  const archive = await chartOf(
    { 'deployment.yaml': DEPLOYMENT.replace('web:1', 'web:2'), 'config.yaml': CONFIG },
    DEFAULTS,
  );
  const { diff } = await plan(scene, { archive, values: { replicas: 3, colour: 'green' } });
  expect(lines(diff)).toEqual([
    'ConfigMap web-a data colour blue → green',
    'Deployment web replicas 1 → 3',
    'Deployment web image 1 → 2',
  ]);
  expect(await history(scene)).toHaveLength(1);
});

test('what an autoscaler set is not ours to show', async () => {
  const scene = await aScene(world);
  const archive = await chartOf({ 'deployment.yaml': DEPLOYMENT.replace(/ {2}replicas: .*\n/, '') }, DEFAULTS);
  await scene.chart(archive);
  expect(await scene.apply()).toMatchObject({ outcome: 'applied' });
  await scaled(scene, 5);
  const { diff } = await plan(scene, { archive });
  expect(diff).toMatchObject({ state: 'unchanged', objects: [] });
});

test('a field that somebody else owns is a conflict that blocks, unless the package takes it over', async () => {
  const scene = await installed();
  await scaled(scene, 3);
  const { diff } = await plan(scene, { values: { replicas: 2 } });
  expect(diff).toMatchObject({
    state: 'blocked',
    problems: [{ code: 'conflict', object: 'Deployment web', fields: ['.spec.replicas'], outcome: 'conflict' }],
  });
  expect(diff.because).toMatch(/^Deployment web: scaler owns \.spec\.replicas: .*forceConflicts/);
  expect(lines(diff)).toEqual(['Deployment web replicas 3 → 2']);
  const taken = await plan(scene, { values: { replicas: 2 }, forceConflicts: true });
  expect(taken.diff.state).toBe('changes');
  expect(problems(taken.diff)).toEqual(['conflict']);
});

test('what leaves the chart would be deleted, and what says that it is kept would stay', async () => {
  const scene = await aScene(world);
  const kept = CONFIG.replace(
    '{ name: web-{{ .Values.config }} }',
    '{ name: kept, annotations: { helm.sh/resource-policy: keep } }',
  );
  await scene.chart(
    await chartOf({ 'deployment.yaml': DEPLOYMENT, 'config.yaml': CONFIG, 'kept.yaml': kept }, DEFAULTS),
  );
  expect(await scene.apply()).toMatchObject({ outcome: 'applied' });
  const { diff } = await plan(scene, { archive: await chartOf({ 'deployment.yaml': DEPLOYMENT }, DEFAULTS) });
  expect(lines(diff).sort()).toEqual(
    ['ConfigMap web-a deleted', 'ConfigMap kept leaves the release and stays in the cluster'].sort(),
  );
  expect(diff.problems).toEqual([
    { code: 'deletion', blocks: false, because: 'it would be deleted', object: 'ConfigMap web-a' },
  ]);
});

test('a field that can never change blocks, and is shown all the same', async () => {
  const scene = await installed();
  const archive = await chartOf(
    {
      'deployment.yaml': DEPLOYMENT.replace('app: web }', 'app: other }').replace('{{ .Values.label }}', 'other'),
      'config.yaml': CONFIG,
    },
    DEFAULTS,
  );
  const { diff } = await plan(scene, { archive });
  expect(diff.problems).toMatchObject([{ code: 'immutable', blocks: true, fields: ['spec.selector'] }]);
  expect(lines(diff)).toContain('Deployment web spec.selector.matchLabels.app web → other');
});

test('an object that makes no sense is told by its field', async () => {
  const scene = await installed();
  const archive = await chartOf({ 'deployment.yaml': DEPLOYMENT.replace('image:', 'imgae:') }, DEFAULTS);
  const { diff } = await plan(scene, { archive });
  expect(problems(diff)).toContain('invalid!');
  expect(diff.problems.map(({ because }) => because).join()).toMatch(/imgae/);
});

const WIDGET = 'apiVersion: acme.io/v1\nkind: Widget\nmetadata: { name: w }\nspec: { size: 1 }\n';

test('a kind that the cluster does not know blocks, and the rest of the chart is shown', async () => {
  const scene = await installed();
  const archive = await chartOf(
    { 'deployment.yaml': DEPLOYMENT, 'config.yaml': CONFIG, 'widget.yaml': WIDGET },
    DEFAULTS,
  );
  const { diff } = await plan(scene, { archive, values: { replicas: 4 } });
  expect(diff.problems).toMatchObject([{ code: 'no-such-kind', blocks: true, object: 'Widget w' }]);
  expect(lines(diff)).toEqual(['Deployment web replicas 1 → 4', 'Widget w created']);
});

test('what the deployer may not do is named with what would not work', async () => {
  const scene = await installed();
  const role = 'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: wide }\nrules: []\n';
  const archive = await chartOf({ 'deployment.yaml': DEPLOYMENT, 'config.yaml': CONFIG, 'role.yaml': role }, DEFAULTS);
  const { diff } = await plan(scene, { archive });
  expect(problems(diff)).toContain('forbidden!');
  expect(diff.problems.find(({ code }) => code === 'forbidden')).toMatchObject({ object: 'ClusterRole wide' });
});

test('a Role wider than the deployer is refused as it would be', async () => {
  const scene = await installed();
  const role = `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: wide }
rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }]
`;
  const archive = await chartOf({ 'deployment.yaml': DEPLOYMENT, 'config.yaml': CONFIG, 'role.yaml': role }, DEFAULTS);
  const { diff } = await plan(scene, { archive });
  expect(diff.problems).toMatchObject([{ code: 'forbidden', blocks: true, object: 'Role wide' }]);
});

test('a namespace that is missing, and one where nobody let us in', async () => {
  const nowhere = await previewed(world, { namespace: 'nowhere-at-all', archive: await web() });
  expect(nowhere.diff.state).toBe('blocked');
  const scene = await aScene(world, { granted: false });
  const { diff } = await plan(scene);
  expect(diff).toMatchObject({ state: 'blocked', problems: [{ code: 'forbidden' }] });
});

test('a package that acts as its team is tried as its team', async () => {
  const scene = await aScene(world);
  const accounts = `/api/v1/namespaces/${scene.namespace}/serviceaccounts`;
  await world.admin.call('POST', accounts, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'team' } });
  const actAs = `system:serviceaccount:${scene.namespace}:team`;
  const { diff } = await plan(scene, { actAs });
  expect(diff.state).toBe('blocked');
  expect(diff.problems.map(({ code, because }) => `${code} ${because}`).join('\n')).toContain(`forbidden`);
  expect(diff.because).toContain(actAs);
});

test('kinds in crds/ come with the first release, and with no other', async () => {
  const crd = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.acme.io }
spec: { group: acme.io, scope: Namespaced, names: { kind: Widget, plural: widgets }, versions: [] }
`;
  const archive = await chartOf({ 'widget.yaml': WIDGET, '../crds/widget.yaml': crd });
  const scene = await aScene(world);
  const first = await plan(scene, { archive });
  expect(first.diff).toMatchObject({ state: 'changes', problems: [] });
  expect(lines(first.diff)).toEqual(['Widget w created']);
  const later = await plan(await installed(), { archive });
  expect(problems(later.diff)).toContain('no-such-kind!');
});

test('a release in mid-operation is compared with what helm applied last', async () => {
  const scene = await installed();
  await byHand(scene, '--set', 'replicas=7');
  await standsAs(scene, 2, 'pending-upgrade');
  const { diff } = await plan(scene, { values: { replicas: 7 } });
  expect(problems(diff)).toContain('release-busy');
  expect(diff.deployed).toMatchObject({ revision: expect.any(Number) });
});

test('an object that is not of the release cannot be taken over', async () => {
  const scene = await aScene(world);
  await world.admin.call('POST', `/api/v1/namespaces/${scene.namespace}/configmaps`, {
    ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web-a' }, data: { colour: 'red' } },
  });
  const { diff } = await plan(scene);
  expect(problems(diff)).toEqual(['not-adoptable!', 'conflict!']);
  expect(lines(diff)).toContain('ConfigMap web-a data colour red → blue');
});

const SECRET =
  'apiVersion: v1\nkind: Secret\nmetadata: { name: web }\nstringData: { password: {{ .Values.password }} }\n';
const ENV = DEPLOYMENT.replace(
  'image: "web:1"',
  'image: "web:1", env: [{ name: URL, value: "db://:{{ .Values.password }}@db" }]',
);

test('a secret shows as keyed digests, wherever it stands', async () => {
  const scene = await aScene(world);
  const archive = await chartOf({ 'deployment.yaml': ENV, 'secret.yaml': SECRET }, DEFAULTS);
  await scene.chart(archive);
  await scene.values({ password: 'old-hunter2' });
  expect(await scene.apply()).toMatchObject({ outcome: 'applied' });
  const { diff, text } = await plan(scene, {
    archive,
    values: { password: 'new-hunter3' },
    secrets: ['new-hunter3'],
    deployed: { known: true, leaves: [], secrets: ['old-hunter2'] },
  });
  expect(lines(diff)).toEqual([
    expect.stringMatching(
      /^Secret web data password secret \(digest hmac-sha256:\w{8}…\) → secret \(digest hmac-sha256:\w{8}…\)$/,
    ),
    expect.stringMatching(/^Deployment web env URL secret \(digest .*\) → secret \(digest .*\)$/),
  ]);
  for (const word of ['hunter2', 'hunter3', Buffer.from('new-hunter3').toString('base64')])
    expect(text).not.toContain(word);
});

const MADE = `apiVersion: v1
kind: ConfigMap
metadata:
  name: made
  annotations: { sum: {{ .Values.password | sha256sum | quote }} }
data:
  colour: {{ .Values.colour }}
  twice: {{ .Values.password | b64enc | b64enc }}
  upper: {{ .Values.password | upper }}
  piece: {{ trunc 7 .Values.password }}
---
apiVersion: v1
kind: ConfigMap
metadata: { name: "made-{{ .Values.password | lower | trunc 6 }}" }
data: { {{ range $i, $c := splitList "" .Values.password }}"{{ $c }}-{{ $i }}": x, {{ end }}end: x }
`;
const MADE_OF = ['new-Zebra3-password', 'NEW-ZEBRA3', 'new-Zeb', 'new-ze', 'Z-4'];

test('whatever templates make of a secret shows as digests, and the rest as it is', async () => {
  const scene = await aScene(world);
  const archive = await chartOf({ 'made.yaml': MADE }, DEFAULTS);
  await scene.chart(archive);
  await scene.values({ password: 'old-Otter7-password' });
  expect(await scene.apply()).toMatchObject({ outcome: 'applied' });
  const leaf = (value: string) => ({
    ...{ path: ['password'], value, secret: true, origin: { of: 'rollout' as const }, overrides: [] },
  });
  const before = { password: 'old-Otter7-password' };
  const { diff, text } = await plan(scene, {
    archive,
    values: { password: MADE_OF[0], colour: 'green' },
    secrets: ['new-Zebra3-password'],
    leaves: [leaf('new-Zebra3-password')],
    deployed: {
      ...{ known: true, leaves: [leaf(before.password)], secrets: [before.password] },
      inputs: { namespace: scene.namespace, release: 'web', archive, values: before },
    },
  });
  expect(lines(diff)).toContain('ConfigMap made data colour blue → green');
  expect(lines(diff)).toContainEqual(expect.stringMatching(/^ConfigMap made data piece secret .* → secret /));
  expect(lines(diff)).toContainEqual(expect.stringMatching(/^ConfigMap secret \(digest \S+\) created$/));
  expect(lines(diff)).toContainEqual(expect.stringMatching(/^ConfigMap secret \(digest \S+\) deleted$/));
  const twice = [MADE_OF[0], before.password].map((word) => btoa(btoa(String(word))));
  for (const word of [...MADE_OF, ...twice, 'OLD-OTTER7', 'old-Ott', 'old-ot', 'O-4']) expect(text).not.toContain(word);
});

test('a chart that goes another way with its secrets than without is told by digests', async () => {
  const scene = await installed();
  const which = '{{ if hasPrefix "hun" .Values.password }}{{ .Values.password | upper }}{{ else }}none{{ end }}';
  const { diff, text } = await plan(scene, {
    archive: await chartOf(
      {
        'config.yaml': `${CONFIG}---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: which }\ndata: { which: ${which} }\n`,
      },
      DEFAULTS,
    ),
    values: { password: 'hunter2-hunter2', colour: 'green' },
    secrets: ['hunter2-hunter2'],
  });
  expect(diff.notes).toContainEqual(expect.stringMatching(/^what would change is told by digests only: /));
  expect(text).not.toMatch(/HUNTER2|green|none/);
});

test('a template that does not render blocks with the words of helm, without secrets', async () => {
  const scene = await installed();
  const broken = '{{ fail (printf "bad %s" .Values.password) }}';
  const { diff, text } = await plan(scene, {
    archive: await chartOf({ 'a.yaml': broken }),
    values: { password: 'hunter2-hunter2' },
    secrets: ['hunter2-hunter2'],
  });
  expect(diff).toMatchObject({ state: 'blocked', problems: [{ code: 'values', outcome: 'template-broken' }] });
  expect(text).not.toContain('hunter2');
});

test('a chart that looks things up sees what is there', async () => {
  const scene = await installed();
  const looks = `${CONFIG}---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: seen }\ndata: { was: {{ (lookup "v1" "ConfigMap" .Release.Namespace "web-a").data.colour }} }\n`;
  const { diff } = await plan(scene, {
    archive: await chartOf({ 'deployment.yaml': DEPLOYMENT, 'config.yaml': looks }, DEFAULTS),
  });
  expect(diff.objects).toMatchObject([{ name: 'seen', fields: [{ path: 'data.was', to: { value: 'blue' } }] }]);
  expect(await history(scene)).toHaveLength(1);
  const { status } = await world.admin.call('GET', `/api/v1/namespaces/${scene.namespace}/configmaps/seen`);
  expect(status).toBe(404);
});

test('a release that somebody changed by hand is compared with what stands there', async () => {
  const scene = await installed();
  await byHand(scene, '--set', 'replicas=7');
  const { diff } = await plan(scene);
  expect(diff.deployed).toMatchObject({ revision: 2 });
  expect(lines(diff)).toEqual(['Deployment web replicas 7 → 1']);
});

async function scaled(scene: Scene, replicas: number): Promise<void> {
  const path = `/apis/apps/v1/namespaces/${scene.namespace}/deployments/web?fieldManager=scaler`;
  const { status } = await world.admin.call('PATCH', path, { spec: { replicas } });
  expect(status).toBe(200);
}
