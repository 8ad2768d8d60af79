import { describe, expect, test } from 'vitest';
import type { Configured } from '../../../cli/doctor/ports.ts';
import { problem } from '../../../contracts/api/problem.ts';
import { ACCOUNT, OPERATOR, READER, SOURCE } from '../../lambdas/answer-request/support.ts';
import { jobWith, key, MAIN, OF_SHOP, testDoctor, tokenOf, trusting } from './support.ts';

const as = (arn: string) => async () => ({ known: true, account: ACCOUNT, arn }) as const;
const CONFIGURED: Configured = {
  file: 'fairlead.yaml',
  name: 'fairlead',
  account: ACCOUNT,
  prefix: '/helm/',
  labelOrder: ['ring'],
  sources: [{ name: 'shop', packages: ['webui'], trust: trusting(OF_SHOP) }],
};

describe('a healthy installation', () => {
  test('is all ok, exit 0, one screen with the sum', async () => {
    const { code, out, err } = await (await testDoctor()).examine('');
    expect(code, out).toBe(0);
    expect(out).toMatch(/\n\d+ ok, 0 warnings, 0 failed$/);
    expect(out).toContain('caller\n  ✓ ok    identity');
    expect(out).toMatch(/environment dev, prod-eu, prod-us, staging\n {2}✓ ok +cluster +network\n/);
    expect(out.split('\n').length).toBeLessThan(40);
    expect(out).toMatch(/package webui +chart, rights to Deployment, Service\n/);
    expect(err).toContain('fairlead: https://abc.execute-api.eu-north-1.amazonaws.com/v1 (--endpoint)');
  });

  test('of few environments tells everything that is well', async () => {
    const { out } = await (await testDoctor()).examine('--environment prod-eu');
    expect(out).toMatch(/environment prod-eu\n {2}✓ ok +network +reached in 7 ms\n/);
    expect(out).toMatch(/rbac webui +may make Deployment, Service\n/);
  });

  test('says of an environment once what holds for all of its packages', async () => {
    const { findings } = await (await testDoctor()).examine('--json --environment dev');
    const dev = findings.filter(({ of }) => of === 'dev').map(({ check, package: pkg }) => [check, pkg].join(' '));
    expect(dev.filter((one) => one.startsWith('network'))).toEqual(['network ']);
    expect(dev.filter((one) => one.startsWith('chart'))).toEqual(['chart webui', 'chart worker']);
  });

  test('of which some was named is looked at there only', async () => {
    const { findings } = await (await testDoctor()).examine('--json --package webui --environment prod-eu');
    expect(new Set(findings.map(({ of }) => of))).toEqual(new Set([undefined, 'webui', 'prod-eu']));
  });

  test('of which a package was named is looked at where that goes, at the version that was named', async () => {
    const doctor = await testDoctor();
    const stages = [{ name: 'all', targets: [{ ring: 'prod' }], soakMinutes: 0, maxParallel: 1, failureBudget: 0 }];
    const configured = async () => ({ ...CONFIGURED, promotionOrder: stages });
    const { findings, about } = await doctor.examine('--json --package webui --version 1.4.2', { configured });
    const places = findings.filter(({ area }) => area === 'environment').map(({ of }) => of);
    expect(new Set(places)).toEqual(new Set(['prod-eu', 'prod-us']));
    expect(about('environment', 'chart', 'prod-eu')).toBe('ok: chart of webui 1.4.2');
    // Who names both is told of both.
    const both = await doctor.examine('--json --package webui --environment dev', { configured });
    expect(both.about('environment', 'chart', 'dev')).toBe('ok: chart of webui newest');
  });

  test('changes nothing by being looked at', async () => {
    const doctor = await testDoctor();
    const before = JSON.stringify(await doctor.cli.api.table.rolloutsOf('webui', { limit: 5 }));
    await doctor.examine('');
    expect(JSON.stringify(await doctor.cli.api.table.rolloutsOf('webui', { limit: 5 }))).toBe(before);
  });
});

