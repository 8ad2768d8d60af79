import { describe, expect, it } from 'vitest';
import { AssignmentBody } from '../../contracts/api/fasit.ts';
import { audiencesOf, FasitDeploy } from '../../contracts/fasit-deploy.ts';

const acme = { name: 'acme', id: '12' };

describe('fasitDeploy', () => {
  it('needs an owner by name and number, and nothing else', () => {
    expect(FasitDeploy.parse({ owners: [acme] })).toEqual({ owners: [acme] });
  });

  it.each([
    ['no owner', { owners: [] }],
    ['an owner without a number', { owners: [{ name: 'acme' }] }],
    ['a number that is none', { owners: [{ name: 'acme', id: 'acme' }] }],
    ['an audience that other services ask for, too', { owners: [acme], audiences: ['sts.amazonaws.com'] }],
    ['an audience that is two', { owners: [acme], audiences: ['a,b'] }],
    ['no audience', { owners: [acme], audiences: [] }],
    ['no repository', { owners: [acme], repositories: [] }],
    ['repositories of everybody', { owners: [acme], repositories: ['*'] }],
    ['repositories of another owner', { owners: [acme], repositories: ['evil/webui'] }],
    ['repositories of an owner whose name only begins so', { owners: [acme], repositories: ['acme-labs/webui'] }],
    ['a misspelt field', { owners: [acme], repository: ['acme/webui'] }],
    [
      'more than its functions can be told',
      { owners: [acme], repositories: Array(99).fill('acme/a-name-of-some-length') },
    ],
  ])('with %s is refused', (_what, settings) => {
    expect(FasitDeploy.safeParse(settings).success).toBe(false);
  });

  it('takes tokens for each owner’s page, as GitHub makes them, unless told otherwise', () => {
    const owners = [acme, { name: 'Acme-Labs', id: '13' }];
    expect(audiencesOf({ owners })).toEqual(['https://github.com/acme', 'https://github.com/Acme-Labs']);
    expect(audiencesOf({ owners, audiences: ['fasit'] })).toEqual(['fasit']);
  });
});

describe('what fasit-deploy v4 sends', () => {
  const sent = {
    target: { kind: 'management', tenant: 'ci-nais' },
    chart: 'oci://europe-north1-docker.pkg.dev/nais-io/nais/feature/webui',
    version: '2026.5.1-abc',
    ref: { owner: 'acme', repo: 'webui', ref: '0'.repeat(40) },
  };

  it('is taken as it is', () => {
    expect(AssignmentBody.parse(sent)).toEqual(sent);
    expect(AssignmentBody.parse({ ...sent, target: {} }).target).toEqual({});
  });

  it.each([
    ['a chart that is no OCI place', { chart: 'webui' }],
    ['a chart with a version in it', { chart: `${sent.chart}:1.0.0` }],
    ['a version that is none', { version: 'latest' }],
    ['no target', { target: undefined }],
    ['a target of other things than texts', { target: { tenant: 7 } }],
    ['no ref', { ref: undefined }],
    ['a ref without its repository', { ref: { owner: 'acme', ref: 'main' } }],
    ['a repository with a way in it', { ref: { ...sent.ref, repo: '../other' } }],
    ['fields of older versions', { global: true, skipCI: true }],
  ])('with %s is refused', (_what, more) => {
    expect(AssignmentBody.safeParse({ ...sent, ...more }).success).toBe(false);
  });
});
