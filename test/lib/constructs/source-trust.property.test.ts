/** The trust policy of a source, judged by the policy engine, against what its settings mean, said a second time and otherwise. */
import { Stack } from 'aws-cdk-lib';
import { OidcProviderNative, PolicyDocument } from 'aws-cdk-lib/aws-iam';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Source } from '../../../contracts/source.ts';
import { sourceTrust } from '../../../lib/constructs/source-trust.ts';
import { githubJobs } from '../../../lib/constructs/stated-trust.ts';
import { type OidcClaims, oidcClaims } from '../../../local/github/oidc-claims.ts';
import { PROVIDER, trustsJob } from '../../support/policies.ts';

const stack = new Stack();
const provider = OidcProviderNative.fromOidcProviderArn(stack, 'Github', PROVIDER);

function trustPolicyOf(source: Source): unknown {
  const document = new PolicyDocument();
  githubJobs({ provider, trust: sourceTrust(source), local: false }).addToAssumeRolePolicy(document);
  return stack.resolve(document);
}

const matches = (pattern: string, value = '') =>
  pattern.endsWith('*') ? value.startsWith(pattern.slice(0, -1)) : value === pattern;

/** What the settings mean, claim by claim. */
function means(source: Source, token: OidcClaims): boolean {
  const { ownerId, repositoryId, jobWorkflowRef } = source;
  return (
    token['aud'] === 'sts.amazonaws.com' &&
    (repositoryId === undefined || token['repository_id'] === repositoryId) &&
    (ownerId === undefined || token['repository_owner_id'] === ownerId) &&
    (jobWorkflowRef === undefined || matches(jobWorkflowRef, token['job_workflow_ref'])) &&
    meansSubject(source, token)
  );
}

function meansSubject(source: Source, { sub = '', environment = '', ref = '' }: OidcClaims): boolean {
  const [kind, repository = '', job, ...rest] = sub.split(':');
  const ids = /^(.+)@(\d+)\/(.+)@(\d+)$/.exec(repository);
  const named = ids === null ? repository : `${ids[1]}/${ids[3]}`;
  if (kind !== 'repo' || named !== source.repository) return false;
  if (ids !== null && (ids[2] !== source.ownerId || ids[4] !== source.repositoryId)) return false;
  if (job === 'ref') return source.refs.some((pattern) => matches(pattern, rest.join(':')));
  const written = rest.join(':').replaceAll('%3A', ':');
  const known = job === 'environment' && written === environment && source.environments.includes(environment);
  return known && /^refs\/(heads|tags)\//.test(ref);
}

// Few values, so that they meet often; next to each good one some that only look like it.
const mostly = <T>(usual: T, ...others: readonly T[]) =>
  fc.oneof({ weight: 12, arbitrary: fc.constant(usual) }, ...others.map((other) => fc.constant(other)));
const REFS = ['refs/heads/main', 'refs/heads/release/1', 'refs/tags/v1', 'refs/heads/mainly', 'refs/pull/7/merge'];
const ENVIRONMENTS = ['prod', 'eu:prod', 'production', 'ref:refs/heads/main'];
const CI = 'acme/ci/.github/workflows/roll-out.yml';
const id = mostly('1', '2');

const sources = fc
  .record({
    ids: fc.option(fc.record({ ownerId: id, repositoryId: id }), { nil: {} }),
    refs: fc.subarray(['refs/heads/main', 'refs/heads/release/*', 'refs/tags/v*', 'refs/heads/main*']),
    environments: fc.subarray(ENVIRONMENTS),
    workflow: fc.option(fc.constantFrom(`${CI}@refs/tags/v*`, `${CI}@refs/heads/main`), { nil: undefined, freq: 1 }),
  })
  .filter(({ refs, environments }) => refs.length + environments.length > 0)
  .map(({ ids, refs, environments, workflow }) =>
    Source.parse({
      name: 'webui',
      repository: 'acme/webui',
      packages: ['webui'],
      refs,
      environments,
      ...ids,
      ...(workflow !== undefined && { jobWorkflowRef: workflow }),
    }),
  );

const tokens = fc
  .record({
    repository: mostly('acme/webui', 'acme/web', 'Acme/webui', 'evil/webui'),
    repositoryId: id,
    repositoryOwnerId: id,
    ref: fc.constantFrom(...REFS),
    environment: fc.option(fc.constantFrom(...ENVIRONMENTS), { nil: undefined }),
    event: mostly<'push' | 'pull_request'>('push', 'pull_request'),
    immutableSubject: fc.boolean(),
    jobWorkflowRef: fc.constantFrom(`${CI}@refs/tags/v2`, `${CI}@refs/heads/main`, `${CI}@refs/heads/topic`),
    aud: mostly('sts.amazonaws.com', 'fairlead'),
    lost: mostly('', 'sub', 'aud', 'repository_id', 'ref', 'environment'),
  })
  .map(({ aud, lost, environment, ...run }) => {
    const claims: OidcClaims = {
      ...oidcClaims({ ...run, ...(environment && { environment }) }),
      aud,
    };
    return Object.fromEntries(Object.entries(claims).filter(([claim]) => claim !== lost));
  });

test('a source lets in exactly the jobs that its settings mean', async () => {
  const seen = { allowed: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(sources, tokens, async (source, token) => {
      const { allowed, by } = await trustsJob(trustPolicyOf(source), token);
      seen[allowed ? 'allowed' : 'refused'] += 1;
      expect(allowed, by).toBe(means(source, token));
    }),
    { numRuns: 1500 },
  );
  // Otherwise the tokens would prove one side only.
  expect(seen.allowed).toBeGreaterThan(50);
  expect(seen.refused).toBeGreaterThan(50);
});