describe('what is wrong is a line that fails, with its fix, and exit 1', () => {
  test.each<[string, string, RegExp, Parameters<Awaited<ReturnType<typeof testDoctor>>['examine']>[1]]>([
    [
      'caller',
      'identity',
      /^fail: no credentials → sign in/,
      { whoAmI: async () => ({ known: false, code: 'missing', because: 'no credentials' }) },
    ],
    [
      'caller',
      'identity',
      /^fail: expired → the session has ended/,
      { whoAmI: async () => ({ known: false, code: 'refused', because: 'expired' }) },
    ],
    [
      'caller',
      'identity',
      /^fail: arn:aws:iam::1:user\/ada is none of an installation's roles → assume/,
      { whoAmI: async () => ({ known: true, account: '1', arn: 'arn:aws:iam::1:user/ada' }) },
    ],
    [
      'endpoint',
      'network',
      /^fail: .*its name is not known: ENOTFOUND.* → compare the endpoint/,
      { reach: async () => ({ as: 'dns', because: 'ENOTFOUND' }) },
    ],
    [
      'endpoint',
      'network',
      /^fail: .*nothing answers there: ECONNREFUSED.* → compare host and port/,
      { reach: async () => ({ as: 'tcp', because: 'ECONNREFUSED' }) },
    ],
    [
      'endpoint',
      'network',
      /^fail: .*certificate is not trusted.* → .*NODE_EXTRA_CA_CERTS/,
      { reach: async () => ({ as: 'tls', because: 'self-signed' }) },
    ],
    [
      'endpoint',
      'network',
      /^fail: .*does not answer in time.* → check proxy/,
      { reach: async () => ({ as: 'timeout', because: '10 s' }) },
    ],
    [
      'endpoint',
      'api',
      /^fail: API Gateway knows no such stage.* → end the endpoint with its stage/,
      { reach: async () => ({ as: 'answer', status: 403, headers: {}, body: { message: 'Forbidden' } }) },
    ],
    [
      'endpoint',
      'api',
      /^fail: this is no Fairlead API: it answered 200.* → give the endpoint/,
      { reach: async () => ({ as: 'answer', status: 200, headers: {}, body: '<html>' }) },
    ],
    [
      'endpoint',
      'region',
      /^fail: .*signed for eu-west-1, and the endpoint is in eu-north-1.* → give --region eu-north-1/,
      { region: 'eu-west-1' },
    ],
    [
      'caller',
      'clock',
      /^fail: this clock is 600 s behind theirs.* → .*timedatectl/,
      {
        reach: async () => ({
          as: 'answer',
          status: 403,
          headers: { date: 'Sat, 21 Nov 2026 10:10:00 GMT' },
          body: problem('unauthenticated', 'x'),
        }),
      },
    ],
    [
      'package',
      'values',
      /^fail: webui-service-helm-values version 4 is not YAML at line 2, column 3 → fairlead values get webui >/,
      {
        layers: async () => ({
          read: true,
          layers: [
            {
              name: 'webui-service-helm-values',
              version: 4,
              broken: 'webui-service-helm-values version 4 is not YAML at line 2, column 3',
            },
          ],
        }),
      },
    ],
    [
      'package',
      'values',
      /--label ring=prod > layer.yaml/,
      {
        layers: async () => ({
          read: true,
          layers: [{ name: 'webui-service-helm-values.label.ring.prod', version: 1, broken: 'broken' }],
        }),
      },
    ],
    [
      'package',
      'values',
      /^fail: AccessDenied → check the role's right/,
      { layers: async () => ({ read: false, code: 'refused', because: 'AccessDenied' }) },
    ],
    [
      'functions',
      'health',
      /^fail: decide-next is Failed, its last update Successful: no such role → npx cdk deploy/,
      {
        functions: async () => ({
          read: true,
          functions: [{ name: 'decide-next', state: 'Failed', lastUpdate: 'Successful', because: 'no such role' }],
        }),
      },
    ],
    [
      'functions',
      'health',
      /^fail: boom/,
      {
        functions: async () => {
          throw new Error('boom');
        },
      },
    ],
    [
      'package',
      'stages',
      /^fail: no environment matches its stages \(all\) → compare the labels/,
      {
        configured: async () => ({
          ...CONFIGURED,
          promotionOrder: [
            { name: 'all', targets: [{ ring: 'none' }], soakMinutes: 0, maxParallel: 1, failureBudget: 0 },
          ],
        }),
      },
    ],
  ])('%s: %s as %s', async (area, check, expected, changes) => {
    const { code, about, findings } = await (await testDoctor()).examine('--json --package webui', changes);
    expect(about(area, check)).toMatch(expected);
    expect(code).toBe(1);
    expect(findings.filter(({ state }) => state === 'fail').every(({ fix }) => fix !== undefined)).toBe(true);
  });

  test('a package that is not registered', async () => {
    const { code, about } = await (await testDoctor()).examine('--json --package nothing');
    expect(about('package', 'registry', 'nothing')).toMatch(
      /^fail: package nothing is not registered → an operator registers it/,
    );
    expect(code).toBe(1);
  });

  test('an environment that is not registered', async () => {
    const doctor = await testDoctor();
    const client = {
      call: async () => ({ status: 404, headers: {}, body: problem('not-found', 'there is no environment mars') }),
    };
    const { call } = doctor.clientAs(OPERATOR);
    const both = {
      call: async (request: Parameters<typeof call>[0]) =>
        request.path.includes('mars') ? await client.call() : await call(request),
    };
    const { about } = await doctor.examine('--json --environment mars', { client: both });
    expect(about('environment', 'registry', 'mars')).toMatch(
      /^fail: .*no environment mars → fairlead environment list/,
    );
  });

  test('nothing beyond is asked when the API does not answer', async () => {
    const { findings } = await (await testDoctor()).examine('--json', {
      reach: async () => ({ as: 'tcp', because: 'refused' }),
    });
    expect(new Set(findings.map(({ area }) => area))).toEqual(new Set(['caller', 'endpoint']));
  });

  test('one that hangs ends, and is a line of its own', async () => {
    const doctor = await testDoctor();
    const interrupted = doctor.cli.interrupt;
    const running = doctor.examine('--json', { functions: async () => await new Promise(() => {}) });
    setTimeout(() => interrupted.abort(), 50);
    expect((await running).code).toBe(130);
  });
});

