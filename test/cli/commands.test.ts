import { describe, expect, it } from 'vitest';
import type { Ports } from '../../cli/ports.ts';
import { NotDone } from '../../contracts/not-done.ts';
import { testCli } from './support.ts';

describe('the destination', () => {
  it('is printed first, on stderr, with the reason why it is that one', async () => {
    const cli = await testCli();
    expect((await cli.run('package list')).err).toBe('fairlead: http://127.0.0.1:4566/v1 (the running local stack)');
    expect((await cli.run('package list --endpoint https://api.example/v1')).err).toBe(
      'fairlead: https://api.example/v1 (--endpoint)',
    );
  });
});

describe('packages', () => {
  it('are put by flags, by a file, or by a file whose fields flags override', async () => {
    const cli = await testCli();
    cli.files.set('p.yaml', 'namespace: from-file\ntimeoutMinutes: 7\nrepositories: [acme/shop]\n');
    expect((await cli.run('package put one --namespace one')).out).toBe(
      'package one: chart oci://registry.example/charts/one, release one in namespace one',
    );
    const { out } = await cli.run('package put two -f p.yaml --namespace two --json');
    expect(JSON.parse(out)).toMatchObject({
      name: 'two',
      namespace: 'two',
      timeoutMinutes: 7,
      repositories: ['acme/shop'],
    });
  });

  it('name the account that helm acts as', async () => {
    const cli = await testCli();
    const team = await cli.run('package put team --namespace web --team web-team --json');
    expect(JSON.parse(team.out)).toMatchObject({ team: 'web-team' });
    const platform = await cli.run('package put operators --namespace ops --platform --json');
    expect(JSON.parse(platform.out)).toMatchObject({ profile: 'platform' });
    for (const flags of ['--team Web', '--team web --platform']) {
      expect((await cli.run(`package put no --namespace web ${flags}`)).code).toBe(6);
    }
  });

  it('are forgotten when they run nowhere', async () => {
    const cli = await testCli();
    await cli.run('package put one --namespace one');
    expect(await cli.run('package delete one')).toMatchObject({
      code: 0,
      out: 'package one is forgotten; nothing in any cluster has changed',
    });
    expect((await cli.run('package get one')).code).toBe(2);
    await cli.run('rollout webui --version 1.0.0 --no-wait');
    const { code, err } = await cli.run('package delete webui');
    expect([code, err]).toEqual([2, expect.stringContaining('webui')]);
  });

  it('are listed and shown', async () => {
    const cli = await testCli();
    expect((await cli.run('package list')).out.split('\n').map((line) => line.split(/ +/)[0])).toEqual([
      'package',
      'webui',
      'worker',
    ]);
    expect((await cli.run('package get webui')).out).toContain('namespace: webui');
    expect(JSON.parse((await cli.run('package list --json')).out)).toMatchObject([
      { name: 'webui' },
      { name: 'worker' },
    ]);
  });

  it('are pushed to their own place, and tell version and digest', async () => {
    const cli = await testCli();
    const { code, out } = await cli.run('package push webui ./chart');
    expect([code, out]).toEqual([0, 'webui 0.1.0 sha256:abc (oci://registry.example/charts/webui)']);
    expect(cli.pushed[0]?.slice(0, 2)).toEqual(['./chart', 'oci://registry.example/charts/webui']);
    expect(JSON.parse((await cli.run('package push webui ./chart --json')).out)).toMatchObject({
      version: '0.1.0',
      digest: 'sha256:abc',
    });
  });

  it('that are not registered are not pushed', async () => {
    const cli = await testCli();
    expect([(await cli.run('package push nobody ./chart')).code, cli.pushed]).toEqual([2, []]);
  });
});

describe('environments', () => {
  it('are put from a file, listed and shown', async () => {
    const cli = await testCli();
    cli.files.set('e.yaml', 'cluster: { name: main }\nlabels: { ring: late }\nnamespaceSuffix: late\n');
    expect((await cli.run('environment put late -f e.yaml')).out).toBe(
      'environment late: cluster main, labels ring=late',
    );
    expect((await cli.run('environment get late')).out).toContain('namespace suffix: late');
    expect(JSON.parse((await cli.run('environment list --json')).out)).toHaveLength(5);
  });

  it('tell that nothing runs yet, and what would change that', async () => {
    expect((await (await testCli()).run('status')).out).toMatch(
      /nothing runs yet in 4 environments: 'fairlead rollout/,
    );
  });
});

