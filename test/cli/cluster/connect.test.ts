import { describe, expect, it } from 'vitest';
import type { Ports } from '../../../cli/ports.ts';
import { INSTALLATION_TAG } from '../../../domain/aws-auth/access-entry.ts';
import { testCli } from '../support.ts';
import { configMapOf, type PretendCluster, pretendCluster } from './pretend-cluster.ts';

const ROLE = 'arn:aws:iam::123456789012:role/fairlead-deployer';
const NODES = '# nodes\n- rolearn: arn:aws:iam::123456789012:role/node\n  groups:\n  - system:nodes\n';
const OURS = `- rolearn: ${ROLE}\n  username: fairlead:{{SessionName}}\n  groups:\n  - fairlead:deployers\n`;
const entry = (more: object = {}) => ({
  principalArn: ROLE,
  username: 'fairlead:{{SessionName}}',
  groups: ['fairlead:deployers'],
  type: 'STANDARD',
  tags: { [INSTALLATION_TAG]: 'fairlead' },
  ...more,
});

/** `solo` is alone in its cluster; `dev` and others of the registry share theirs. */
async function cliOn(cluster: PretendCluster, solo: object = {}) {
  const cli = await testCli();
  const body = { cluster: { name: 'solo', ...solo }, namespaceSuffix: 'solo' };
  expect((await cli.api.call('PUT', '/environments/solo', { body })).status).toBe(201);
  return async (line: string, ports: Partial<Ports> = {}) =>
    await cli.run(line, { clusterAdmin: cluster.port, ...ports });
}
const mapRoles = ({ configMap }: PretendCluster) => configMap?.data?.['mapRoles'];