describe('a warning does not fail', () => {
  test.each<[string, string, RegExp, object]>([
    [
      'caller',
      'clock',
      /^warn: this clock is 60 s behind theirs/,
      {
        reach: async () => ({
          as: 'answer',
          status: 403,
          headers: { date: 'Sat, 21 Nov 2026 10:01:00 GMT' },
          body: problem('unauthenticated', 'x'),
        }),
      },
    ],
    [
      'caller',
      'identity',
      /^warn: no way → check the way to STS/,
      { whoAmI: async () => ({ known: false, code: 'unreachable', because: 'no way' }) },
    ],
    [
      'functions',
      'health',
      /^skipped: functions are not for this role to see: AccessDenied/,
      { functions: async () => ({ read: false, because: 'AccessDenied' }), configured: async () => CONFIGURED },
    ],
    [
      'functions',
      'health',
      /^warn: f is Pending/,
      {
        functions: async () => ({ read: true, functions: [{ name: 'f', state: 'Pending', lastUpdate: 'InProgress' }] }),
      },
    ],
  ])('%s: %s as %s', async (area, check, expected, changes) => {
    const { code, about } = await (await testDoctor()).examine('--json --package webui', changes);
    expect(about(area, check)).toMatch(expected);
    expect(code).toBe(0);
  });
});

