import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Claim, type ClaimSeen, claimPackage } from '../../../domain/callers/claim-package.ts';
import { type ClaimRule, mayClaim } from '../../../domain/callers/claim-rules.ts';
import type { EnvironmentItem, PackageItem } from '../../../domain/items/registry.ts';
import { claimsOf } from '../../support/claims.ts';

const USUAL = 'oci://registry.example/charts/webui';

const rule = (more: Partial<ClaimRule> = {}): ClaimRule => ({
  repositories: ['acme/*'],
  packages: ['{repository}', '{repository}-*'],
  namespaces: ['{repository}', '{repository}-*'],
  charts: [],
  ...more,
});

const claim = (more: Partial<Claim> = {}): Claim => ({
  name: 'webui',
  chart: USUAL,
  release: 'webui',
  namespace: 'webui',
  timeoutMinutes: 5,
  updatedAt: '2026-11-21T10:00:00.000Z',
  updatedBy: 'octocat',
  ...more,
});

const entry = (more: Partial<PackageItem> = {}): PackageItem => ({
  type: 'package',
  v: 1,
  rev: 3,
  ...claim({ updatedAt: '2026-11-20T10:00:00.000Z', updatedBy: 'somebody' }),
  repositories: ['acme/webui'],
  forceConflicts: false,
  ...more,
});

const OURS = { repository: 'acme/webui', repositoryId: '34', ref: 'refs/heads/main', sha: 'b'.repeat(40) };
const seen = (more: Partial<ClaimSeen> = {}): ClaimSeen => ({
  rules: [rule()],
  packages: [],
  environments: [],
  usualChart: USUAL,
  ...more,
});

describe('a claim from a protected branch', () => {
  it('makes an entry that is open to its own repository only', () => {
    expect(claimPackage(seen(), claimsOf(), claim({ team: 'web' }))).toEqual({
      answer: 'entry',
      item: {
        ...claim({ team: 'web' }),
        type: 'package',
        v: 1,
        repositories: ['acme/webui'],
        forceConflicts: false,
        claimedBy: { repository: 'acme/webui', repositoryId: '34', ref: 'refs/heads/main', sha: 'a'.repeat(40) },
      },
    });
  });

  it('has to name a team where its rule asks for one', () => {
    const rules = [rule({ teamRequired: true })];
    expect(claimPackage(seen({ rules }), claimsOf(), claim({ team: 'web' }))).toMatchObject({ answer: 'entry' });
    expect(claimPackage(seen({ rules }), claimsOf(), claim())).toEqual({
      answer: 'forbidden',
      because: expect.stringContaining('add team to .fairlead.yaml'),
    });
    const either = [...rules, rule()];
    expect(claimPackage(seen({ rules: either }), claimsOf(), claim())).toMatchObject({ answer: 'entry' });
  });

  it('keeps the commit that wrote the entry when a later one leaves the file as it was', () => {
    const current = entry({ claimedBy: OURS });
    const answer = claimPackage(seen({ current }), claimsOf(), claim());
    expect(answer).toMatchObject({ item: { claimedBy: { sha: 'b'.repeat(40) } } });
  });

  it('names the commit that changed the file', () => {
    const current = entry({ claimedBy: OURS });
    const answer = claimPackage(seen({ current }), claimsOf(), claim({ timeoutMinutes: 9 }));
    expect(answer).toMatchObject({ item: { timeoutMinutes: 9, claimedBy: { sha: 'a'.repeat(40) } } });
  });

  it('still counts after the repository was renamed', () => {
    const current = entry({ claimedBy: { ...OURS, repository: 'acme/old' }, repositories: ['acme/old'] });
    const answer = claimPackage(seen({ current }), claimsOf(), claim());
    expect(answer).toMatchObject({ item: { repositories: ['acme/webui'], claimedBy: { repository: 'acme/webui' } } });
  });

  it.each(['push', 'workflow_dispatch', 'schedule'])('counts when the job began by %s', (event) => {
    expect(claimPackage(seen(), claimsOf({ event }), claim()).answer).toBe('entry');
  });
});