describe('cluster connect by aws-auth', () => {
  it('shows the diff, keeps the old one, writes, and says what it did', async () => {
    const cluster = pretendCluster('CONFIG_MAP', NODES);
    const { code, out, err } = await (await cliOn(cluster))('cluster connect solo --yes');
    expect([code, mapRoles(cluster)]).toEqual([0, NODES + OURS]);
    expect(err).toContain(
      '+- rolearn: arn:aws:iam::123456789012:role/fairlead-deployer\n+  username: fairlead:{{SessionName}}',
    );
    expect(err).toContain('authentication mode CONFIG_MAP, so by aws-auth');
    expect(err).toContain('the old one is kept in main-1.yaml');
    expect(cluster.backups[0]).toContain('arn:aws:iam::123456789012:role/node');
    expect(out).toBe(`let in ${ROLE} in solo by aws-auth: no entry maps ${ROLE} yet`);
  });

  it('twice is once', async () => {
    const cluster = pretendCluster('CONFIG_MAP', NODES);
    const run = await cliOn(cluster);
    await run('cluster connect solo --yes');
    const { code, out } = await run('cluster connect solo');
    expect([code, mapRoles(cluster)]).toEqual([0, NODES + OURS]);
    expect(out).toMatch(/^nothing to do for .*: line 5 of mapRoles maps it already$/);
    expect(cluster.backups).toHaveLength(1);
  });

  it('makes a missing one where the mode says that the cluster reads it', async () => {
    const cluster = pretendCluster('CONFIG_MAP');
    expect((await (await cliOn(cluster))('cluster connect solo --yes')).code).toBe(0);
    expect(mapRoles(cluster)).toContain(ROLE);
    expect(cluster.backups).toEqual([]);
  });

  it.each([
    ['is not YAML', '- a: [\n', /^error: mapRoles is not YAML at line 2, column 1/m],
    ['has tabs', '- rolearn: a\n\tgroups: [b]\n', /^error: mapRoles is not YAML at line 2, column 2: .*tab/m],
    ['has the role twice', OURS + OURS, /^error: mapRoles has the role 2 times/m],
    [
      'has the role with other groups',
      OURS.replace('fairlead:deployers', 'team'),
      /^error: line 1 .* in team; it should be .* in fairlead:deployers/m,
    ],
  ])('leaves one alone that %s, and ends 2', async (_what, text, words) => {
    const cluster = pretendCluster('CONFIG_MAP', text);
    const { code, out, err } = await (await cliOn(cluster))('cluster connect solo --yes');
    expect([code, out, mapRoles(cluster)]).toEqual([2, '', text]);
    expect(err).toMatch(words);
  });

  it('refuses the ARN of a role with a path, and says how it goes', async () => {
    const cluster = pretendCluster('CONFIG_MAP', NODES);
    const role = 'arn:aws:iam::123456789012:role/ci/fairlead-deployer';
    const { code, err } = await (await cliOn(cluster))(`cluster connect solo --yes --role ${role}`);
    expect([code, mapRoles(cluster)]).toEqual([2, NODES]);
    expect(err).toContain(`--role ${ROLE}`);
  });

  it("refuses a role that is no role's ARN before it asks anybody", async () => {
    const { code, err } = await (await testCli()).run('cluster connect solo --yes --role deployer');
    expect(code).toBe(6);
    expect(err).toContain("--role 'deployer' is no ARN of a role");
  });

  it('writes into what somebody else has just written, and shows that diff', async () => {
    const cluster = pretendCluster('CONFIG_MAP', NODES);
    const theirs = '- rolearn: arn:aws:iam::123456789012:role/new\n';
    cluster.before = (writes) => {
      if (writes === 1) cluster.configMap = configMapOf(NODES + theirs);
    };
    const { code, err } = await (await cliOn(cluster))('cluster connect solo --yes');
    expect([code, mapRoles(cluster)]).toEqual([0, NODES + theirs + OURS]);
    expect(err).toContain('somebody else has changed it meanwhile: looking again');
    expect(err.split('@@').length - 1).toBe(4);
  });

  it('asks again about another diff than the one that was agreed to, and a no counts', async () => {
    const cluster = pretendCluster('CONFIG_MAP', NODES);
    cluster.before = () => {
      cluster.configMap = configMapOf(`${NODES}- rolearn: arn:aws:iam::123456789012:role/new\n`);
    };
    const asked: string[] = [];
    const ask = async (question: string) => asked.push(question) === 1;
    const { code, err } = await (await cliOn(cluster))('cluster connect solo', { ask });
    expect([code, asked]).toEqual([3, ['Write this? [y/N] ', 'Write this? [y/N] ']]);
    expect(err).toMatch(/^error: nothing was changed: nobody said yes$/m);
    expect(mapRoles(cluster)).not.toContain('fairlead');
  });

  it('gives up on one that is changed all the time', async () => {
    const cluster = pretendCluster('CONFIG_MAP', NODES);
    cluster.before = (writes) => {
      cluster.configMap = configMapOf(`${NODES}# ${writes}\n`);
    };
    const { code, err } = await (await cliOn(cluster))('cluster connect solo --yes');
    expect([code, mapRoles(cluster)]).toEqual([2, `${NODES}# 5\n`]);
    expect(err).toMatch(/^error: somebody else changed it 5 times/m);
  });

  it('tells that a ConfigMap which is kept in a file has to be changed there, too', async () => {
    const cluster = pretendCluster('CONFIG_MAP', NODES);
    if (cluster.configMap !== undefined) {
      cluster.configMap.metadata.annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{}' };
    }
    expect((await (await cliOn(cluster))('cluster connect solo --yes')).err).toMatch(/note: .*'kubectl apply'/);
  });
});

describe('cluster connect asks before it writes', () => {
  it.each([
    ['a yes writes', async () => true, 0, NODES + OURS],
    ['a no writes nothing and ends 3', async () => false, 3, NODES],
    ['with nobody there it writes nothing and ends 6', async () => undefined, 6, NODES],
  ])('%s', async (_what, ask, expected, text) => {
    const cluster = pretendCluster('CONFIG_MAP', NODES);
    const { code, err } = await (await cliOn(cluster))('cluster connect solo', { ask });
    expect([code, mapRoles(cluster)]).toEqual([expected, text]);
    if (code === 6) expect(err).toMatch(/^error: there is no terminal to ask on: give --yes/m);
    expect(err).toContain(`+- rolearn: ${ROLE}`);
  });

  it('and with --dry-run it neither asks nor writes, whatever is asked for', async () => {
    const cluster = pretendCluster('CONFIG_MAP', NODES);
    const line = 'cluster connect solo --dry-run --json --namespace web --platform';
    const { code, out } = await (await cliOn(cluster))(line, {
      ask: async () => {
        throw new Error('nobody is to be asked');
      },
    });
    expect([code, mapRoles(cluster), cluster.grants.size, cluster.backups]).toEqual([0, NODES, 0, []]);
    expect(JSON.parse(out)).toMatchObject({
      way: 'aws-auth',
      mapping: { outcome: 'would-write', diff: expect.arrayContaining([`+- rolearn: ${ROLE}`]) },
      namespaces: [{ namespace: 'web-solo', chart: 'not installed (dry run)' }, { namespace: 'fairlead-system' }],
    });
  });
});

