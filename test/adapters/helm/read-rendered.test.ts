import { expect, test } from 'vitest';
import { kindsBrought, readRendered } from '../../../adapters/helm/read-rendered.ts';

const of = { release: 'webui', namespace: 'web' };
const marks = {
  labels: { 'app.kubernetes.io/managed-by': 'Helm' },
  annotations: { 'meta.helm.sh/release-name': 'webui', 'meta.helm.sh/release-namespace': 'web' },
};

test('objects come in their order, with the marks that helm gives them, lists taken apart', () => {
  const manifest = `
# Source: a
apiVersion: v1
kind: ConfigMap
metadata: { name: a, labels: { mine: x }, annotations: }
data: { when: 2026-11-21, time: 22:22, mode: "0644", "on": "yes" }
---
---
apiVersion: v1
kind: List
items: [{ apiVersion: v1, kind: Service, metadata: { name: b, namespace: other } }]
---
just a text
`;
  const { objects, hooks } = readRendered(manifest, of);
  expect(hooks).toEqual([]);
  expect(objects).toEqual([
    {
      ...{ apiVersion: 'v1', kind: 'ConfigMap', name: 'a', namespace: 'web' },
      content: {
        ...{
          apiVersion: 'v1',
          kind: 'ConfigMap',
          data: { when: '2026-11-21', time: '22:22', mode: '0644', on: 'yes' },
        },
        metadata: { name: 'a', ...marks, labels: { mine: 'x', ...marks.labels } },
      },
    },
    expect.objectContaining({ kind: 'Service', name: 'b', namespace: 'other' }),
  ]);
});

test('hooks are no objects of the release', () => {
  const manifest =
    'apiVersion: batch/v1\nkind: Job\nmetadata: { name: m, annotations: { helm.sh/hook: "pre-upgrade, post-install" } }\n';
  expect(readRendered(manifest, of)).toEqual({
    objects: [],
    hooks: [{ kind: 'Job', name: 'm', events: ['pre-upgrade', 'post-install'] }],
  });
});

test('a definition brings its kind', () => {
  const crd = 'kind: CustomResourceDefinition\nspec: { group: acme.io, names: { kind: Widget } }\n';
  expect(kindsBrought(`${crd}---\nkind: ConfigMap\n---\n`)).toEqual(['acme.io/Widget']);
  expect(kindsBrought('')).toEqual([]);
});
