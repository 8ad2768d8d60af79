import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { mayAskCluster, mayHaveCrds, mayHaveHooks } from '../../../adapters/helm/chart-archive.ts';

test.each([
  ['a template with the annotation', gzipSync('metadata: { annotations: { helm.sh/hook: pre-install } }'), true],
  ['a chart packed inside', gzipSync('web/charts/db-1.0.0.tgz'), true],
  ['neither', gzipSync('kind: ConfigMap'), false],
  ['what is no archive', Buffer.from('no gzip'), true],
])('%s', (_, archive, may) => expect(mayHaveHooks(archive)).toBe(may));

test.each<[string, Uint8Array, Record<string, unknown>, boolean]>([
  ['nothing of the cluster', gzipSync('kind: ConfigMap {{ .Values.a }} {{ .Release.IsUpgrade }}'), { a: 1 }, false],
  ['a lookup', gzipSync('{{ lookup "v1" "Secret" "a" "b" }}'), {}, true],
  ['a capability', gzipSync('{{ .Capabilities.KubeVersion }}'), {}, true],
  ['a version that the chart asks for', gzipSync('kubeVersion: ">=1.30"'), {}, true],
  ['the revision', gzipSync('{{ .Release.Revision }}'), {}, true],
  ['a chart packed inside', gzipSync('web/charts/db-1.0.0.tgz'), {}, true],
  ['a template in a value', gzipSync('{{ tpl .Values.a . }}'), { a: ['{{ x }}'] }, true],
  ['what is no archive', Buffer.from('no gzip'), {}, true],
])('whether it may depend on the cluster: %s', (_, archive, values, may) =>
  expect(mayAskCluster(archive, values)).toBe(may),
);

test.each([
  ['a definition', gzipSync('kind: CustomResourceDefinition'), true],
  ['a chart packed inside', gzipSync('web/charts/db-1.0.0.tgz'), true],
  ['none', gzipSync('kind: ConfigMap'), false],
])('whether it may bring kinds: %s', (_, archive, may) => expect(mayHaveCrds(archive)).toBe(may));
