/** What a chart or a release calls an API version becomes a path: it must not become another one. */
import { describe, expect, test } from 'vitest';
import { discovery } from '../../../adapters/kube/discover.ts';

const THINGS = { ok: true as const, value: { resources: [{ name: 'things', kind: 'Thing', namespaced: true }] } };

function discover() {
  const asked: string[] = [];
  const of = discovery(async (path) => {
    asked.push(path);
    return THINGS;
  });
  return { of, asked };
}

describe('an API version', () => {
  test.each([
    ['v1', '/api/v1'],
    ['apps/v1', '/apis/apps/v1'],
    ['monitoring.coreos.com/v1alpha1', '/apis/monitoring.coreos.com/v1alpha1'],
  ])('%s is asked for at %s', async (apiVersion, base) => {
    const { of, asked } = discover();
    expect(await of(apiVersion, 'Thing')).toEqual({ ok: true, value: { base, plural: 'things', namespaced: true } });
    expect(asked).toEqual([base]);
  });

  test.each([
    'x/../../api/v1/namespaces/other/services/http:victim:80/proxy/delete',
    'v1/namespaces/other/secrets/key',
    'apps/v1/namespaces/other/deployments',
    'v1?watch=true',
    'apps/v1#x',
    '..',
    '../v1',
    'apps/..',
    '%2e%2e/v1',
    'apps//v1',
    '/v1',
    'apps/',
    'a pps/v1',
    'apps/v1\r\nx: y',
    '',
  ])('%j is none, and nothing is asked', async (apiVersion) => {
    const { of, asked } = discover();
    expect(await of(apiVersion, 'Thing')).toMatchObject({ ok: false, code: 'not-found' });
    expect(asked).toEqual([]);
  });
});
