import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { mayHaveHooks } from '../../../adapters/helm/chart-archive.ts';

test.each([
  ['a template with the annotation', gzipSync('metadata: { annotations: { helm.sh/hook: pre-install } }'), true],
  ['a chart packed inside', gzipSync('web/charts/db-1.0.0.tgz'), true],
  ['neither', gzipSync('kind: ConfigMap'), false],
  ['what is no archive', Buffer.from('no gzip'), true],
])('%s', (_, archive, may) => expect(mayHaveHooks(archive)).toBe(may));
