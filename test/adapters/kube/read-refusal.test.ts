import { expect, test } from 'vitest';
import { readRefusal } from '../../../adapters/kube/read-refusal.ts';

/** As kube-apiserver 1.35.4 words them. */
const status = (message: string, causes: readonly object[] = []) =>
  JSON.stringify({ kind: 'Status', status: 'Failure', message, details: { causes } });
const refusal = (code: number, message: string, causes: readonly object[] = []) =>
  readRefusal(code, status(message, causes), '/apis/apps/v1/namespaces/web/deployments/web?dryRun=All');

test('a conflict names manager and field', () => {
  const cause = (manager: string, field: string) => ({
    ...{ reason: 'FieldManagerConflict', message: `conflict with "${manager}" using apps/v1`, field },
  });
  const causes = [cause('scaler', '.spec.replicas'), cause('kubectl-edit', '.spec.paused'), cause('scaler', '.spec.x')];
  expect(refusal(409, 'Apply failed with 3 conflicts: …', causes)).toEqual({
    code: 'conflict',
    because: 'scaler owns .spec.replicas, .spec.x; kubectl-edit owns .spec.paused',
    conflicts: [
      { manager: 'scaler', field: '.spec.replicas' },
      { manager: 'kubectl-edit', field: '.spec.paused' },
      { manager: 'scaler', field: '.spec.x' },
    ],
  });
});

test('a field that can never change is told without its value', () => {
  const message = 'Invalid value: {"matchLabels":{"app":"hunter2: x"}}: field is immutable';
  expect(
    refusal(422, `Deployment.apps "web" is invalid: spec.selector: ${message}`, [
      { reason: 'FieldValueInvalid', message, field: 'spec.selector' },
    ]),
  ).toEqual({ code: 'immutable', because: 'spec.selector: field is immutable', fields: ['spec.selector'] });
});

test.each([
  'Invalid value: "10.0.0.1": may not change once set',
  'Forbidden: updates to statefulset spec for fields other than replicas and template are forbidden',
  'Invalid value: {"kind":"Role"}: cannot change roleRef',
  'Forbidden: spec is immutable after creation except resources.requests for bound claims',
])('%s: it never changes', (message) => {
  expect(refusal(422, `x: ${message}`, [{ message, field: 'spec' }])).toMatchObject({ code: 'immutable' });
});

test('any other invalid field is told without its value', () => {
  const message = 'Invalid value: "hunter2": must be less than or equal to 65535';
  const told = refusal(422, `Service "web" is invalid: ${message}`, [{ message, field: 'spec.ports[0].port' }]);
  expect(told).toEqual({
    code: 'invalid',
    because: 'spec.ports[0].port: must be less than or equal to 65535',
    fields: ['spec.ports[0].port'],
  });
  expect(refusal(422, `Service "web" is invalid: ${message}`)).toMatchObject({ code: 'invalid', fields: [] });
});

test('what does not fit its schema is invalid, though the server calls it its own trouble', () => {
  const typed = '.spec.replicas: expected numeric (int or float), got string';
  expect(refusal(500, `failed to create typed patch object (/web; apps/v1, Kind=Deployment): ${typed}`)).toEqual({
    code: 'invalid',
    because: typed,
    fields: ['.spec.replicas'],
  });
});

test.each([
  [404, 'namespaces "nope" not found', 'no-namespace'],
  [404, 'the server could not find the requested resource', 'no-such-kind'],
  [403, 'deployments.apps "web" is forbidden: User "x" cannot patch resource "deployments"', 'forbidden'],
  [401, 'Unauthorized', 'unauthorised'],
  [400, 'admission webhook "a.b" does not support dry run', 'no-dry-run'],
  [400, 'something else', 'refused'],
  [409, 'the object has been modified', 'refused'],
  [429, 'too many requests', 'unreachable'],
  [503, 'starting', 'unreachable'],
])('%i %s: %s', (code, message, expected) => {
  expect(refusal(code, message)).toMatchObject({ code: expected });
});

test('an answer that is no Status at all', () => {
  expect(readRefusal(502, '<html>', '/x')).toEqual({ code: 'unreachable', because: 'HTTP 502' });
  expect(readRefusal(400, '[]', '/x')).toEqual({ code: 'refused', because: 'HTTP 400' });
});