describe('who calls decides what is expected', () => {
  test('a reader may read; that starting is not for readers is no fault', async () => {
    const doctor = await testDoctor();
    const { code, about } = await doctor.examine('--json --package webui', {
      whoAmI: as(READER),
      client: doctor.clientAs(READER),
    });
    expect(about('package', 'start')).toMatch(/^skipped: fairlead-reader may not start rollouts/);
    expect(code).toBe(0);
  });

  test('a source is looked at with its own packages, and sees no environments', async () => {
    const doctor = await testDoctor();
    const own = { whoAmI: as(SOURCE), client: doctor.clientAs(SOURCE), configured: async () => CONFIGURED };
    const { code, about, findings } = await doctor.examine('--json', {
      ...own,
      layers: async () => ({ read: false, code: 'refused', because: 'x' }),
    });
    expect(about('package', 'start', 'webui')).toBe('ok: fairlead-source-shop may start rollouts');
    expect(about('package', 'abort', 'webui')).toBe('ok: fairlead-source-shop may abort rollouts');
    expect(about('environment', 'registry')).toMatch(/^skipped: environments are not for fairlead-source-shop/);
    expect(findings.some(({ of }) => of === 'worker')).toBe(false);
    expect(code).toBe(0);
  });

  test('a foreign package is refused by API Gateway, and the line says where to add it', async () => {
    const doctor = await testDoctor();
    const refusing = {
      call: async () => ({
        status: 403,
        headers: {},
        body: problem('forbidden', 'this identity may not make this call'),
      }),
    };
    const { code, about } = await doctor.examine('--json --package billing', { whoAmI: as(SOURCE), client: refusing });
    expect(about('package', 'start', 'billing')).toMatch(
      /^fail: API Gateway refuses it, before Fairlead is asked: this identity .* → add 'billing' to packages of source 'shop'/,
    );
    expect(code).toBe(1);
  });

  test('a package whose entry does not list the repository is refused by Fairlead itself', async () => {
    const doctor = await testDoctor();
    await doctor.cli.run('package put webui --namespace webui --repository acme/other');
    const { about } = await doctor.examine('--json --package webui', {
      whoAmI: as(SOURCE),
      client: doctor.clientAs(SOURCE),
    });
    expect(about('package', 'abort', 'webui')).toMatch(
      /^fail: Fairlead refuses it: .*acme\/shop.* → add its repository to the package's entry/,
    );
    expect(about('package', 'start', 'webui')).toMatch(/^fail: Fairlead refuses it/);
  });

  test('without a package a source is told to name one', async () => {
    const doctor = await testDoctor();
    const { about } = await doctor.examine('--json', { whoAmI: as(SOURCE), client: doctor.clientAs(SOURCE) });
    expect(about('package', 'registry')).toMatch(/^warn: no package is named.* → give --package/);
  });
});

