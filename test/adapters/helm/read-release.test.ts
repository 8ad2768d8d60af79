import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { decodeRelease } from '../../../adapters/helm/decode-release.ts';
import { readManifest } from '../../../adapters/helm/read-manifest.ts';
import { readRelease, readRevision } from '../../../adapters/helm/read-release.ts';
import type { Kube, KubeFailure, KubeObject } from '../../../domain/kube.ts';

const MANIFEST = `---
# Source: web/templates/service.yaml
apiVersion: v1
kind: Service
metadata:
  name: web
---
# Source: web/templates/empty.yaml
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: elsewhere
spec:
  replicas: 2
---
apiVersion: v1
kind: ConfigMapList
items:
  - apiVersion: v1
    kind: ConfigMap
    metadata: {name: a}
  - apiVersion: v1
    kind: ConfigMap
    metadata: {name: b}
`;

/** As helm 4.1.4 stores it, values and all. */
const stored = (version: number, status: string, overrides: object = {}) =>
  Buffer.from(
    gzipSync(
      JSON.stringify({
        name: 'web',
        namespace: 'web-dev',
        version,
        info: { status, description: `${status} well`, notes: 'hello' },
        chart: { metadata: { name: 'web', version: '1.2.0', apiVersion: 'v2' }, templates: [] },
        config: { password: 'hunter2' },
        manifest: MANIFEST,
        hooks: [
          {
            name: 'migrate',
            kind: 'Job',
            events: ['pre-upgrade', 'pre-install'],
            manifest: 'apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: migrate\n',
          },
        ],
        ...overrides,
      }),
    ).toString('base64'),
  ).toString('base64');

const secret = (version: number, status: string, labels = {}): KubeObject & { data: object } => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name: `sh.helm.release.v1.web.v${version}`,
    namespace: 'web-dev',
    labels: { name: 'web', owner: 'helm', status, version: String(version), modifiedAt: '1', ...labels },
  },
  data: { release: stored(version, status) },
});

/** A cluster that has these Secrets; each GET may be preceded by something happening. */
function cluster(secrets: KubeObject[], beforeGet: () => void = () => undefined): Kube {
  const no: KubeFailure = { ok: false, code: 'not-found', because: 'gone' };
  return {
    async get({ name }) {
      beforeGet();
      const found = secrets.find(({ metadata }) => metadata.name === name);
      return found === undefined ? no : { ok: true, value: found };
    },
    async list({ labels, metadataOnly }) {
      expect({ labels, metadataOnly }).toEqual({ labels: { owner: 'helm', name: 'web' }, metadataOnly: true });
      return { ok: true, value: secrets.map(({ apiVersion, kind, metadata }) => ({ apiVersion, kind, metadata })) };
    },
    logs: async () => no,
  };
}

describe('a release', () => {
  test('is its revisions, oldest first by number, and the content of the last', async () => {
    const fence = { 'fairlead.dev/fence': '7' };
    const secrets = [secret(10, 'deployed', fence), secret(9, 'superseded'), secret(2, 'superseded')];
    const answer = await readRelease(cluster(secrets), 'web-dev', 'web');
    expect(answer).toMatchObject({
      ok: true,
      value: {
        revisions: [
          { revision: 2, status: 'superseded', labels: {} },
          { revision: 9, status: 'superseded', labels: {} },
          { revision: 10, status: 'deployed', labels: fence },
        ],
        latest: { revision: 10, status: 'deployed', labels: fence, chart: { name: 'web', version: '1.2.0' } },
      },
    });
  });

  test('that was never installed has no revisions', async () => {
    expect(await readRelease(cluster([]), 'web-dev', 'web')).toEqual({ ok: true, value: { revisions: [] } });
  });

  test('whose last revision is taken away between two looks is looked at again', async () => {
    const secrets = [secret(1, 'superseded'), secret(2, 'deployed')];
    const kube = cluster(secrets, () => void (secrets.length > 1 && secrets.pop()));
    expect(await readRelease(kube, 'web-dev', 'web')).toMatchObject({ value: { latest: { revision: 1 } } });
  });

  test('that vanishes again and again is an answer too', async () => {
    const kube: Kube = {
      ...cluster([secret(1, 'deployed')]),
      get: async () => ({ ok: false, code: 'not-found', because: 'gone' }),
    };
    expect(await readRelease(kube, 'web-dev', 'web')).toMatchObject({ ok: false, code: 'not-found' });
  });

  test('that we may not see says so', async () => {
    const forbidden: KubeFailure = { ok: false, code: 'forbidden', because: 'secrets is forbidden' };
    expect(await readRelease({ ...cluster([]), list: async () => forbidden }, 'web-dev', 'web')).toEqual(forbidden);
  });

  test('never gives its values away', async () => {
    const answer = await readRevision(cluster([secret(1, 'deployed')]), 'web-dev', 'web', 1);
    expect(JSON.stringify(answer)).not.toContain('hunter2');
  });
});

describe('a revision as helm stores it', () => {
  test('has objects, each with the namespace it lands in, and hooks with their events', () => {
    expect(decodeRelease(stored(3, 'failed'), 'web-dev')).toEqual({
      ok: true,
      content: {
        revision: 3,
        status: 'failed',
        description: 'failed well',
        chart: { name: 'web', version: '1.2.0' },
        objects: [
          { apiVersion: 'v1', kind: 'Service', name: 'web', namespace: 'web-dev' },
          { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: 'elsewhere', spec: { replicas: 2 } },
          { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', namespace: 'web-dev' },
          { apiVersion: 'v1', kind: 'ConfigMap', name: 'b', namespace: 'web-dev' },
        ],
        hooks: [
          {
            apiVersion: 'batch/v1',
            kind: 'Job',
            name: 'migrate',
            namespace: 'web-dev',
            events: ['pre-upgrade', 'pre-install'],
          },
        ],
      },
    });
  });

  test('with a status that helm has not yet is unknown', () => {
    expect(decodeRelease(stored(1, 'pondering'), 'web-dev')).toMatchObject({ content: { status: 'unknown' } });
  });

  test.each([
    ['nothing', ''],
    ['no base64', '%%%'],
    ['no gzip', Buffer.from(Buffer.from('hello').toString('base64')).toString('base64')],
    ['half of it', stored(1, 'deployed').slice(0, 120)],
    ['no release', Buffer.from(gzipSync('[1]').toString('base64')).toString('base64')],
  ])('that is %s is told, not thrown', (_, text) => {
    expect(decodeRelease(text, 'web-dev')).toEqual({ ok: false, because: expect.stringContaining('cannot read') });
  });

  test('without objects and hooks has none', () => {
    const bare = decodeRelease(stored(1, 'deployed', { manifest: '', hooks: null }), 'web-dev');
    expect(bare).toMatchObject({ content: { objects: [], hooks: [] } });
  });
});

test('what helm rendered but is no object is passed over', () => {
  expect(readManifest('hello\n---\nkind: X\n---\n- 1\n', 'web')).toEqual([]);
});