describe('cluster connect by an access entry', () => {
  it.each(['API', 'API_AND_CONFIG_MAP'])('makes one in mode %s, with our tag and no access policy', async (mode) => {
    const cluster = pretendCluster(mode, NODES);
    const { code, err, out } = await (await cliOn(cluster))('cluster connect solo --yes');
    expect([code, [...cluster.entries.values()], mapRoles(cluster)]).toEqual([0, [entry()], NODES]);
    expect(err).toContain('+groups: fairlead:deployers');
    expect(out).toMatch(/by access entry: no access entry lets .* in yet/);
  });

  it.each<[string, object, number, RegExp, object]>([
    ['does nothing about ours', {}, 0, /an access entry of ours lets it in already/, {}],
    [
      'does nothing about a right one of somebody else',
      { tags: {}, username: 'arn' },
      0,
      /of somebody else lets it in already/,
      { tags: {}, username: 'arn' },
    ],
    ['corrects ours', { groups: ['old'] }, 0, /^let in/m, {}],
    [
      'leaves another one of somebody else alone',
      { tags: { team: 'a' }, groups: ['team'] },
      2,
      /of somebody else is there already: .* in team/,
      { tags: { team: 'a' }, groups: ['team'] },
    ],
    [
      'leaves one of another installation alone',
      { tags: { [INSTALLATION_TAG]: 'other' }, groups: [] },
      2,
      /of installation other is there already/,
      { tags: { [INSTALLATION_TAG]: 'other' }, groups: [] },
    ],
    [
      'leaves one for nodes alone',
      { type: 'EC2_LINUX' },
      2,
      /of type EC2_LINUX, which cannot be changed/,
      { type: 'EC2_LINUX' },
    ],
  ])('%s', async (_what, before, code, words, after) => {
    const cluster = pretendCluster('API');
    cluster.entries.set(ROLE, entry(before));
    const said = await (await cliOn(cluster))('cluster connect solo --yes');
    expect([said.code, cluster.entries.get(ROLE)]).toEqual([code, entry(after)]);
    expect(said.out + said.err).toMatch(words);
  });

  it('looks again when somebody else was first', async () => {
    const cluster = pretendCluster('API');
    cluster.before = () => cluster.entries.set(ROLE, entry({ tags: {} }));
    const { code, out } = await (await cliOn(cluster))('cluster connect solo --yes');
    expect([code, out]).toEqual([0, expect.stringMatching(/of somebody else lets it in already/)]);
  });

  it('takes aws-auth where the cluster reads both and entries are not allowed', async () => {
    const cluster = pretendCluster('API_AND_CONFIG_MAP', NODES);
    cluster.mayNot.add('CreateAccessEntry');
    const { code, out, err } = await (await cliOn(cluster))('cluster connect solo --yes');
    expect([code, mapRoles(cluster)]).toEqual([0, NODES + OURS]);
    expect(err).toContain('you lack eks:CreateAccessEntry on cluster main: trying aws-auth');
    expect(out).toMatch(/by aws-auth/);
  });

  it('names both missing rights where neither way is allowed', async () => {
    const cluster = pretendCluster('API_AND_CONFIG_MAP', NODES);
    cluster.mayNot.add('DescribeAccessEntry').add('update');
    const { code, err } = await (await cliOn(cluster))('cluster connect solo --yes');
    expect(code).toBe(2);
    expect(err).toMatch(
      /^error: neither way is open to you: you lack eks:DescribeAccessEntry .*; and .* may not update configmap aws-auth/m,
    );
  });

  it('has no other way where the mode is API', async () => {
    const cluster = pretendCluster('API', NODES);
    cluster.mayNot.add('CreateAccessEntry');
    const { code, err } = await (await cliOn(cluster))('cluster connect solo --yes');
    expect([code, mapRoles(cluster)]).toEqual([2, NODES]);
    expect(err).toMatch(/^error: you lack eks:CreateAccessEntry on cluster main$/m);
  });
});