describe('a claim is refused', () => {
  it.each([
    ['from a pull request', { event: 'pull_request', ref: 'refs/pull/7/merge' }, 'not of pull_request'],
    ['from a pull request that runs on the branch', { event: 'pull_request_target' }, 'not of pull_request_target'],
    ['from a comment', { event: 'issue_comment' }, 'not of issue_comment'],
    ['from a tag', { ref: 'refs/tags/v1' }, 'from a branch, not from refs/tags/v1'],
    ['from a branch that nothing protects', { refProtected: false }, 'refs/heads/main is not protected'],
    ['of a repository without a rule', { repository: 'other/webui' }, 'other/webui may not claim anything'],
    ['of a repository whose owner only begins so', { repository: 'acme2/webui' }, 'may not claim anything'],
  ])('%s', (_when, claims, because) => {
    expect(claimPackage(seen(), claimsOf(claims), claim())).toEqual({
      answer: 'forbidden',
      because: expect.stringContaining(because),
    });
  });

  it.each([
    [
      'a foreign package',
      { name: 'billing' },
      'the package billing: the rules of this installation give it webui, webui-*',
    ],
    ['a package that only begins like its own', { name: 'webuix' }, 'the package webuix'],
    ['a foreign namespace', { namespace: 'billing' }, 'the namespace billing'],
    ['the namespace of the control plane', { namespace: 'kube-system' }, 'belongs to the cluster'],
    ["a namespace that a suffix makes the cluster's", { namespace: 'kube' }, 'belongs to the cluster'],
    ["everybody's namespace", { namespace: 'default' }, 'belongs to the cluster'],
    [
      'the namespace of the platform account, which a team there could be',
      { namespace: 'fairlead-system', team: 'fairlead-platform' },
      'belongs to Fairlead',
    ],
    ['a namespace that a suffix makes that one', { namespace: 'fairlead' }, 'belongs to Fairlead'],
    [
      'a chart from elsewhere',
      { chart: 'oci://evil.example/charts/webui' },
      'the chart oci://evil.example/charts/webui',
    ],
    ["a release that is not the package's", { release: 'billing' }, 'the release billing'],
    ['the chart of another package', { chart: 'oci://registry.example/charts/billing' }, 'the chart'],
  ])('for %s', (_what, more, because) => {
    expect(
      claimPackage(
        seen({ rules: [rule(), rule({ repositories: ['acme/other'], packages: ['billing'] })] }),
        claimsOf(),
        claim(more),
      ),
    ).toEqual({
      answer: 'forbidden',
      because: expect.stringContaining(because),
    });
  });

  it('when nobody may claim anything', () => {
    expect(claimPackage(seen({ rules: [] }), claimsOf(), claim()).answer).toBe('forbidden');
  });

  it('when names are of one rule and namespaces of another', () => {
    const rules = [rule({ namespaces: ['shared'] }), rule({ packages: ['tool-*'], namespaces: ['tools'] })];
    expect(claimPackage(seen({ rules }), claimsOf(), claim({ namespace: 'tools' })).answer).toBe('forbidden');
    expect(claimPackage(seen({ rules }), claimsOf(), claim({ namespace: 'shared' })).answer).toBe('entry');
  });

  it('when an operator keeps the entry, even one that lists the repository', () => {
    expect(claimPackage(seen({ current: entry() }), claimsOf(), claim())).toEqual({
      answer: 'conflict',
      because: expect.stringContaining('package webui is kept by operators (somebody)'),
    });
  });

  it('when a repository of another number has claimed the package, even one of the same name', () => {
    const current = entry({ claimedBy: { ...OURS, repositoryId: '99' } });
    expect(claimPackage(seen({ current }), claimsOf(), claim())).toEqual({
      answer: 'conflict',
      because: expect.stringContaining('is claimed by acme/webui (repository 99)'),
    });
  });
});

describe('a namespace where packages of others live', () => {
  const theirs = entry({
    name: 'webui-admin',
    namespace: 'webui-admin',
    repositories: ['acme/webui-admin'],
    claimedBy: { ...OURS, repository: 'acme/webui-admin', repositoryId: '99' },
  });
  const ofOperators = entry({ name: 'tool', namespace: 'webui-admin', repositories: [] });
  const into = claim({ name: 'webui-x', release: 'webui-x', namespace: 'webui-admin', team: 'admins' });

  it.each([
    ['another repository', theirs, 'package webui-admin of acme/webui-admin'],
    ['operators', ofOperators, 'package tool of operators'],
  ])('of %s cannot be claimed by a pattern, so nobody comes in beside them', (_whose, other, because) => {
    expect(claimPackage(seen({ packages: [other] }), claimsOf(), into)).toEqual({
      answer: 'forbidden',
      because: expect.stringContaining(because),
    });
  });

  it("cannot be claimed under another name that an environment's suffix makes the same", () => {
    const environment = (name: string, namespaceSuffix?: string): EnvironmentItem => ({
      type: 'environment',
      v: 1,
      rev: 1,
      name,
      cluster: { name: 'main', account: '123456789012', region: 'eu-north-1' },
      labels: {},
      ...(namespaceSuffix !== undefined && { namespaceSuffix }),
      deployer: 'default',
      updatedAt: '2026-11-20T10:00:00.000Z',
      updatedBy: 'ada',
    });
    const environments = [environment('plain'), environment('admin', 'admin')];
    const other = { ...theirs, name: 'other', namespace: 'webui-admin' };
    const answer = claimPackage(seen({ packages: [other], environments }), claimsOf(), claim());
    expect(answer).toMatchObject({ answer: 'forbidden', because: expect.stringContaining('package other') });
    expect(claimPackage(seen({ packages: [other] }), claimsOf(), claim()).answer).toBe('entry');
  });

  it.each([
    ['when a rule names it by the letter', { rules: [rule({ namespaces: ['webui-admin'] })], packages: [theirs] }],
    ['when they are its own', { packages: [{ ...theirs, claimedBy: OURS }] }],
    ['when operators list its repository there', { packages: [{ ...ofOperators, repositories: ['Acme/WebUI'] }] }],
    [
      'when it was there before them',
      {
        packages: [theirs],
        current: entry({ name: 'webui-x', namespace: 'webui-admin', claimedBy: OURS }),
      },
    ],
  ])('can be claimed %s', (_when, more) => {
    expect(claimPackage(seen(more), claimsOf(), into).answer).toBe('entry');
  });
});

