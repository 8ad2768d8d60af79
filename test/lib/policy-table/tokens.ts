/** Jobs of GitHub's that ask STS for a session of a source's role. */
import { type OidcClaims, oidcClaims } from '../../../local/github/oidc-claims.ts';
import type { WorkflowRun } from '../../../local/github/workflow-run.ts';
import { allowed, type Row, refused } from './row.ts';

const OWNER_ID = '1000001';
const WEBUI = { repository: 'acme/webui', repositoryOwnerId: OWNER_ID, repositoryId: '2000002' };
const WORKER = { repository: 'acme/worker', repositoryOwnerId: OWNER_ID, repositoryId: '2000003' };
const SHOP = { repository: 'acme/shop', repositoryOwnerId: OWNER_ID, repositoryId: '2000004' };
const LEGACY = { repository: 'acme/legacy', repositoryOwnerId: OWNER_ID, repositoryId: '2000005' };
const CI = 'acme/ci/.github/workflows/roll-out.yml';
const PULL = { event: 'pull_request', ref: 'refs/pull/7/merge' } as const;
const ON_A_FORK = { repositoryOwnerId: '6660001', repositoryId: '6660002' };

/** The sources that the rows are about. */
export const SOURCES = [
  {
    name: 'webui',
    repository: WEBUI.repository,
    ownerId: OWNER_ID,
    repositoryId: WEBUI.repositoryId,
    refs: ['refs/heads/main', 'refs/heads/release/*', 'refs/tags/v*'],
    packages: ['webui', 'webui-admin'],
  },
  {
    name: 'worker',
    repository: WORKER.repository,
    ownerId: OWNER_ID,
    repositoryId: WORKER.repositoryId,
    environments: ['production'],
    packages: ['worker'],
  },
  {
    name: 'shop',
    repository: SHOP.repository,
    ownerId: OWNER_ID,
    repositoryId: SHOP.repositoryId,
    refs: ['refs/heads/main'],
    jobWorkflowRef: `${CI}@refs/tags/v*`,
    packages: ['shop'],
  },
  { name: 'legacy', repository: LEGACY.repository, refs: ['refs/heads/main'], packages: ['legacy'] },
];

const token = (run: WorkflowRun, aud = 'sts.amazonaws.com') => ({ token: { ...oidcClaims(run), aud } });
const without = (claim: string, run: WorkflowRun) => {
  const { [claim]: _, ...others }: OidcClaims = token(run).token;
  return { token: others };
};

const BY_REF: readonly Row[] = [
  allowed('source-webui', 'a push to main', 'Refs', token(WEBUI)),
  allowed('source-webui', 'a start by hand on main', 'Refs', token({ ...WEBUI, event: 'workflow_dispatch' })),
  allowed('source-webui', 'a schedule on main', 'Refs', token({ ...WEBUI, event: 'schedule' })),
  allowed('source-webui', 'main, with ids in sub', 'Refs', token({ ...WEBUI, immutableSubject: true })),
  allowed('source-webui', 'a branch below release/', 'RefPatterns', token({ ...WEBUI, ref: 'refs/heads/release/1.4' })),
  allowed('source-webui', 'a tag v…', 'RefPatterns', token({ ...WEBUI, ref: 'refs/tags/v1.4.2' })),
  allowed(
    'source-webui',
    'a tag v…, with ids in sub',
    'RefPatterns',
    token({ ...WEBUI, ref: 'refs/tags/v1', immutableSubject: true }),
  ),
  ...(
    [
      ['another branch', { ...WEBUI, ref: 'refs/heads/feature' }],
      ['a branch whose name begins with main', { ...WEBUI, ref: 'refs/heads/main2' }],
      ['a branch release, without a slash', { ...WEBUI, ref: 'refs/heads/release' }],
      ['a branch called like a tag', { ...WEBUI, ref: 'refs/heads/v1' }],
      ['a tag called main', { ...WEBUI, ref: 'refs/tags/main' }],
      ['a branch Main, in other letters', { ...WEBUI, ref: 'refs/heads/Main' }],
      ['a pull request', { ...WEBUI, ...PULL }],
      ['a pull request from a branch called main', { ...WEBUI, event: 'pull_request', ref: 'refs/heads/main' }],
      ['a job in an environment, which hides the ref', { ...WEBUI, environment: 'production' }],
      ['an environment called like a sub', { ...WEBUI, environment: 'x:ref:refs/heads/main' }],
      ['the repository, renamed', { ...WEBUI, repository: 'acme/webui-next' }],
      ['the repository, renamed, with ids in sub', { ...WEBUI, repository: 'acme/webui-next', immutableSubject: true }],
      ['the repository in other letters', { ...WEBUI, repository: 'Acme/WebUI' }],
    ] as const
  ).map(([says, run]) => refused('source-webui', says, 'Refs: sub; RefPatterns: sub', token(run))),
];