describe('cluster connect without a word of EKS', () => {
  it('says which right is missing, or that --kubeconfig-only goes without', async () => {
    const cluster = pretendCluster('CONFIG_MAP', NODES);
    cluster.described = { seen: 'nothing', because: 'EKS does not let you describe cluster solo' };
    const run = await cliOn(cluster);
    const { code, err } = await run('cluster connect solo --yes');
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/^error: .*allow eks:DescribeCluster on .*--kubeconfig-only$/m),
    ]);
    expect((await run('cluster connect solo --yes --kubeconfig-only')).code).toBe(0);
    expect(mapRoles(cluster)).toBe(NODES + OURS);
  });

  it('writes the aws-auth of a cluster that is registered with its endpoint', async () => {
    const cluster = pretendCluster('CONFIG_MAP', NODES);
    cluster.described = { seen: 'not-found', because: 'EKS knows no cluster solo' };
    const run = await cliOn(cluster, { endpoint: 'https://127.0.0.1:6443', ca: 'YQ==' });
    expect((await run('cluster connect solo --yes')).code).toBe(0);
    expect(mapRoles(cluster)).toBe(NODES + OURS);
  });

  it('makes no aws-auth where none is', async () => {
    const cluster = pretendCluster();
    const { code, err } = await (await cliOn(cluster))('cluster connect solo --yes --kubeconfig-only');
    expect([code, cluster.configMap]).toEqual([2, undefined]);
    expect(err).toMatch(/^error: the cluster has no ConfigMap kube-system\/aws-auth/m);
  });

  it('ends 2 in a mode that allows neither way', async () => {
    const { code, err } = await (await cliOn(pretendCluster('NEITHER')))('cluster connect solo --yes');
    expect([code, err]).toEqual([2, expect.stringMatching(/^error: cluster solo has authentication mode 'NEITHER'/m)]);
  });
});

describe('cluster connect reaches the cluster', () => {
  it('with the kubeconfig, context and AWS profile that were given', async () => {
    const cluster = pretendCluster('API');
    await (await cliOn(cluster))('cluster connect solo --yes --kubeconfig k --context c --cluster-profile p');
    expect(cluster.reached).toEqual([
      {
        cluster: { name: 'solo', account: '123456789012', region: 'eu-north-1' },
        kubeconfig: 'k',
        context: 'c',
        clusterProfile: 'p',
      },
    ]);
  });

  it('and grants namespaces with the environment’s suffix, each once, and the platform account after a yes', async () => {
    const cluster = pretendCluster('API');
    const asked: string[] = [];
    const ask = async (question: string) => asked.push(question) > 0;
    const run = await cliOn(cluster);
    const line = 'cluster connect solo --namespace web --namespace web --namespace api --platform';
    expect((await run(line, { ask })).code).toBe(0);
    expect([...cluster.grants]).toEqual([
      ['web-solo', undefined],
      ['api-solo', undefined],
      ['fairlead-system', { profile: 'platform' }],
    ]);
    expect(asked.at(-1)).toMatch(/equals cluster-admin/);
  });

  it('only for environments that are registered', async () => {
    const { code, err } = await (await cliOn(pretendCluster()))('cluster connect nowhere');
    expect([code, err]).toEqual([2, expect.stringContaining('nowhere is not registered')]);
  });
});

describe('an access entry that changes while the question waits', () => {
  it.each([
    ['is not deleted when it has become somebody else’s', 'disconnect', entry(), entry({ tags: {} })],
    [
      'is not changed when it has become somebody else’s',
      'connect',
      entry({ groups: ['old'] }),
      entry({ groups: ['theirs'], tags: {} }),
    ],
  ])('%s', async (_what, command, before, meanwhile) => {
    const cluster = pretendCluster('API');
    cluster.entries.set(ROLE, before);
    const ask = async () => {
      cluster.entries.set(ROLE, meanwhile);
      return true;
    };
    const { code, err } = await (await cliOn(cluster))(`cluster ${command} solo`, { ask });
    expect([code, cluster.entries.get(ROLE)]).toEqual([2, meanwhile]);
    expect(err).toContain('an access entry of somebody else');
  });
});