describe("whom the role trusts, by GitHub's token", () => {
  const inWorkflow = async (claims: object, more: object = {}) => {
    const doctor = await testDoctor();
    const summary: string[] = [];
    const own = { whoAmI: as(SOURCE), client: doctor.clientAs(SOURCE), workflow: jobWith(claims, summary) };
    return { ...(await doctor.examine('--json --package webui', { ...own, ...more })), summary };
  };

  test('is read of the role and judged', async () => {
    const { about, code } = await inWorkflow(MAIN);
    expect(about('trust', 'role')).toBe(
      `ok: arn:aws:iam::${ACCOUNT}:role/fairlead-source-shop lets it in: Refs allows it`,
    );
    expect(code).toBe(0);
  });

  test('says which statement, which condition, what was seen and what was expected', async () => {
    const { about, code } = await inWorkflow({ ...MAIN, sub: 'repo:acme/shop:ref:refs/heads/topic' });
    expect(about('trust', 'role')).toMatch(
      /keeps it out: Refs: the job runs as 'ref:refs\/heads\/topic', and the role is for 'ref:refs\/heads\/main'.*StringEquals asks for 'repo:acme\/shop:ref:refs\/heads\/main'.* → .*add 'refs\/heads\/topic'/,
    );
    expect(code).toBe(1);
  });

  test('comes from fairlead.yaml when IAM may not be asked', async () => {
    const trustOf = async () => ({ read: false, code: 'refused', because: 'AccessDenied' }) as const;
    const { about } = await inWorkflow(MAIN, { trustOf, configured: async () => CONFIGURED });
    expect(about('trust', 'role')).toBe('ok: source shop as fairlead.yaml has it lets it in: Refs allows it');
  });

  test('when nobody may see it, the claims are told with the command that an operator runs', async () => {
    const trustOf = async () => ({ read: false, code: 'refused', because: 'AccessDenied' }) as const;
    const { about, code } = await inWorkflow(MAIN, { trustOf });
    expect(about('trust', 'role')).toMatch(
      /^warn: .*AccessDenied → an operator runs: echo '\{"aud":"sts.amazonaws.com","sub":"repo:acme\/shop.*' \| fairlead doctor --role arn:aws:iam::\d+:role\/fairlead-source-shop --claims -$/,
    );
    expect(code).toBe(0);
  });

  test("a role that the caller's own account does not have fails, whatever fairlead.yaml says of its source", async () => {
    const trustOf = async () => ({ read: false, code: 'missing', because: 'NoSuchEntity' }) as const;
    const configured = async () => CONFIGURED;
    const { about, code } = await inWorkflow(MAIN, { trustOf, configured });
    expect(about('trust', 'role')).toBe(
      `fail: there is no role arn:aws:iam::${ACCOUNT}:role/fairlead-source-shop → deploy (npx cdk deploy), or name a source that fairlead.yaml has`,
    );
    expect(code).toBe(1);
  });

  test('a role of another account cannot be told to be missing', async () => {
    const doctor = await testDoctor();
    doctor.cli.files.set('c', JSON.stringify(MAIN));
    const trustOf = async () => ({ read: false, code: 'missing', because: 'NoSuchEntity' }) as const;
    const line = '--json --claims c --role arn:aws:iam::999999999999:role/fairlead-source-shop';
    expect((await doctor.examine(line, { trustOf })).about('trust', 'role')).toMatch(/^warn: .*NoSuchEntity/);
  });

  test('a condition that is not understood is a warning, never ok', async () => {
    const policy = trusting({ ...OF_SHOP, IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } });
    const { about } = await inWorkflow(MAIN, { trustOf: async () => ({ read: true, policy }) });
    expect(about('trust', 'role')).toMatch(
      /^warn: whether .* cannot be told: Refs cannot be judged: what AWS sees as aws:SourceIp/,
    );
  });

  test('a job without the permission is told what to add, and fails only when nobody is signed in', async () => {
    const workflow = {
      token: async () => ({ given: false, code: 'no-permission', because: "'id-token: write' is missing" }) as const,
    };
    const signed = await inWorkflow(MAIN, { workflow });
    expect(signed.about('trust', 'token')).toMatch(/^warn: .* → add to the job.*id-token: write/);
    const whoAmI = async () => ({ known: false, code: 'missing', because: 'none' }) as const;
    expect((await inWorkflow(MAIN, { workflow, whoAmI })).about('trust', 'token')).toMatch(/^fail: /);
  });

  test('prints no token anywhere, also in the summary', async () => {
    const token = tokenOf(MAIN);
    const { out, err, summary } = await inWorkflow(MAIN);
    expect(summary.join()).toContain('## Fairlead doctor');
    for (const part of [token, ...token.split('.')]) expect(`${out}${err}${summary.join()}`).not.toContain(part);
  });

  test('the summary is a table in which words from outside stay words', async () => {
    const { summary } = await inWorkflow({ ...MAIN, sub: 'repo:acme/<img src=x>|`a`:ref:refs/heads/[x](y)' });
    expect(summary.join()).toContain('| caller | identity | ✅ ok |');
    expect(summary.join()).not.toMatch(/<img|\|`a`|\[x\]\(y\)/);
  });

  test('outside of a workflow claims come from a file, for a role or a source', async () => {
    const doctor = await testDoctor();
    doctor.cli.files.set('claims.json', JSON.stringify({ ...MAIN, sub: 'repo:acme/shop@1/shop@2:pull_request' }));
    const asked: string[] = [];
    const trustOf = async (role: string) => {
      asked.push(role);
      return { read: true, policy: trusting({ StringEquals: { [key('sub')]: MAIN.sub } }) } as const;
    };
    const { about } = await doctor.examine('--json --source shop --claims claims.json', { trustOf });
    expect(asked).toEqual([`arn:aws:iam::${ACCOUNT}:role/fairlead-source-shop`]);
    expect(about('trust', 'role')).toMatch(/^fail: /);
  });

  test.each([
    ['--role nonsense --claims c', /--role 'nonsense' is no ARN/],
    ['--role arn:aws:iam::123456789012:role/x --source y --claims c', /name different roles/],
    ['--source shop', /need a token to judge: give --claims FILE/],
    ['--claims missing.json', /--claims 'missing.json' cannot be read/],
    ['--package Shop', /'Shop' is no package/],
    ['--version 1.0.0', /--version is of one package/],
    ['--package webui --version latest', /'latest' is no chart version/],
  ])('%s is a wrong invocation', async (line, words) => {
    const { code, err } = await (await testDoctor()).examine(line);
    expect([code, err]).toEqual([6, expect.stringMatching(words)]);
  });

  test('claims that are none are told without being repeated', async () => {
    const doctor = await testDoctor();
    doctor.cli.files.set('c', 'hunter2');
    const { about, out } = await doctor.examine('--json --claims c');
    expect(about('trust', 'token')).toMatch(/^fail: what should be claims is neither a JSON object/);
    expect(out).not.toContain('hunter2');
  });
});
