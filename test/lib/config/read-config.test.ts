import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { configSchema } from '../../../bin/generate/config-schema.ts';
import { ConfigRefused, parseConfig, readConfig } from '../../../lib/config/read-config.ts';

const ROOT = join(import.meta.dirname, '../../..');
const GOOD = "account: '123456789012'\nregion: eu-north-1\n";
const SOURCE = '  - name: webui\n    repository: acme/webui\n    refs: [refs/heads/main]\n    packages: [webui]\n';
const long = 'a'.repeat(40);

describe('fairlead.yaml', () => {
  test('needs only an account and a region', () => {
    expect(parseConfig('fairlead.yaml', GOOD)).toMatchObject({ name: 'fairlead', oidcProvider: 'import', sources: [] });
  });

  test('as the example has it is accepted', () => {
    expect(readConfig(join(ROOT, 'fairlead.example.yaml')).sources.map(({ name }) => name)).toEqual([
      'webui',
      'worker',
    ]);
  });

  test('has a published JSON Schema that is not stale (npm run generate)', () => {
    for (const { path, content } of configSchema()) expect(readFileSync(join(ROOT, path), 'utf8')).toBe(content);
  });

  test.each<readonly [string, string, RegExp]>([
    ['not YAML', 'a: [', /^fairlead\.yaml is not YAML: .*line 1/s],
    ['empty', '', /the whole file: .*expected object/],
    ['no account', 'region: eu-north-1', /account: .*string/],
    [
      'an account that YAML takes for a number',
      'account: 123456789012\nregion: eu-north-1',
      /account: .*it is 123456789012/,
    ],
    ['a short account', "account: '12'\nregion: eu-north-1", /account: an AWS account id has 12 digits \(it is "12"\)/],
    ['an unknown field', `${GOOD}acount: 1`, /"acount"/],
    ['a bad name', `${GOOD}name: Fair_Lead`, /name: 'Fair_Lead' is not a name: use 1 to 40/],
    ['a bad region', "account: '123456789012'\nregion: mars", /region: a region such as eu-north-1 \(it is "mars"\)/],
    ...(
      [
        ['every branch', 'refs/heads/*'],
        ['every tag', 'refs/tags/*'],
        ['every ref', 'refs/*'],
        ['everything', '*'],
        ['a pattern in the middle', 'refs/heads/*/main'],
        ['two wildcards', 'refs/heads/release**'],
        ['a question mark', 'refs/heads/mai?'],
        ['a branch without refs/heads/', 'main'],
        ['a pull request', 'refs/pull/7/merge'],
        ['a variable of IAM', 'refs/heads/${aws:userid}'],
        ['a line end', 'refs/heads/main\\n'],
      ] as const
    ).map(
      ([what, ref]) =>
        [
          `a source open to ${what}`,
          `${GOOD}sources:\n${SOURCE.replace('[refs/heads/main]', `[refs/heads/main, "${ref}"]`)}`,
          /sources\[0\]\.refs\[1\]: write a full ref such as refs\/heads\/main, or a narrow pattern .*\(it is "/,
        ] as const,
    ),
    [
      'two roles of approvers under one name',
      `${GOOD}approvers:\n${'  - { name: sre, who: ["arn:aws:iam::123456789012:role/x"] }\n'.repeat(2)}`,
      /approvers\[1\]\.name: 'sre' is there twice/,
    ],
    ['approvers who are nobody', `${GOOD}approvers: [{ name: sre, who: [] }]`, /approvers\[0\]\.who/],
    [
      'a role of approvers whose name is too long',
      `${GOOD}name: ${long}\napprovers: [{ name: ${long}, who: ["arn:aws:iam::123456789012:role/x"] }]`,
      /approvers\[0\]\.name: the role '.*' would have 90 characters, of 64/,
    ],
    [
      'one id of two',
      `${GOOD}sources:\n${SOURCE}    ownerId: '1'\n`,
      /sources\[0\]\.repositoryId: give both ids or neither: gh api/,
    ],
    [
      'an id that YAML takes for a number',
      `${GOOD}sources:\n${SOURCE}    ownerId: 1\n`,
      /sources\[0\]\.ownerId: .*\(it is 1\)/,
    ],
    ...[
      'acme/ci/.github/workflows/x.yml',
      'acme/ci/.github/workflows/x.yml@*',
      'acme/*/.github/workflows/x.yml@refs/heads/main',
      'x.yml@refs/heads/main',
      'acme/ci/.github/workflows/x.yml@refs/heads/*',
    ].map(
      (workflow) =>
        [
          `a source of workflow ${workflow}`,
          `${GOOD}sources:\n${SOURCE}    jobWorkflowRef: '${workflow}'\n`,
          /sources\[0\]\.jobWorkflowRef: write owner\/repo\/\.github\/workflows\/file\.yml@refs\/heads\/main/,
        ] as const,
    ),
    [
      'more refs than a trust policy takes',
      `${GOOD}sources:\n${SOURCE.replace('refs/heads/main', Array.from({ length: 40 }, (_, i) => `refs/heads/release-${i}`).join(', '))}`,
      /sources\[0\]: its trust policy would have \d{4} characters, of 2048: split 'webui'/,
    ],
    [
      'more packages than the role’s policies take',
      `${GOOD}sources:\n${SOURCE.replace('[webui]', `[${Array.from({ length: 41 }, (_, i) => `p${i}`).join(', ')}]`)}`,
      /sources\[0\]\.packages: a source has at most 40 packages: split it in two/,
    ],
    ['an emergency role for nobody', `${GOOD}breakGlass: { who: [] }`, /breakGlass\.who: /],
    ['an emergency role for everybody', `${GOOD}breakGlass: { who: ['*'] }`, /breakGlass\.who\[0\]: an ARN/],
    [
      'an organisation by pattern',
      `${GOOD}selfService: { owner: 'ac*', ownerId: '1' }`,
      /selfService\.owner: the organisation/,
    ],
    ['an organisation without its id', `${GOOD}selfService: { owner: acme }`, /selfService\.ownerId: /],
    [
      'a source without refs',
      `${GOOD}sources:\n${SOURCE.replace('[refs/heads/main]', '[]')}`,
      /sources\[0\]\.refs: name at least one ref or environment/,
    ],
    [
      'a package that is no name',
      `${GOOD}sources:\n${SOURCE.replace('[webui]', '["../x"]')}`,
      /sources\[0\]\.packages\[0\]: '\.\.\/x' is not a name/,
    ],
    [
      'an environment with a wildcard',
      `${GOOD}sources:\n${SOURCE.replace('refs: [refs/heads/main]', "environments: ['prod*']")}`,
      /sources\[0\]\.environments\[0\]: name the GitHub environment exactly.*\(it is "prod\*"\)/,
    ],
    ['one source twice', `${GOOD}sources:\n${SOURCE}${SOURCE}`, /sources\[1\]\.name: 'webui' is there twice/],
    [
      'names too long for a role',
      `${GOOD}name: ${long}\nsources:\n${SOURCE.replace('name: webui', `name: ${long}`)}`,
      /would have 88 characters, of 64: shorten/,
    ],
    [
      'a rule for repositories of another owner',
      `${GOOD}selfService: { owner: acme, ownerId: '1', claims: [{ repositories: ['evil/*'], packages: [a], namespaces: [a] }] }`,
      /selfService\.claims: a rule names repositories of another owner/,
    ],
    ['no deployer', `${GOOD}deployers: {}`, /deployers: there is none: leave the field out, or name one/],
    [
      'more deployers than fit',
      `${GOOD}deployers: { ${Array.from({ length: 17 }, (_, i) => `d${i}: {}`).join(', ')} }`,
      /deployers: there are 17, of 16/,
    ],
    [
      'a deployer whose role would have too long a name',
      `${GOOD}name: ${long}\ndeployers: { private-network-in-europe: {} }`,
      /deployers\.private-network-in-europe: the role 'a+-deployer-private-network-in-europe' would have 75 characters, of 64: shorten/,
    ],
    ...(
      [
        [
          'one subnet',
          '{ vpcId: vpc-0a1b2c3d, subnetIds: [subnet-0a1b2c3d], securityGroupIds: [sg-0a1b2c3d] }',
          /subnetIds: name two/,
        ],
        [
          'one subnet twice',
          '{ vpcId: vpc-0a1b2c3d, subnetIds: [subnet-0a1b2c3d, subnet-0a1b2c3d], securityGroupIds: [sg-0a1b2c3d] }',
          /subnetIds: the same subnet is there twice/,
        ],
        [
          'no security group',
          '{ vpcId: vpc-0a1b2c3d, subnetIds: [subnet-0a1b2c3d, subnet-0a1b2c3e], securityGroupIds: [] }',
          /securityGroupIds: name a security group/,
        ],
        [
          'a name for an id',
          '{ vpcId: main, subnetIds: [subnet-0a1b2c3d, subnet-0a1b2c3e], securityGroupIds: [sg-0a1b2c3d] }',
          /vpcId: an id such as vpc-0a1b2c3d4e5f67890 \(it is "main"\)/,
        ],
      ] as const
    ).map(
      ([what, vpc, words]) => [`a VPC with ${what}`, `${GOOD}deployers: { default: { vpc: ${vpc} } }`, words] as const,
    ),
    [
      'its own account among the others',
      `${GOOD}clusterAccounts: [{ account: '123456789012', externalId: abcdefgh }]`,
      /clusterAccounts\[0\]\.account: 123456789012 is the installation's own/,
    ],
    [
      'one account twice',
      `${GOOD}clusterAccounts: [{ account: '222222222222', externalId: abcdefgh }, { account: '222222222222', externalId: abcdefgi }]`,
      /clusterAccounts\[1\]\.account: 222222222222 is there twice/,
    ],
    [
      'an external id that is easy to guess',
      `${GOOD}clusterAccounts: [{ account: '222222222222', externalId: abc }]`,
      /clusterAccounts\[0\]\.externalId: 8 to 128 characters.* \(it is "abc"\)/,
    ],
    [
      'a cluster of another account by pattern',
      `${GOOD}clusterAccounts: [{ account: '222222222222', externalId: abcdefgh, clusters: [{ name: 'prod-*', region: eu-north-1 }] }]`,
      /clusters\[0\]\.name: the name of an EKS cluster, without wildcards/,
    ],
    [
      'more accounts than fit',
      `${GOOD}clusterAccounts: [${Array.from({ length: 30 }, (_, i) => `{ account: '2222222222${i + 10}', externalId: ${'x'.repeat(100)} }`).join(', ')}]`,
      /clusterAccounts: accounts and external ids have \d{4} characters, of 2800/,
    ],
    [
      'a deployer that runs helm in builds and has none',
      `${GOOD}deployers: { default: { kind: codebuild, builds: false } }`,
      /deployers\.default\.builds: a deployer of kind codebuild needs its builds/,
    ],
    [
      'a value prefix without an end',
      `${GOOD}values: { prefix: /helm }`,
      /values\.prefix: a path such as \/fairlead\//,
    ],
    [
      'a wildcard for operators',
      `${GOOD}operators: ['*']`,
      /operators\[0\]: an ARN of a role, user or account root \(it is "\*"\)/,
    ],
    [
      'a gate that asks for nothing',
      `${GOOD}promotionOrder: [{ name: dev, targets: [{}], gate: {} }]`,
      /promotionOrder\[0\]\.gate: a gate asks for approvals, statuses or both/,
    ],
  ])('is refused with %s, naming file, field, value and what to do', (_, text, words) => {
    expect(() => parseConfig('fairlead.yaml', text)).toThrow(ConfigRefused);
    expect(() => parseConfig('fairlead.yaml', text)).toThrow(words);
  });

  test.each([
    'refs/heads/main',
    'refs/heads/release/*',
    'refs/heads/release-*',
    'refs/tags/v*',
    'refs/tags/v1.2.3',
    'refs/heads/feature/ünïcode#1',
  ])('may open a source to %s', (ref) => {
    const { sources } = parseConfig('f.yaml', `${GOOD}sources:\n${SOURCE.replace('refs/heads/main', `'${ref}'`)}`);
    expect(sources[0]?.refs).toEqual([ref]);
  });

  test.each(['refs/heads/main', 'refs/tags/v*', 'a'.repeat(40)])('may ask for a workflow at %s', (at) => {
    const workflow = `acme/ci/.github/workflows/roll-out.yml@${at}`;
    const { sources } = parseConfig('f.yaml', `${GOOD}sources:\n${SOURCE}    jobWorkflowRef: ${workflow}\n`);
    expect(sources[0]?.jobWorkflowRef).toBe(workflow);
  });

  test('names everything that is wrong at once', () => {
    expect(() => parseConfig('f.yaml', 'account: x\nregion: y')).toThrow(/account: .*\n.*region: /);
  });

  test('that is not there is refused with the next step', () => {
    expect(() => readConfig('/nowhere/fairlead.yaml')).toThrow(
      /cannot be read \(ENOENT\): copy fairlead\.example\.yaml/,
    );
  });
});
