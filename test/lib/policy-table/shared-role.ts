/** The role that all repositories of the organisation share: who gets in, and how little that gives. */
import { oidcClaims } from '../../../local/github/oidc-claims.ts';
import type { WorkflowRun } from '../../../local/github/workflow-run.ts';
import { allowed, type Row, refused } from './row.ts';

export const ORGANISATION = { owner: 'acme', ownerId: '1000001' };

const NEW = { repository: 'acme/brand-new', repositoryOwnerId: ORGANISATION.ownerId };
const PULL = { event: 'pull_request', ref: 'refs/pull/7/merge' } as const;
const token = (run: WorkflowRun, aud = 'sts.amazonaws.com') => ({ token: { ...oidcClaims(run), aud } });

const GETTING_IN: readonly Row[] = [
  allowed('workflows', 'a push to main of any repository', 'Organisation', token(NEW)),
  allowed('workflows', 'a push to any branch', 'Organisation', token({ ...NEW, ref: 'refs/heads/feature' })),
  allowed('workflows', 'a tag', 'Organisation', token({ ...NEW, ref: 'refs/tags/v1' })),
  allowed('workflows', 'a job in an environment', 'Organisation', token({ ...NEW, environment: 'production' })),
  allowed('workflows', 'main, with ids in sub', 'Organisation', token({ ...NEW, immutableSubject: true })),
  refused('workflows', 'a pull request', 'Organisation: ref, sub', token({ ...NEW, ...PULL })),
  refused(
    'workflows',
    'a pull request in an environment',
    'Organisation: ref',
    token({ ...NEW, ...PULL, environment: 'production' }),
  ),
  refused(
    'workflows',
    'another organisation',
    'Organisation: repository_owner_id, sub',
    token({ repository: 'mallory/brand-new' }),
  ),
  refused(
    'workflows',
    'an organisation whose name begins with acme',
    'Organisation: repository_owner_id, sub',
    token({ repository: 'acme-evil/brand-new' }),
  ),
  refused(
    'workflows',
    'the name acme, taken over by somebody else',
    'Organisation: repository_owner_id',
    token({ ...NEW, repositoryOwnerId: '6660001' }),
  ),
  refused(
    'workflows',
    'the organisation, renamed',
    'Organisation: sub',
    token({ ...NEW, repository: 'acme-inc/brand-new' }),
  ),
  refused('workflows', 'a token for the audience fairlead', 'Organisation: aud', token(NEW, 'fairlead')),
];

const INSIDE: readonly Row[] = [
  ...[
    'POST /packages/webui/rollouts',
    'GET /packages/webui/rollouts/latest',
    'GET /packages/webui',
    'PUT /packages/webui/claim',
  ].map((call) =>
    allowed('workflows', `${call} (the handler asks for a token and the registry entry)`, 'Calls', { call }),
  ),
  ...[
    'PUT /packages/webui',
    'DELETE /packages/webui',
    'GET /packages',
    'GET /environments',
    'PUT /environments/prod',
    'GET /audit',
  ].map((call) => refused('workflows', call, 'no statement', { call })),
];

export const SHARED_ROLE: readonly Row[] = [...GETTING_IN, ...INSIDE];
