import { expect, test } from 'vitest';
import type { KubeObject } from '../../../domain/kube.ts';
import { diffObject, isMark } from '../../../domain/plan-diff/diff-object.ts';
import { textOfPath } from '../../../domain/plan-diff/field-path.ts';

type Fields = Readonly<Record<string, unknown>>;

/** An object of which helm owns `fields`, and another manager `others`. */
const object = (content: Fields, fields: Fields, others: Fields = {}, kind = 'Deployment'): KubeObject => ({
  apiVersion: 'apps/v1',
  kind,
  ...content,
  metadata: {
    name: 'web',
    ...(content['metadata'] as Fields | undefined),
    managedFields: [
      { manager: 'helm', operation: 'Apply', fieldsV1: fields },
      { manager: 'scaler', operation: 'Update', fieldsV1: others },
      { manager: 'helm', operation: 'Update', subresource: 'status', fieldsV1: { 'f:status': {} } },
    ],
  } as KubeObject['metadata'],
});
const changes = (live: KubeObject, would: KubeObject) =>
  diffObject(live, would, 'helm').map(({ path, from, to }) => [textOfPath(path), from, to]);

const image = { 'f:spec': { 'f:containers': { 'k:{"name":"web"}': { '.': {}, 'f:image': {}, 'f:name': {} } } } };
const container = (tag: string, more: Fields = {}) => ({
  spec: { containers: [{ name: 'web', image: `web:${tag}`, ...more }] },
});

test('a field that is ours shows from what to what, by the key of its list item', () => {
  const live = object(container('1', { terminationMessagePath: '/dev/null' }), image);
  const would = object(container('2', { terminationMessagePath: '/elsewhere' }), image);
  expect(changes(live, would)).toEqual([['spec.containers[name=web].image', 'web:1', 'web:2']]);
});

test('what another manager owns does not show, whatever becomes of it', () => {
  const replicas = { 'f:spec': { 'f:replicas': {} } };
  expect(
    changes(object({ spec: { replicas: 5 } }, {}, replicas), object({ spec: { replicas: 1 } }, {}, replicas)),
  ).toEqual([]);
});

test('a field that we give up shows only when its value goes with it', () => {
  const ours = { 'f:spec': { 'f:replicas': {} } };
  const live = object({ spec: { replicas: 3 } }, ours);
  expect(changes(live, object({ spec: { replicas: 3 } }, {}))).toEqual([]);
  expect(changes(live, object({ spec: { replicas: 1 } }, {}))).toEqual([['spec.replicas', 3, 1]]);
  expect(changes(live, object({ spec: {} }, {}))).toEqual([['spec.replicas', 3, undefined]]);
});

test('a field that is owned as a whole is looked into', () => {
  const selector = { 'f:spec': { 'f:selector': {} } };
  const of = (labels: Fields) => object({ spec: { selector: labels } }, selector, {}, 'Service');
  expect(changes(of({ app: 'web', tier: 'a' }), of({ app: 'web2' }))).toEqual([
    ['spec.selector.app', 'web', 'web2'],
    ['spec.selector.tier', 'a', undefined],
  ]);
});

test('an item that comes or goes is one change, with what is ours of it', () => {
  const both = {
    'f:spec': {
      'f:containers': {
        'k:{"name":"web"}': { '.': {}, 'f:image': {}, 'f:name': {} },
        'k:{"name":"side"}': { '.': {}, 'f:image': {}, 'f:name': {}, 'f:args': {} },
      },
    },
  };
  const two = object(
    {
      spec: {
        containers: [
          { name: 'web', image: 'web:1' },
          { name: 'side', image: 's', args: ['-v'], stdin: false },
        ],
      },
    },
    both,
  );
  const one = object(container('1'), image);
  const side = { name: 'side', image: 's', args: ['-v'] };
  expect(changes(one, two)).toEqual([['spec.containers[name=side]', undefined, side]]);
  expect(changes(two, one)).toEqual([['spec.containers[name=side]', side, undefined]]);
});

test('an item that says only one thing shows that', () => {
  const env = (...names: string[]) => ({
    'f:env': Object.fromEntries(
      names.map((name) => [`k:{"name":"${name}"}`, { '.': {}, 'f:name': {}, 'f:value': {} }]),
    ),
  });
  const of = (...names: string[]) =>
    object({ env: names.map((name) => ({ name, value: `is ${name}` })) }, env(...names));
  expect(changes(of('A'), of('A', 'B'))).toEqual([['env[name=B].value', undefined, 'is B']]);
});

test('items of a set are there or not', () => {
  const of = (...values: string[]) =>
    object(
      { metadata: { finalizers: values } },
      {
        'f:metadata': { 'f:finalizers': Object.fromEntries(values.map((value) => [`v:"${value}"`, {}])) },
      },
    );
  expect(changes(of('a', 'b'), of('a', 'c'))).toEqual([
    ['metadata.finalizers["b"]', 'b', undefined],
    ['metadata.finalizers["c"]', undefined, 'c'],
  ]);
});

test("what was written as a Secret's stringData is looked for in its data", () => {
  const ours = { 'f:stringData': { 'f:password': {} } };
  const of = (password: string) => object({ data: { password, other: password } }, ours, {}, 'Secret');
  expect(changes(of('b2xk'), of('bmV3'))).toEqual([['data.password', 'b2xk', 'bmV3']]);
});

test('keys with dots and slashes keep their names, and odd ones do no harm', () => {
  const ours = { 'f:metadata': { 'f:labels': { 'f:helm.sh/chart': {}, 'f:__proto__': {}, 'k:nonsense': {} } } };
  const of = (chart: string) => object({ metadata: { labels: { 'helm.sh/chart': chart } } }, ours);
  expect(changes(of('a-1'), of('a-2'))).toEqual([['metadata.labels.helm\\.sh/chart', 'a-1', 'a-2']]);
});

test('what helm 3 owned by updating counts as ours', () => {
  const live = object(container('1'), {});
  const old = {
    ...live,
    metadata: { ...live.metadata, managedFields: [{ manager: 'helm', operation: 'Update', fieldsV1: image }] },
  };
  expect(changes(old, object(container('2'), {}))).toEqual([['spec.containers[name=web].image', 'web:1', 'web:2']]);
});

test("helm's own marks say nothing of what changes", () => {
  const mark = ['metadata', 'annotations', 'meta.helm.sh/release-name'];
  expect(isMark({ path: mark, from: undefined, to: 'web' })).toBe(true);
  expect(isMark({ path: ['metadata', 'annotations', 'mine'], from: undefined, to: 'web' })).toBe(false);
});