describe('layers of values', () => {
  it.each([
    ['', 'webui-service-helm-values'],
    ['--label ring=canary', 'webui-service-helm-values.label.ring.canary'],
    ['--environment dev', 'webui-service-helm-values.environment.dev'],
    ['--environment dev --prefix /fairlead/', '/fairlead/webui-service-helm-values.environment.dev'],
  ])('with %j are parameter %s, as written', async (flags, name) => {
    const cli = await testCli();
    cli.files.set('v.yaml', '# why\nreplicas: 2\n');
    expect((await cli.run(`values put webui ${flags} -f v.yaml`)).out).toBe(`${name} version 1\n  18 of 4096 bytes`);
    expect((await cli.layers.get(name))?.value).toBe('# why\nreplicas: 2\n');
    expect((await cli.run(`values get webui ${flags}`)).out).toBe(`# ${name} version 1\n# why\nreplicas: 2`);
  });

  it.each(['put webui -f v.yaml', 'get webui'])('say first where %s goes', async (words) => {
    const cli = await testCli();
    cli.files.set('v.yaml', 'a: 1');
    const { err } = await cli.run(`values ${words} --endpoint https://api.example/v1`);
    expect(err.split('\n')[0]).toBe('fairlead: https://api.example/v1 (--endpoint)');
  });

  it('that are not there say how to write them', async () => {
    const { code, err } = await (await testCli()).run('values get webui');
    expect([code, err]).toEqual([2, expect.stringContaining("write it with 'fairlead values put'")]);
  });
});

describe('cluster grant', () => {
  it('joins the environment’s suffix to the namespace, in every environment or in one', async () => {
    const cli = await testCli();
    expect((await cli.run('cluster grant --all --namespace web')).code).toBe(0);
    expect(cli.granted.toSorted()).toEqual([
      'main/web-dev',
      'main/web-prod-eu',
      'main/web-prod-us',
      'main/web-staging',
    ]);
    const one = await cli.run('cluster grant --environment dev --namespace web --json');
    expect(JSON.parse(one.out)).toEqual([
      { chart: 'installed', environment: 'dev', cluster: 'main', namespace: 'web-dev' },
    ]);
  });
});

describe('a cluster grant for others to act as', () => {
  const asked = async (words: string) => {
    const grants: unknown[] = [];
    const grantAccess: Ports['grantAccess'] = async () => async (grant) => {
      grants.push(grant);
      return { chart: 'installed' };
    };
    const { code, err } = await (await testCli()).run(`cluster grant ${words}`, { grantAccess });
    return { code, err, grants };
  };

  it.each([
    ['--namespace web --team a --team b', { namespace: 'web-dev', values: { teams: ['a', 'b'], teamsOnly: false } }],
    ['--namespace web --team a --teams-only', { namespace: 'web-dev', values: { teams: ['a'], teamsOnly: true } }],
    ['--platform', { namespace: 'fairlead-system', values: { profile: 'platform' } }],
  ])('%s asks for just that', async (words, grant) => {
    expect(await asked(`--environment dev ${words}`)).toMatchObject({ code: 0, grants: [grant] });
  });

  it('of the platform is one for each cluster, whatever the suffixes', async () => {
    expect((await asked('--all --platform')).grants).toHaveLength(1);
  });

  it('without a team leaves what was granted before', async () => {
    expect((await asked('--environment dev --namespace web')).grants).toEqual([
      expect.not.objectContaining({ values: expect.anything() }),
    ]);
  });

  it.each([
    ['--platform --namespace web', /--platform goes alone/],
    ['--platform --team a', /--platform goes alone/],
    ['--namespace web --teams-only', /lets nobody deploy/],
    ['--namespace web --team *', /'\*' names no service account/],
    ['--team a', /--namespace is missing/],
  ])('%s is refused', async (words, why) => {
    const { code, err, grants } = await asked(`--environment dev ${words}`);
    expect([code, err, grants]).toEqual([6, expect.stringMatching(why), []]);
  });
});

