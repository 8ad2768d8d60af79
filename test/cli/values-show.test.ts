/** What is where, and why: each value with its origin. */
import { describe, expect, it } from 'vitest';
import type { EffectiveValues, ValuesAnswer } from '../../contracts/api/effective.ts';
import type { FreezeViewAnswer, FreezeViewInput } from '../../contracts/freeze-view.ts';
import { testCli } from './support.ts';

const layer = { of: 'layer', says: 'webui-service-helm-values version 3, line 4' } as const;
const chart = { of: 'chart', says: "the chart's own values" } as const;
const DIGEST = 'hmac-sha256:ab12cd34ef56ab12cd34ef56';
const view: EffectiveValues = {
  package: 'webui',
  environment: 'staging',
  version: '1.4.2',
  deployed: '1.4.1',
  values: [
    {
      key: 'image.tag',
      value: '1.4.2',
      origin: layer,
      overrides: [{ value: 'x', origin: chart }],
      change: 'changed',
      was: { value: '1.4.1' },
    },
    { key: 'replicas', value: 2, origin: chart, overrides: [], change: 'same' },
    { key: 'password', secret: true, digest: DIGEST, origin: layer, overrides: [], change: 'new' },
  ],
  removed: [{ key: 'debug', value: true }],
  orphans: [{ key: 'tpyo', origin: layer, because: 'Feature.yaml does not know it' }],
  notes: [],
};

async function cliWith(shown: ValuesAnswer, frozen: FreezeViewAnswer = { outcome: 'frozen', version: '1.4.2' }) {
  const asked: FreezeViewInput[] = [];
  const cli = await testCli({
    askValues: async () => shown,
    freezeView: async (input) => {
      asked.push(input);
      return frozen;
    },
  });
  return { ...cli, asked };
}

describe('values show', () => {
  it('names the origin of every value, what it overrides and what is deployed; a secret is a digest', async () => {
    const cli = await cliWith({ outcome: 'shown', view });
    const { code, out } = await cli.run('values show webui staging');
    expect(code).toBe(0);
    expect(out).toMatch(
      /image\.tag +1\.4\.2 +webui-service-helm-values version 3, line 4 \(over the chart's own values\) +1\.4\.1/,
    );
    expect(out).toMatch(/replicas +2 +the chart's own values +same/);
    expect(out).toMatch(/password +secret \(digest hmac-sha256:ab12cd34…\)/);
    expect(out).toContain('- debug: true is deployed, and nothing sets it any more');
    expect(out).toContain('! tpyo is not used: Feature.yaml does not know it');
    expect(out.split('\n').at(-1)).toBe(
      'webui 1.4.2 in staging: 3 values, 1 not used; 3 differ from 1.4.1, which is deployed',
    );
  });

  it('counts one that differs as one', async () => {
    const [one] = view.values.filter(({ change }) => change === 'changed');
    const cli = await cliWith({
      outcome: 'shown',
      view: { ...view, values: one ? [one] : [], removed: [], orphans: [] },
    });
    const { out } = await cli.run('values show webui staging');
    expect(out.split('\n').at(-1)).toBe('webui 1.4.2 in staging: 1 value; 1 differs from 1.4.1, which is deployed');
  });

  it('leaves out what is the same with --changed', async () => {
    const cli = await cliWith({ outcome: 'shown', view });
    const { out } = await cli.run('values show webui staging --changed');
    expect(out).not.toContain('replicas');
    expect(out).toContain('image.tag');
  });

  it('asks for the version that is wanted, else leaves the choice to the newest where nothing is deployed', async () => {
    const cli = await cliWith({ outcome: 'shown', view });
    await cli.run('values show webui staging --version 2.0.0');
    await cli.run('values show webui staging');
    expect(cli.asked.map(({ view: { version } }) => version)).toEqual(['2.0.0', undefined]);
  });

  it.each<[string, ValuesAnswer, FreezeViewAnswer | undefined]>([
    ['a broken layer', { outcome: 'blocked', because: 'x version 3 is not YAML at line 2' }, undefined],
    ['no chart', { outcome: 'shown', view }, { outcome: 'refused', code: 'chart-not-found', because: 'no such chart' }],
  ])('says why there are none: %s; exit 8', async (_, shown, frozen) => {
    const cli = await cliWith(shown, frozen);
    const { code, err } = await cli.run('values show webui staging');
    expect(code).toBe(8);
    expect(err).toMatch(/not YAML at line 2|no such chart/);
  });
});