describe('rules', () => {
  const names = { package: 'webui', namespace: 'webui', release: 'webui', chart: USUAL, usualChart: USUAL };

  it.each([
    ['acme/webui', 'acme/webui', true],
    ['acme/WebUI', 'ACME/webui', true],
    ['acme/web*', 'acme/webui', true],
    ['acme/*', 'acme/web.ui', false],
    ['acme/web', 'acme/webui', false],
    ['acme/*', 'acme-evil/webui', false],
    ['ac.e/*', 'acme/webui', false],
  ])('for %s hold for %s: %s', (pattern, repository, allowed) => {
    expect(mayClaim([rule({ repositories: [pattern] })], claimsOf({ repository }), names).allowed).toBe(allowed);
  });

  it.each([
    ['oci://ghcr.io/acme/charts/*', 'oci://ghcr.io/acme/charts/webui', true],
    ['oci://ghcr.io/acme/{repository}/*', 'oci://ghcr.io/acme/webui/chart', true],
    ['oci://ghcr.io/acme/*', 'oci://ghcr.io/acme/charts/webui', false],
    ['oci://ghcr.io/acme/*', 'oci://ghcrxio/acme/webui', false],
  ])('for charts %s hold for %s: %s', (pattern, chart, allowed) => {
    expect(mayClaim([rule({ charts: [pattern] })], claimsOf(), { ...names, chart }).allowed).toBe(allowed);
  });

  const name = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/);
  const pattern = fc
    .array(fc.oneof(name, fc.constantFrom('*', '-', '{repository}')), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join(''));

  it('give nothing that does not begin and end as one of their patterns does', () => {
    fc.assert(
      fc.property(fc.array(pattern, { minLength: 1, maxLength: 3 }), name, name, (packages, repository, pkg) => {
        const rules = [rule({ packages, namespaces: ['*'] })];
        const claims = claimsOf({ repository: `acme/${repository}` });
        const may = mayClaim(rules, claims, { ...names, package: pkg, release: pkg, namespace: 'any' }).allowed;
        const ends = packages.map((text) => text.replaceAll('{repository}', repository).split('*'));
        const fits = ends.some((parts) =>
          parts.length === 1 ? pkg === parts[0] : pkg.startsWith(parts[0] ?? '') && pkg.endsWith(parts.at(-1) ?? ''),
        );
        return !may || fits;
      }),
    );
  });

  it('of other repositories give nothing', () => {
    fc.assert(
      fc.property(pattern, name, name, (packages, owner, repository) => {
        const rules = [rule({ repositories: [`acme/${repository}`], packages: [packages], namespaces: ['*'] })];
        const strangers = [`${owner}/${repository}`, `acme/${repository}x`, `acme/x${repository}`];
        return strangers
          .filter((stranger) => stranger !== `acme/${repository}`)
          .every((stranger) => !mayClaim(rules, claimsOf({ repository: stranger }), names).allowed);
      }),
    );
  });

  it('that say {repository} give a repository only names with its own name in them', () => {
    fc.assert(
      fc.property(name, name, (repository, pkg) => {
        const may = mayClaim([rule({ namespaces: ['any'] })], claimsOf({ repository: `acme/${repository}` }), {
          ...names,
          package: pkg,
          release: pkg,
          namespace: 'any',
        });
        return !may.allowed || pkg === repository || pkg.startsWith(`${repository}-`);
      }),
    );
  });
});
