import { expect, test } from 'vitest';
import type { FieldChange, ObjectChange, Shown } from '../../../domain/plan-diff/environment-diff.ts';
import { sayChanges, sayValue } from '../../../domain/plan-diff/say-changes.ts';

const digest = (letter: string) => `hmac-sha256:${letter.repeat(64)}`;
const change = (path: string, from?: unknown, to?: unknown): FieldChange => ({
  path,
  ...(from !== undefined && { from: { value: from } }),
  ...(to !== undefined && { to: { value: to } }),
});
const object = (fields: readonly FieldChange[], more: Partial<ObjectChange> = {}): ObjectChange => ({
  ...{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'webui', change: 'update' },
  fields,
  ...more,
});
const said = (...objects: ObjectChange[]) => sayChanges(objects).map(({ line }) => `${line.object} ${line.text}`);
const pod = 'spec.template.spec.containers[name=webui]';

test.each<[string, FieldChange, string]>([
  [
    'tags of the same image',
    change(`${pod}.image`, 'r.io:5000/webui:1.4.1', 'r.io:5000/webui:1.4.2'),
    'image 1.4.1 → 1.4.2',
  ],
  ['another image', change(`${pod}.image`, 'a/webui:1', 'b/webui:1'), 'image a/webui:1 → b/webui:1'],
  ['an image without a tag', change(`${pod}.image`, 'r.io:5000/webui', 'webui:2'), 'image r.io:5000/webui → webui:2'],
  [
    'another container',
    change('spec.template.spec.containers[name=proxy].image', 'p:1', 'p:2'),
    'image of proxy 1 → 2',
  ],
  [
    'an init container',
    change('spec.template.spec.initContainers[name=init].image', 'p:1', 'p:2'),
    'image of init 1 → 2',
  ],
  ['replicas', change('spec.replicas', 2, 3), 'replicas 2 → 3'],
  ['a variable', change(`${pod}.env[name=LEVEL].value`, 'info', 'debug'), 'env LEVEL info → debug'],
  ['a new variable', change(`${pod}.env[name=LEVEL].value`, undefined, 'debug'), 'env LEVEL added: debug'],
  ['a resource', change(`${pod}.resources.limits.memory`, '1Gi', '2Gi'), 'memory limit 1Gi → 2Gi'],
  ['a label', change('metadata.labels.team', 'a', 'b'), 'label team a → b'],
  ['a label of pods', change('spec.template.metadata.labels.app\\.io/x', 'a', 'b'), 'pod label app.io/x a → b'],
  ['data', change('data.app\\.conf', 'a', 'b'), 'data app.conf a → b'],
  ['any other field goes by its path', change('spec.paused', false, true), 'spec.paused false → true'],
  ['what goes', change('spec.paused', true), 'spec.paused removed (was true)'],
  ['an empty text', change('data.a', '', 'b'), 'data a "" → b'],
  ['a text of many lines', change('data.a', undefined, 'one\ntwo\u001b[31m'), 'data a added: one two [31m'],
  ['a long text', change('data.a', undefined, 'x'.repeat(100)), `data a added: ${'x'.repeat(59)}…`],
  [
    'lines',
    { path: 'data.conf', lines: ['--- now', '+++ then', '@@ -1,2 +1,2 @@', ' same', '-a', '+b', '+c'] },
    'data conf: 3 lines changed',
  ],
  [
    'a secret',
    {
      path: 'data.password',
      from: { secret: true, digest: digest('a') },
      to: { secret: true, digest: digest('b') },
    },
    'data password secret (digest hmac-sha256:aaaaaaaa…) → secret (digest hmac-sha256:bbbbbbbb…)',
  ],
])('%s', (_, field, text) => {
  expect(said(object([field]))).toEqual([`Deployment webui ${text}`]);
});

test('the container that a workload is named for needs no name', () => {
  const image = change(`${pod}.image`, 'w:1', 'w:2');
  expect(said(object([image], { name: 'prod-webui' }))).toEqual(['Deployment prod-webui image 1 → 2']);
  expect(said(object([image], { name: 'other' }))).toEqual(['Deployment other image of webui 1 → 2']);
});

test('what comes and goes is one line each; of what comes, its images and how many', () => {
  const fields = [
    change('spec.replicas', undefined, 2),
    change(`${pod}.image`, undefined, 'webui:1'),
    change('spec.x', undefined, 1),
  ];
  expect(
    said(
      object(fields, { change: 'create' }),
      object([], { change: 'create', kind: 'ConfigMap', namespace: 'elsewhere' }),
      object([], { change: 'delete' }),
      object([], { change: 'leave' }),
    ),
  ).toEqual([
    'Deployment webui created (replicas 2, image webui:1)',
    'ConfigMap elsewhere/webui created',
    'Deployment webui deleted',
    'Deployment webui leaves the release and stays in the cluster',
  ]);
});

test('labels that each release of a chart changes on every object are said once', () => {
  const label = change('metadata.labels.helm\\.sh/chart', 'webui-1', 'webui-2');
  const objects = ['a', 'b', 'c'].map((name) => object([label], { name }));
  expect(said(...objects)).toEqual(['3 objects label helm.sh/chart webui-1 → webui-2']);
  expect(said(...objects.slice(1))).toEqual([
    'Deployment b label helm.sh/chart webui-1 → webui-2',
    'Deployment c label helm.sh/chart webui-1 → webui-2',
  ]);
});

test('fields that are not listed are counted', () => {
  expect(said(object([change('spec.a', 1, 2)], { more: 7 }))).toEqual([
    'Deployment webui spec.a 1 → 2',
    'Deployment webui 7 more fields',
  ]);
});

test('changes that read the same and are not have ids of their own', () => {
  const long = (end: string) => object([change('data.a', 'x', `${'y'.repeat(80)}${end}`)]);
  const [one, other] = [sayChanges([long('1')]), sayChanges([long('2')])];
  expect(one[0]?.line).toEqual(other[0]?.line);
  expect(one[0]?.id).not.toBe(other[0]?.id);
});

test.each<[Shown, string]>([
  [{ secret: true }, 'secret'],
  [{ value: null }, 'null'],
  [{ value: ['a', 1] }, '["a",1]'],
  [{ value: 'a' }, 'a'],
])('a value %j is said as %s', (value, text) => {
  expect(sayValue(value)).toBe(text);
});
