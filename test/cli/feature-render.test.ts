import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type TestCli, testCli } from './support.ts';

const facts = readFileSync('examples/features/facts.yaml', 'utf8');

async function withFiles(files: Readonly<Record<string, string>> = {}): Promise<TestCli> {
  const cli = await testCli();
  for (const [name, text] of Object.entries({ 'facts.yaml': facts, ...files })) cli.files.set(name, text);
  return cli;
}

const AGENT = 'feature render examples/features/logging-agent --env dev --facts facts.yaml';
const values = (out: string): Record<string, unknown>[] => JSON.parse(out).values;

describe('fairlead feature render', () => {
  test('shows every value with where it comes from, without any installation', async () => {
    const cli = await withFiles({ 'agent.yaml': 'sink:\n  apiKey: ssm:/agent/key\nbuffer:\n  maxMegabytes: 512\n' });
    const { code, out, err } = await cli.run(`${AGENT} --values agent.yaml`);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const line = (key: string) =>
      out
        .split('\n')
        .find((one) => one.startsWith(`${key} `))
        ?.split(/ {2,}/);
    expect(line('buffer.maxMegabytes')).toEqual([
      'buffer.maxMegabytes',
      '512',
      "agent.yaml, line 4 (over the chart's own values)",
    ]);
    expect(line('cluster')).toEqual(['cluster', 'dev', expect.stringContaining('computed by Feature.yaml (cluster)')]);
    expect(line('sink.apiKey')?.slice(0, 2)).toEqual(['sink.apiKey', 'secret']);
    expect(line('sink.basicAuth')?.slice(0, 2)).toEqual(['sink.basicAuth', 'secret']);
    expect(out).not.toContain('ssm:/agent/key');
  });

  test('the last file is the strongest, and what is not used is told', async () => {
    const cli = await withFiles({
      'all.yaml': 'sink: { apiKey: k3y-of-all }\nbuffer: { maxMegabytes: 1 }\nbufer: 5\n',
      'dev.yaml': 'buffer: { maxMegabytes: 2 }\n',
    });
    const { code, out } = await cli.run(`${AGENT} --values all.yaml --values dev.yaml --json`);
    expect(code).toBe(0);
    expect(values(out).find(({ key }) => key === 'buffer.maxMegabytes')).toEqual({
      key: 'buffer.maxMegabytes',
      value: 2,
      origin: { of: 'file', file: 'dev.yaml', line: 1 },
      overrides: [
        { value: 1, origin: { of: 'file', file: 'all.yaml', line: 2 } },
        { value: 256, origin: { of: 'chart' } },
      ],
    });
    expect(JSON.parse(out).orphans).toMatchObject([
      { key: 'bufer', because: expect.stringContaining('does not know it') },
    ]);
    expect(out).not.toContain('k3y-of-all');
  });

  test('secrets of environments are placeholders', async () => {
    const cli = await withFiles({ 'p.yaml': 'backup: { retentionDays: 3 }\n' });
    const { code, out } = await cli.run(
      'feature render examples/features/database-operator --env dev --facts facts.yaml --values p.yaml --json',
    );
    expect(code).toBe(0);
    expect(values(out).find(({ key }) => key === 'operator.adminURL')).toEqual({
      key: 'operator.adminURL',
      secret: true,
      origin: { of: 'computed', key: 'operator.adminURL' },
      overrides: [{ value: '', origin: { of: 'chart' } }],
    });
  });

  test('what is missing ends with exit code 8', async () => {
    const cli = await withFiles();
    expect(await cli.run(AGENT)).toMatchObject({
      code: 8,
      err: 'error: missing required value: sink.apiKey (Key for the log store): set it in a layer of values',
    });
  });

  test('a wrong type names file and line', async () => {
    const cli = await withFiles({ 'agent.yaml': 'sink: { apiKey: k }\nbuffer:\n  maxMegabytes: "5"\n' });
    expect(await cli.run(`${AGENT} --values agent.yaml`)).toMatchObject({
      code: 8,
      err: 'error: agent.yaml, line 3: buffer.maxMegabytes must be a whole number, and is text: write it without quotes',
    });
  });

  test('tells of an environment that the chart would not go to', async () => {
    const old = 'environments:\n  - { name: old, kind: legacy, values: { project_id: p } }\n';
    const cli = await withFiles({ 'old.yaml': old, 'agent.yaml': 'sink: { apiKey: key, url: "https://x" }\n' });
    const { code, out } = await cli.run(
      'feature render examples/features/logging-agent --env old --facts old.yaml --values agent.yaml',
    );
    expect(code).toBe(0);
    expect(out).toContain(
      '! old would be left out: it is of kind legacy; Feature.yaml names tenant, management, onprem',
    );
  });

  test('an environment that the facts do not have, a file that is not there, facts that are none', async () => {
    const cli = await withFiles({ 'odd.yaml': 'environments:\n  - name: dev\n    values: {}\n    secret: [x]\n' });
    const agent = 'feature render examples/features/logging-agent';
    expect(await cli.run(`${agent} --env nowhere --facts facts.yaml`)).toMatchObject({
      code: 6,
      err: expect.stringContaining("facts.yaml has no environment 'nowhere': it has management, dev, fss"),
    });
    expect(await cli.run(`${AGENT} --values gone.yaml`)).toMatchObject({
      code: 6,
      err: expect.stringContaining('gone.yaml'),
    });
    expect(await cli.run(`${agent} --env dev --facts odd.yaml`)).toMatchObject({
      code: 6,
      err: expect.stringContaining('odd.yaml:4: environments.0.secret: there is no such field'),
    });
    expect(await cli.run(`${agent} --facts facts.yaml`)).toMatchObject({
      code: 6,
      err: expect.stringContaining('--env'),
    });
  });

  test('takes the environment and its values from the installation', async () => {
    const cli = await withFiles({ 'c.json': '{}' });
    const cluster = { name: 'c9', account: '123456789012', region: 'eu-north-1' };
    const put = (name: string, body: object) => cli.api.call('PUT', `/environments/${name}`, { body });
    await put('acme-mgmt', { cluster, kind: 'management', tenant: 'acme', namespaceSuffix: 'm' });
    await put('acme-dev', { cluster, kind: 'tenant', tenant: 'acme', namespaceSuffix: 'd' });
    await put('other', { cluster, kind: 'tenant', tenant: 'globex', namespaceSuffix: 'o' });
    await cli.api.call('PUT', '/environments/acme-mgmt/values/project_id', { body: { value: 'm-1' } });
    await cli.api.call('PUT', '/environments/acme-dev/values/project_id', { body: { value: 'd-1' } });
    const { code, out, err } = await cli.run(
      'feature render examples/features/policy-controller --env acme-dev --json',
    );
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining('fairlead: http') });
    expect(values(out).find(({ key }) => key === 'policies.trustedRegistries')).toMatchObject({
      value: ['europe-docker.pkg.dev/m-1', 'europe-docker.pkg.dev/d-1'],
    });
    expect(await cli.run('feature render examples/features/policy-controller --env gone')).toMatchObject({ code: 2 });
  });
});
