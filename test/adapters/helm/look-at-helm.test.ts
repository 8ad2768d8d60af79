import { tmpdir } from 'node:os';
import { beforeAll, describe, expect, test } from 'vitest';
import { lookAtHelm } from '../../../adapters/helm/look-at-helm.ts';
import { cacheFolder } from '../../../local/install/cache-folder.ts';
import { ensureLayer } from '../../../local/install/ensure-tools.ts';
import { silentProgress } from '../../../local/progress.ts';
import { chartOf } from '../../support/deployer/scene.ts';
import { CONFIG, POD } from '../../support/e2e-charts.ts';

/** The deployer's own helm. */
const now = () => new Date();
let helm: ReturnType<typeof lookAtHelm>;
beforeAll(async () => {
  const layer = await ensureLayer({ cache: cacheFolder(process.env), progress: silentProgress, env: process.env });
  helm = lookAtHelm({ helm: layer.helm, temporary: tmpdir(), now });
}, 120_000);

const place = { namespace: 'web-dev', release: 'web' };

test('helm tells its version', async () => {
  expect(await helm.version()).toEqual({ ok: true, version: expect.stringMatching(/^v4\./) });
});

test('a helm that is not there is told as that', async () => {
  const missing = lookAtHelm({ helm: '/nonexistent/helm', temporary: tmpdir(), now });
  expect(await missing.version()).toMatchObject({ ok: false, because: expect.stringContaining('/nonexistent/helm') });
});

describe('the kinds of a chart', () => {
  test('are told once for each namespace', async () => {
    const other = { 'other.yaml': CONFIG['config.yaml'].replace('name: ', 'namespace: other, name: ') };
    const twice = { 'twice.yaml': CONFIG['config.yaml'].replace('Release.Name }}"', 'Release.Name }}-b"') };
    const found = await helm.kinds(await chartOf({ ...CONFIG, ...twice, ...other, ...POD }), place);
    expect(found.ok && [...found.kinds].sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))).toEqual([
      { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'web-dev' },
      { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'other' },
      { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'web-dev' },
    ]);
  });

  test('are not known where it wants values to render', async () => {
    const needy = { 'config.yaml': '{{ required "say which host" .Values.host }}' };
    expect(await helm.kinds(await chartOf(needy), place)).toMatchObject({
      ok: false,
      because: expect.stringContaining('say which host'),
    });
  });

  test('are not known of what is no chart', async () => {
    expect(await helm.kinds(Buffer.from('no chart'), place)).toMatchObject({ ok: false });
  });
});