const BY_IDENTITY: readonly Row[] = [
  ...(
    [
      ['a fork', { repository: 'mallory/webui', ...ON_A_FORK }],
      ['a fork by an owner whose name begins with acme', { repository: 'acme-evil/webui', ...ON_A_FORK }],
    ] as const
  ).map(([says, run]) =>
    refused(
      'source-webui',
      says,
      'Refs: repository_id, repository_owner_id, sub; RefPatterns: repository_id, repository_owner_id, sub',
      token(run),
    ),
  ),
  refused(
    'source-webui',
    'a repository of the same owner',
    'Refs: repository_id, sub; RefPatterns: repository_id, sub',
    token(WORKER),
  ),
  refused(
    'source-webui',
    'the repository, deleted and made again by its owner',
    'Refs: repository_id; RefPatterns: repository_id, sub',
    token({ ...WEBUI, repositoryId: '3000001' }),
  ),
  refused(
    'source-webui',
    'the same, with ids in sub',
    'Refs: repository_id, sub; RefPatterns: repository_id, sub',
    token({ ...WEBUI, repositoryId: '3000001', immutableSubject: true }),
  ),
  refused(
    'source-webui',
    'both names, taken over by somebody else',
    'Refs: repository_id, repository_owner_id; RefPatterns: repository_id, repository_owner_id, sub',
    token({ ...WEBUI, ...ON_A_FORK }),
  ),
  ...(
    [
      ['a token for the audience fairlead', 'fairlead'],
      ["a token for GitHub's usual audience", 'https://github.com/acme'],
      ['a token for an audience that begins the same', 'sts.amazonaws.com.example'],
    ] as const
  ).map(([says, aud]) => refused('source-webui', says, 'Refs: aud; RefPatterns: aud, sub', token(WEBUI, aud))),
  refused('source-webui', 'a token without sub', 'Refs: sub; RefPatterns: sub', without('sub', WEBUI)),
  refused('source-webui', 'a token without aud', 'Refs: aud; RefPatterns: aud, sub', without('aud', WEBUI)),
  refused(
    'source-webui',
    'a token without repository_id',
    'Refs: repository_id; RefPatterns: repository_id, sub',
    without('repository_id', WEBUI),
  ),
  allowed('source-legacy', 'main of a repository whose ids nobody wrote down', 'Refs', token(LEGACY)),
  allowed(
    'source-legacy',
    'the same, deleted and made again by a stranger (synth warns of it)',
    'Refs',
    token({ ...LEGACY, ...ON_A_FORK }),
  ),
  refused('source-legacy', 'the same, with ids in sub', 'Refs: sub', token({ ...LEGACY, immutableSubject: true })),
];

const BY_ENVIRONMENT: readonly Row[] = [
  allowed('source-worker', 'a job in production', 'Environments', token({ ...WORKER, environment: 'production' })),
  allowed(
    'source-worker',
    'a job in production, of a tag',
    'Environments',
    token({ ...WORKER, environment: 'production', ref: 'refs/tags/v1' }),
  ),
  allowed(
    'source-worker',
    'a job in production, with ids in sub',
    'Environments',
    token({ ...WORKER, environment: 'production', immutableSubject: true }),
  ),
  refused(
    'source-worker',
    'a pull request in production',
    'Environments: ref',
    token({ ...WORKER, ...PULL, environment: 'production' }),
  ),
  refused(
    'source-worker',
    'a job in staging',
    'Environments: environment, sub',
    token({ ...WORKER, environment: 'staging' }),
  ),
  refused(
    'source-worker',
    'a job in Production, in other letters',
    'Environments: environment, sub',
    token({ ...WORKER, environment: 'Production' }),
  ),
  refused('source-worker', 'a push to main', 'Environments: environment, sub', token(WORKER)),
];

const BY_WORKFLOW: readonly Row[] = [
  allowed(
    'source-shop',
    'a job of the reusable workflow at v2',
    'Refs',
    token({ ...SHOP, jobWorkflowRef: `${CI}@refs/tags/v2` }),
  ),
  refused('source-shop', "a job of the repository's own workflow", 'Refs: job_workflow_ref', token(SHOP)),
  refused(
    'source-shop',
    'a job of the reusable workflow on a branch',
    'Refs: job_workflow_ref',
    token({ ...SHOP, jobWorkflowRef: `${CI}@refs/heads/feature` }),
  ),
  refused(
    'source-shop',
    'a job of a fork of the reusable workflow',
    'Refs: job_workflow_ref',
    token({ ...SHOP, jobWorkflowRef: `${CI.replace('acme', 'mallory')}@refs/tags/v2` }),
  ),
  refused(
    'source-shop',
    'a job of the reusable workflow, on another branch of the repository',
    'Refs: sub',
    token({ ...SHOP, ref: 'refs/heads/feature', jobWorkflowRef: `${CI}@refs/tags/v2` }),
  ),
];

const TO_OTHER_ROLES: readonly Row[] = ['operator', 'reader', 'deployer', 'break-glass'].map((role) =>
  refused(role, 'a push to main of acme/webui', 'no statement', token(WEBUI)),
);

export const TOKENS: readonly Row[] = [...BY_REF, ...BY_IDENTITY, ...BY_ENVIRONMENT, ...BY_WORKFLOW, ...TO_OTHER_ROLES];
