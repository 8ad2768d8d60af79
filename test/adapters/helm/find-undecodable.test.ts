import { expect, test } from 'vitest';
import { findUndecodable, undecodedField } from '../../../adapters/helm/find-undecodable.ts';

/** helm 4.1.4's own words. */
const SAID =
  'unable to decode "": json: cannot unmarshal number into Go struct field ObjectMeta.metadata.annotations of type string';
const RENDERED = `---
apiVersion: v1
kind: ConfigMap
metadata: { name: fine, annotations: { a: "1" } }
---
# a document of comments only
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, annotations: { a: 1 }, labels: { on: yes } }
---
apiVersion: v1
kind: Service
metadata: { name: 7 }
`;

test('the field is read from what helm says', () => {
  expect(undecodedField(SAID)).toBe('annotations');
  expect(undecodedField('Deployment.apps "web" is invalid: spec.replicas: Invalid value')).toBeUndefined();
});

test.each([
  ['annotations', [{ kind: 'Deployment', name: 'web' }]],
  ['labels', [{ kind: 'Deployment', name: 'web' }]],
  ['name', [{ kind: 'Service', name: '7' }]],
  ['namespace', []],
])('the objects whose %s are no text are named', (field, objects) => {
  expect(findUndecodable(RENDERED, field)).toMatchObject(objects);
  expect(findUndecodable(RENDERED, field)).toHaveLength(objects.length);
});
