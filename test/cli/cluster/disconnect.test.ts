import { describe, expect, it } from 'vitest';
import type { Ports } from '../../../cli/ports.ts';
import { INSTALLATION_TAG } from '../../../domain/aws-auth/access-entry.ts';
import { testCli } from '../support.ts';
import { configMapOf, type PretendCluster, pretendCluster } from './pretend-cluster.ts';

const ROLE = 'arn:aws:iam::123456789012:role/fairlead-deployer';
const NODES = '# nodes\n- rolearn: arn:aws:iam::123456789012:role/node\n  groups:\n  - system:nodes # all\n';
const mapRoles = ({ configMap }: PretendCluster) => configMap?.data?.['mapRoles'];

async function cliOn(cluster: PretendCluster) {
  const cli = await testCli();
  await cli.api.call('PUT', '/environments/solo', { body: { cluster: { name: 'solo' }, namespaceSuffix: 'solo' } });
  return async (line: string, ports: Partial<Ports> = {}) =>
    await cli.run(line, { clusterAdmin: cluster.port, ...ports });
}

describe('cluster disconnect', () => {
  it.each(['CONFIG_MAP', 'API', 'API_AND_CONFIG_MAP'])(
    'undoes what connect did in mode %s, byte for byte',
    async (mode) => {
      const cluster = pretendCluster(mode, NODES);
      const run = await cliOn(cluster);
      await run('cluster connect solo --yes --namespace web --platform');
      expect(cluster.entries.size === 1 || mapRoles(cluster) !== NODES).toBe(true);
      const { code, out, err } = await run('cluster disconnect solo --yes');
      expect([code, mapRoles(cluster), cluster.entries.size, cluster.grants.size], err).toEqual([0, NODES, 0, 0]);
      expect(out).toMatch(/^shut out .*fairlead-deployer in solo by /m);
      expect(out).toMatch(/^took the grant of web-solo away$/m);
    },
  );

  it('deletes the aws-auth that connect made', async () => {
    const cluster = pretendCluster('CONFIG_MAP');
    const run = await cliOn(cluster);
    await run('cluster connect solo --yes');
    expect((await run('cluster disconnect solo --yes')).code).toBe(0);
    expect(cluster.configMap).toBeUndefined();
  });

  it('where there is nothing does nothing, and asks nobody', async () => {
    const { code, out } = await (await cliOn(pretendCluster('CONFIG_MAP', NODES)))('cluster disconnect solo');
    expect([code, out]).toEqual([0, `nothing to do for ${ROLE} in solo by aws-auth: no entry maps ${ROLE}`]);
  });

  it('shows and asks first; a no leaves all as it is', async () => {
    const cluster = pretendCluster('CONFIG_MAP', NODES);
    const run = await cliOn(cluster);
    await run('cluster connect solo --yes --namespace web');
    const before = mapRoles(cluster);
    const { code, err } = await run('cluster disconnect solo', { ask: async () => false });
    expect([code, mapRoles(cluster), cluster.grants.size]).toEqual([3, before, 1]);
    expect(err).toContain(`-- rolearn: ${ROLE}`);
    expect((await run('cluster disconnect solo')).code).toBe(6);
    const dry = await run('cluster disconnect solo --dry-run --json');
    expect([mapRoles(cluster), cluster.grants.size]).toEqual([before, 1]);
    expect(JSON.parse(dry.out)).toMatchObject({ mappings: [{ outcome: 'would-write' }], namespaces: ['web-solo'] });
  });

  it.each([
    [
      'an entry that was changed by hand',
      [['fairlead:deployers', 'team']],
      /changed by hand: .* in team, and was written as .* in fairlead:deployers/,
    ],
    ['the last administrator', [['fairlead:deployers', 'system:masters']], /is the last administrator/],
  ])('leaves %s alone, and the grants too', async (_what, changes, words) => {
    const cluster = pretendCluster('CONFIG_MAP', NODES);
    const run = await cliOn(cluster);
    await run('cluster connect solo --yes --namespace web');
    for (const [from = '', to = ''] of changes)
      cluster.configMap = configMapOf(mapRoles(cluster)?.replace(from, to) ?? '');
    const before = mapRoles(cluster);
    const { code, err } = await run('cluster disconnect solo --yes');
    expect([code, mapRoles(cluster), cluster.grants.size]).toEqual([2, before, 1]);
    expect(err).toMatch(words);
  });

  it('leaves an access entry that does not carry our tag', async () => {
    const cluster = pretendCluster('API');
    const theirs = { principalArn: ROLE, username: '', groups: ['fairlead:deployers'], type: 'STANDARD', tags: {} };
    cluster.entries.set(ROLE, theirs);
    const { code, err } = await (await cliOn(cluster))('cluster disconnect solo --yes');
    expect([code, cluster.entries.get(ROLE)]).toEqual([2, theirs]);
    expect(err).toMatch(/of somebody else lets it in: .*whoever made it has to delete it/);
    cluster.entries.set(ROLE, { ...theirs, tags: { [INSTALLATION_TAG]: 'other' } });
    expect((await (await cliOn(cluster))('cluster disconnect solo --yes')).err).toMatch(/of installation other/);
  });

  it('says which right is missing', async () => {
    const cluster = pretendCluster('CONFIG_MAP', NODES);
    const run = await cliOn(cluster);
    await run('cluster connect solo --yes');
    cluster.mayNot.add('update');
    const { code, err } = await run('cluster disconnect solo --yes');
    expect([code, err]).toEqual([2, expect.stringMatching(/^error: .*may not update configmap aws-auth/m)]);
  });
});

describe('cluster disconnect of a shared cluster', () => {
  it('keeps the mapping that others need, and takes only its own grants', async () => {
    const cluster = pretendCluster('CONFIG_MAP', NODES);
    const run = await cliOn(cluster);
    await run('cluster connect dev --yes --namespace web');
    await run('cluster connect staging --yes --namespace web');
    const before = mapRoles(cluster);
    await run('cluster connect dev --yes --namespace webui');
    const { code, out, err } = await run('cluster disconnect dev --yes');
    expect([code, mapRoles(cluster), [...cluster.grants.keys()]]).toEqual([0, before, ['web-dev', 'web-staging']]);
    expect(err).toContain('left the grants of web-dev, web-staging: other environments may need them');
    await run('cluster disconnect dev --yes --namespace web');
    expect([...cluster.grants.keys()]).toEqual(['web-staging']);
    expect(out).toMatch(/^kept .* by aws-auth: .*staging.* reach the cluster by it, too; --shared/m);
  });

  it('takes the mapping away when that is said', async () => {
    const cluster = pretendCluster('CONFIG_MAP', NODES);
    const run = await cliOn(cluster);
    await run('cluster connect dev --yes');
    expect((await run('cluster disconnect dev --yes --shared')).code).toBe(0);
    expect(mapRoles(cluster)).toBe(NODES);
  });
});