describe('a cluster grant that does not come off', () => {
  const failingIn =
    (...namespaces: readonly string[]): Ports['grantAccess'] =>
    async () =>
    async ({ cluster, namespace }) => {
      if (namespaces.includes(namespace)) throw new NotDone(`no way into ${cluster}`);
      return { chart: 'installed' };
    };

  it('keeps none of the others from being granted; all are told, and it ends 2', async () => {
    const cli = await testCli();
    const grantAccess = failingIn('web-staging', 'web-dev');
    const { code, out, err } = await cli.run('cluster grant --all --namespace web --json', { grantAccess });
    expect(code).toBe(2);
    expect(
      JSON.parse(out)
        .map(({ environment }: { environment: string }) => environment)
        .toSorted(),
    ).toEqual(['prod-eu', 'prod-us']);
    expect(err).toMatch(/granted web-prod-eu in main \(prod-eu\)/);
    expect(err).toMatch(/^error: 2 of 4 environments were granted: no way into main$/m);
  });

  it('of one environment is told in its own words', async () => {
    const ports = { grantAccess: failingIn('web-dev') };
    const { code, out, err } = await (await testCli()).run('cluster grant --environment dev --namespace web', ports);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^error: no way into main$/m);
  });
});

it('environments that share a cluster and a namespace share one grant, with its account and region', async () => {
  const cli = await testCli();
  // With a package registered, the API refuses such environments.
  for (const name of ['webui', 'worker']) await cli.api.call('DELETE', `/packages/${name}`);
  for (const name of ['one', 'two']) {
    cli.files.set('e.yaml', "cluster: { name: far, account: '210987654321', region: us-east-1 }");
    await cli.run(`environment put ${name} -f e.yaml`);
  }
  const asked: unknown[] = [];
  const grantAccess: Ports['grantAccess'] = async () => async (grant) => {
    asked.push(grant);
    return { chart: 'upgraded' };
  };
  const { out } = await cli.run('cluster grant --all --namespace web --json', { grantAccess });
  const far = asked.filter((grant) => (grant as { cluster: string }).cluster === 'far');
  expect(far).toEqual([{ cluster: 'far', account: '210987654321', region: 'us-east-1', namespace: 'web' }]);
  expect(JSON.parse(out)).toHaveLength(6);
});

describe('the local stack', () => {
  it('is asked for with its flags, and its answer is the exit code', async () => {
    const asked: unknown[] = [];
    const stack = {
      up: async (flags: unknown) => {
        asked.push(flags);
        return 5;
      },
      down: async () => ({ outcome: 'stopped', because: 'asked' }),
      env: async () => ({ AWS_REGION: "it's", KUBECONFIG: '/tmp/k', FAIRLEAD_HELM: '/tools/helm' }),
    };
    const cli = await testCli();
    expect((await cli.run('up --detach --empty --clusters 2', { stack })).code).toBe(5);
    expect(asked).toEqual([{ detach: true, empty: true, clusters: 2, json: false, folder: undefined }]);
    expect((await cli.run('down', { stack })).out).toBe('stopped: asked');
    expect((await cli.run('env --shell', { stack })).out).toBe(
      "export AWS_REGION='it'\\''s'\nexport KUBECONFIG='/tmp/k'\nexport FAIRLEAD_HELM='/tools/helm'\nexport PATH=\"$PATH\":'/tools'",
    );
    expect(JSON.parse((await cli.run('env --json', { stack })).out)).toEqual({
      AWS_REGION: "it's",
      KUBECONFIG: '/tmp/k',
      FAIRLEAD_HELM: '/tools/helm',
    });
  });

  it('that does not run is said, with the way to start one', async () => {
    const { code, err } = await (await testCli()).run('env');
    expect([code, err]).toEqual([5, expect.stringContaining("'fairlead up --detach'")]);
  });
});
