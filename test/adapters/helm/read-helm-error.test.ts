import { describe, expect, test } from 'vitest';
import { readHelmError } from '../../../adapters/helm/read-helm-error.ts';

/** Said by helm 4.1.4 to a kube-apiserver 1.35.4, word for word. */
const SAID = {
  rejected:
    'level=WARN msg="upgrade failed" name=w error="Deployment.apps \\"w\\" is invalid"\nError: UPGRADE FAILED: Deployment.apps "w" is invalid: spec.template.metadata.labels: Invalid value: {"app":"web-x"}: `selector` does not match template `labels`\n',
  rejectedInstall:
    'Error: Deployment.apps "w2" is invalid: spec.template.metadata.labels: Invalid value: {"app":"web-x"}: `selector` does not match template `labels`\n',
  badType:
    'Error: UPGRADE FAILED: failed to create typed patch object (a/w; apps/v1, Kind=Deployment): .spec.replicas: expected numeric (int or float), got string\n',
  unknownKind:
    'Error: UPGRADE FAILED: resource mapping not found for name: "w" namespace: "" from "": no matches for kind "Widget" in version "acme.io/v1"\nensure CRDs are installed first\n',
  conflict:
    'level=WARN msg="upgrade failed" name=w error="conflict occurred"\nError: UPGRADE FAILED: conflict occurred while applying object a/w apps/v1, Kind=Deployment: Apply failed with 1 conflict: conflict with "hpa-thing": .spec.replicas\n',
  rollbackConflict:
    'Error: conflict occurred while applying object a/w apps/v1, Kind=Deployment: Apply failed with 1 conflict: conflict with "hpa-thing": .spec.replicas\n',
  noGrant:
    'Error: query: failed to query with labels: secrets is forbidden: User "fairlead:x" cannot list resource "secrets" in API group "" in the namespace "b"\n',
  clusterScoped:
    'Error: UPGRADE FAILED: unable to continue with update: could not get information about the resource ClusterRole "w" in namespace "": clusterroles.rbac.authorization.k8s.io "w" is forbidden: User "fairlead:x" cannot get resource "clusterroles" in API group "rbac.authorization.k8s.io" at the cluster scope\n',
  escalation:
    'Error: UPGRADE FAILED: failed to create resource: roles.rbac.authorization.k8s.io "w" is forbidden: user "fairlead:x" (groups=["fairlead:deployers" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:["acme.io"], Resources:["x"], Verbs:["get"]}\n',
  notAdoptable:
    'Error: UPGRADE FAILED: unable to continue with update: ConfigMap "taken" in namespace "a" exists and cannot be imported into the current release: invalid ownership metadata; label validation error: missing key "app.kubernetes.io/managed-by": must be set to "Helm"\n',
  template:
    "Error: UPGRADE FAILED: YAML parse error on web/templates/all.yaml: error converting YAML to JSON: yaml: line 10: did not find expected ',' or ']'\n",
  nilPointer:
    'Error: UPGRADE FAILED: web/templates/hook.yaml:7:10\n  executing "web/templates/hook.yaml" at <.Values.secret.name>:\n    nil pointer evaluating interface {}.name\n',
  schema:
    "Error: UPGRADE FAILED: values don't meet the specifications of the schema(s) in the following chart(s):\nweb:\n- at '/replicas': got string, want integer\n\n",
  hookTimeout:
    'Error: UPGRADE FAILED: pre-upgrade hooks failed: resource Job/a/migrate not ready. status: InProgress, message: Job in progress\ncontext deadline exceeded\n',
  hookRejected:
    'Error: failed pre-install: warning: Hook pre-install web/templates/hook.yaml failed: Job.batch "migrate" is invalid: spec.template.spec.restartPolicy: Unsupported value: "Nope"\n',
  unreachable:
    'Error: kubernetes cluster unreachable: Get "https://127.0.0.1:24644/version": dial tcp 127.0.0.1:24644: connect: connection refused\n',
  unknownToCluster:
    'Error: kubernetes cluster unreachable: the server has asked for the client to provide credentials\n',
  fenced: 'Error: create: failed to create: fairlead: the lease is over, so this write is refused\n',
  noRevision: 'Error: release has no 99 version\n',
  noRelease: 'Error: uninstall: Release not loaded: nothere: release: not found\n',
};

describe('what helm says', () => {
  test.each([
    ['rejected', SAID.rejected],
    ['rejected', SAID.rejectedInstall],
    ['rejected', SAID.badType],
    ['rejected', SAID.unknownKind],
    ['conflict', SAID.conflict],
    ['conflict', SAID.rollbackConflict],
    ['forbidden', SAID.noGrant],
    ['forbidden', SAID.clusterScoped],
    ['forbidden', SAID.escalation],
    ['unauthorised', SAID.unknownToCluster],
    ['not-adoptable', SAID.notAdoptable],
    ['template-broken', SAID.template],
    ['template-broken', SAID.nilPointer],
    ['values-broken', SAID.schema],
    ['hook-failed', SAID.hookTimeout],
    ['hook-failed', SAID.hookRejected],
    ['unreachable', SAID.unreachable],
    ['fenced', SAID.fenced],
    ['disk-full', 'Error: write /tmp/fairlead-helm-x/cache/a: no space left on device\n'],
    ['disk-full', 'Error: mkdir /tmp/fairlead-helm-x/cache: disk quota exceeded\n'],
    // A chart's own words are not ours.
    ['hook-failed', 'Error: UPGRADE FAILED: pre-upgrade hooks failed: no space left on device\n'],
    ['no-such-revision', SAID.noRevision],
    ['no-such-release', SAID.noRelease],
    ['foreign-operation', 'Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress\n'],
    // What is wrong with the API server, or with our rights, must never be held against the release.
    ['unreachable', 'Error: UPGRADE FAILED: etcdserver: request timed out\n'],
    ['unreachable', 'Error: UPGRADE FAILED: failed to create resource: etcdserver: leader changed\n'],
    ['unreachable', 'Error: UPGRADE FAILED: the server is currently unable to handle the request\n'],
    [
      'unreachable',
      'Error: UPGRADE FAILED: the server has received too many requests and has asked us to try again later (get secrets)\n',
    ],
    [
      'unreachable',
      'Error: UPGRADE FAILED: Internal error occurred: failed calling webhook "v.acme.io": failed to call webhook: Post "https://v.acme.svc:443/": context deadline exceeded\n',
    ],
    [
      'unreachable',
      'Error: UPGRADE FAILED: the server was unable to return a response in the time allotted, but may still be processing the request\n',
    ],
    ['unreachable', 'Error: query: failed to query with labels: unexpected EOF\n'],
    [
      'unreachable',
      'Error: UPGRADE FAILED: Put "http://127.0.0.1:1/x": read tcp 127.0.0.1:2->127.0.0.1:1: read: connection reset by peer\n',
    ],
    [
      'forbidden',
      'Error: UPGRADE FAILED: pre-upgrade hooks failed: warning: Hook pre-upgrade web/templates/hook.yaml failed: jobs.batch is forbidden: User "fairlead:x" cannot create resource "jobs" in API group "batch" in the namespace "a"\n',
    ],
    [
      'rejected',
      'Error: UPGRADE FAILED: Deployment.apps "w" is invalid: spec.template: Required value: say what to run\n',
    ],
    [
      'template-broken',
      'Error: UPGRADE FAILED: execution error at (web/templates/all.yaml:3:4): the port is invalid: 99999\n',
    ],
    ['rejected', 'Error: UPGRADE FAILED: admission webhook "policy.acme.io" denied the request: no latest tags\n'],
  ] as const)('is %s: %s', (code, said) => expect(readHelmError(said)).toMatchObject({ code }));

  test.each([
    [SAID.rejected, { kind: 'Deployment', name: 'w' }],
    [SAID.badType, { kind: 'Deployment', namespace: 'a', name: 'w' }],
    [SAID.unknownKind, { kind: 'Widget', name: 'w' }],
    [SAID.conflict, { kind: 'Deployment', namespace: 'a', name: 'w' }],
    [SAID.notAdoptable, { kind: 'ConfigMap', namespace: 'a', name: 'taken' }],
    [SAID.escalation, { kind: 'roles.rbac.authorization.k8s.io', name: 'w' }],
    [SAID.clusterScoped, { kind: 'ClusterRole', name: 'w' }],
    [SAID.hookTimeout, { kind: 'Job', namespace: 'a', name: 'migrate' }],
    [SAID.hookRejected, { kind: 'Job', name: 'migrate' }],
  ])('names the object: %s', (said, object) => {
    expect(readHelmError(said).objects).toEqual([{ ...object, because: expect.any(String) }]);
  });

  test('is told without log lines and prefixes', () => {
    expect(readHelmError(SAID.conflict).because).toMatch(
      /^conflict occurred while .* conflict with "hpa-thing": \.spec\.replicas$/,
    );
  });
  test('is cut where it goes on and on', () => {
    expect(readHelmError(`Error: ${'x'.repeat(5000)}`).because).toHaveLength(1000);
  });
  test('may be nothing at all', () => {
    expect(readHelmError('')).toMatchObject({ code: 'internal' });
  });
});
