/** Every route of the API. An operation that is not here is not deployed, not documented and not answered. */
import { Evidence } from '../evidence.ts';
import { InspectionView } from '../inspection.ts';
import { ApprovalAnswer, ApprovalBody, StatusAnswer, StatusBody } from './approval.ts';
import { AuditList } from './audit.ts';
import { ClaimBody } from './claim.ts';
import { EFFECTIVE_ROUTES } from './effective-routes.ts';
import { EnvironmentBody, EnvironmentList, EnvironmentView, ReleaseList } from './environment.ts';
import { ENVIRONMENT_VALUE_ROUTES } from './environment-value-routes.ts';
import { FREEZE_ROUTES } from './freeze-routes.ts';
import { HoldBody, HoldView, LiftBody, Lifted } from './hold.ts';
import { INSTALLATION_ROUTES } from './installation-routes.ts';
import { PackageBody, PackageList, PackageView } from './package.ts';
import { PLAN_ROUTES } from './plan-routes.ts';
import {
  AuditQuery,
  EnvironmentsQuery,
  EventsQuery,
  InspectionQuery,
  PutHeaders,
  RolloutsQuery,
  StartHeaders,
} from './query.ts';
import { RecoveryBody, RecoveryView } from './recovery.ts';
import { RetryAccepted, RetryBody } from './retry.ts';
import { RollbackBody } from './rollback.ts';
import { AbortBody, EventList, RolloutAccepted, RolloutBody, RolloutList, RolloutView } from './rollout.ts';
import type { Caller, Route } from './route.ts';
import { VALUES_CHANGE_ROUTES } from './values-change-routes.ts';

const KEEPERS: readonly Caller[] = ['operator'];
const ROLLERS: readonly Caller[] = ['source', 'workflow', 'operator'];
const READERS: readonly Caller[] = ['operator', 'approver', 'reader'];
const EVERYONE: readonly Caller[] = ['source', 'workflow', 'operator', 'approver', 'reader'];

const REGISTRY_WRITES = [
  'not-json',
  'too-large',
  'invalid',
  'not-supported-yet',
  'conflict',
  'revision-differs',
] as const;

const STARTS = [
  'not-json',
  'too-large',
  'invalid',
  'not-supported-yet',
  'not-found',
  'idempotency-key-reused',
  'queue-occupied',
  'no-environment-matched',
] as const;

const PACKAGES: readonly Route[] = [
  {
    method: 'GET',
    path: '/packages',
    operation: 'listPackages',
    who: READERS,
    summary: 'All registered packages.',
    answers: { 200: { says: 'the packages, by name', body: PackageList } },
    problems: [],
  },
  {
    method: 'PUT',
    path: '/packages/{package}',
    operation: 'putPackage',
    who: KEEPERS,
    summary: 'Registers a package, or changes it: the body is the whole entry.',
    body: PackageBody,
    headers: PutHeaders,
    answers: {
      200: { says: 'changed', body: PackageView },
      201: { says: 'registered', body: PackageView },
    },
    problems: REGISTRY_WRITES,
  },
  {
    method: 'GET',
    path: '/packages/{package}',
    operation: 'getPackage',
    who: EVERYONE,
    summary: 'One package.',
    answers: { 200: { says: 'the package', body: PackageView } },
    problems: ['not-found'],
  },
  {
    method: 'PUT',
    path: '/packages/{package}/claim',
    operation: 'claimPackage',
    who: ['source', 'workflow'],
    summary: "Keeps a package's entry by the file .fairlead.yaml of a repository, sent from a protected branch.",
    body: ClaimBody,
    headers: PutHeaders,
    answers: {
      200: { says: 'changed, or as it was', body: PackageView },
      201: { says: 'registered', body: PackageView },
    },
    problems: REGISTRY_WRITES,
  },
  {
    method: 'DELETE',
    path: '/packages/{package}',
    operation: 'deletePackage',
    who: KEEPERS,
    summary: 'Forgets a package that runs nowhere; nothing in any cluster changes.',
    headers: PutHeaders,
    answers: { 204: { says: 'forgotten' } },
    problems: ['not-found', 'conflict', 'revision-differs', 'invalid'],
  },
];

const ENVIRONMENTS: readonly Route[] = [
  {
    method: 'GET',
    path: '/environments',
    operation: 'listEnvironments',
    who: READERS,
    summary: 'All registered environments, or those with the given labels.',
    query: EnvironmentsQuery,
    answers: { 200: { says: 'the environments, by name', body: EnvironmentList } },
    problems: ['invalid'],
  },
  {
    method: 'PUT',
    path: '/environments/{environment}',
    operation: 'putEnvironment',
    who: KEEPERS,
    summary: 'Registers an environment, or changes it: the body is the whole entry.',
    body: EnvironmentBody,
    headers: PutHeaders,
    answers: {
      200: { says: 'changed', body: EnvironmentView },
      201: { says: 'registered', body: EnvironmentView },
    },
    problems: REGISTRY_WRITES,
  },
  {
    method: 'GET',
    path: '/environments/{environment}',
    operation: 'getEnvironment',
    who: READERS,
    summary: 'One environment.',
    answers: { 200: { says: 'the environment', body: EnvironmentView } },
    problems: ['not-found'],
  },
  {
    method: 'DELETE',
    path: '/environments/{environment}',
    operation: 'deleteEnvironment',
    who: KEEPERS,
    summary: 'Forgets an environment where nothing runs; nothing in its cluster changes.',
    headers: PutHeaders,
    answers: { 204: { says: 'forgotten' } },
    problems: ['not-found', 'conflict', 'revision-differs', 'invalid'],
  },
  {
    method: 'GET',
    path: '/environments/{environment}/packages',
    operation: 'listReleases',
    who: READERS,
    summary: 'What runs in an environment.',
    answers: { 200: { says: 'its releases, by package', body: ReleaseList } },
    problems: ['not-found'],
  },
  {
    method: 'GET',
    path: '/environments/{environment}/inspection',
    operation: 'inspectEnvironment',
    who: READERS,
    summary: "What an environment's deployer sees of its cluster, and of a package's rights there. Nothing is changed.",
    query: InspectionQuery,
    answers: { 200: { says: 'one line for each check, good or bad', body: InspectionView } },
    problems: ['not-found', 'invalid'],
  },
  {
    method: 'POST',
    path: '/environments/{environment}/packages/{package}/recovery',
    operation: 'recoverRelease',
    who: KEEPERS,
    summary:
      "After the table was restored: compares what it says of a release with helm's own records, and learns from them.",
    body: RecoveryBody,
    answers: { 200: { says: 'what differs, and what was learnt', body: RecoveryView } },
    problems: ['not-json', 'too-large', 'invalid', 'not-found'],
  },
];

const ROLLOUTS: readonly Route[] = [
  {
    method: 'GET',
    path: '/rollouts',
    operation: 'listOpenRollouts',
    who: READERS,
    summary: 'Every rollout that has not ended, oldest first, with what it waits on.',
    query: RolloutsQuery,
    answers: { 200: { says: 'one page of rollouts', body: RolloutList } },
    problems: ['invalid'],
  },
  {
    method: 'POST',
    path: '/packages/{package}/rollouts',
    operation: 'startRollout',
    who: ROLLERS,
    summary: 'Starts a rollout.',
    body: RolloutBody,
    headers: StartHeaders,
    answers: { 202: { says: 'accepted, or accepted before under the same key', body: RolloutAccepted } },
    problems: [...STARTS, 'conflict'],
  },
  {
    method: 'GET',
    path: '/packages/{package}/rollouts',
    operation: 'listRollouts',
    who: EVERYONE,
    summary: "A package's rollouts, newest first.",
    query: RolloutsQuery,
    answers: { 200: { says: 'one page of rollouts', body: RolloutList } },
    problems: ['not-found', 'invalid'],
  },
  {
    method: 'GET',
    path: '/packages/{package}/rollouts/{rollout}',
    operation: 'getRollout',
    who: EVERYONE,
    summary: 'One rollout with its stages and deployments, and what it waits on.',
    answers: { 200: { says: 'the rollout', body: RolloutView } },
    problems: ['not-found'],
  },
  {
    method: 'GET',
    path: '/packages/{package}/rollouts/{rollout}/events',
    operation: 'listEvents',
    who: EVERYONE,
    summary: "A rollout's history, held until something new happens when `wait` is given.",
    query: EventsQuery,
    answers: { 200: { says: 'the events after `after`', body: EventList } },
    problems: ['not-found', 'invalid'],
  },
  {
    method: 'GET',
    path: '/packages/{package}/rollouts/{rollout}/deployments/{environment}/evidence',
    operation: 'getEvidence',
    who: EVERYONE,
    summary: 'What was wrong when the deployment failed, kept before anything was rolled back.',
    answers: { 200: { says: 'the evidence', body: Evidence } },
    problems: ['not-found'],
  },
  {
    method: 'POST',
    path: '/packages/{package}/rollouts/{rollout}/abort',
    operation: 'abortRollout',
    who: ROLLERS,
    summary: 'Stops the line: what is under way ends by itself, nothing new begins.',
    body: AbortBody,
    answers: {
      202: {
        says: 'asked for; asking again changes nothing',
        body: RolloutAccepted.pick({ id: true, package: true, state: true }),
      },
    },
    problems: ['not-json', 'too-large', 'invalid', 'not-found', 'already-over'],
  },
  {
    method: 'POST',
    path: '/packages/{package}/rollouts/{rollout}/retry',
    operation: 'retryRollout',
    who: ROLLERS,
    summary:
      'Tries again what failed of a rollout, with its frozen inputs, as a new run with a new place in the queue. It lifts the quarantines of what it tries again.',
    body: RetryBody,
    answers: { 202: { says: 'accepted: a new run of the same rollout', body: RetryAccepted } },
    problems: ['not-json', 'too-large', 'invalid', 'not-found', 'conflict', 'queue-occupied', 'too-many-requests'],
  },
];

const GATES: readonly Route[] = [
  {
    method: 'PUT',
    path: '/packages/{package}/rollouts/{rollout}/stages/{stage}/approval',
    operation: 'putApproval',
    who: ['source', 'workflow', 'operator', 'approver'],
    summary: "Approves or refuses a stage of the rollout's plan; who may is the gate's to say.",
    body: ApprovalBody,
    answers: { 200: { says: 'said, or said before: how the gate stands', body: ApprovalAnswer } },
    problems: ['not-json', 'too-large', 'invalid', 'not-found', 'already-over', 'conflict'],
  },
  {
    method: 'PUT',
    path: '/packages/{package}/rollouts/{rollout}/statuses/{status}',
    operation: 'putStatus',
    who: ROLLERS,
    summary: 'Reports what a check came to, for the gates that ask for it.',
    body: StatusBody,
    answers: { 200: { says: 'reported, or reported before', body: StatusAnswer } },
    problems: ['not-json', 'too-large', 'invalid', 'not-found', 'already-over', 'conflict'],
  },
];

const GOING_BACK: readonly Route[] = [
  {
    method: 'POST',
    path: '/packages/{package}/rollbacks',
    operation: 'startRollback',
    who: KEEPERS,
    summary: 'Rolls back to inputs that were good before, which hold: what they replace does not come back by itself.',
    body: RollbackBody,
    headers: StartHeaders,
    answers: { 202: { says: 'accepted as a rollout of its own, or before under the same key', body: RolloutAccepted } },
    problems: STARTS,
  },
  {
    method: 'PUT',
    path: '/environments/{environment}/packages/{package}/hold',
    operation: 'putHold',
    who: KEEPERS,
    summary: 'Keeps a package from moving in an environment, with a reason, until somebody lifts it.',
    body: HoldBody,
    answers: { 200: { says: 'held, or held so before', body: HoldView } },
    problems: ['not-json', 'too-large', 'invalid', 'not-found'],
  },
  {
    method: 'DELETE',
    path: '/environments/{environment}/packages/{package}/hold',
    operation: 'deleteHold',
    who: KEEPERS,
    summary: 'Ends a hold; quarantines stay.',
    answers: { 204: { says: 'nothing is held there any more' } },
    problems: ['invalid'],
  },
  {
    method: 'POST',
    path: '/environments/{environment}/packages/{package}/lift',
    operation: 'liftAll',
    who: KEEPERS,
    summary: 'Lets a package move again in an environment: ends its hold and the quarantines of its inputs there.',
    body: LiftBody,
    answers: { 200: { says: 'what was lifted', body: Lifted } },
    problems: ['not-json', 'too-large', 'invalid', 'not-found'],
  },
];

const AUDIT: readonly Route[] = [
  {
    method: 'GET',
    path: '/audit',
    operation: 'listAudit',
    who: READERS,
    summary: 'Who changed what, oldest first.',
    query: AuditQuery,
    answers: { 200: { says: 'one page of changes', body: AuditList } },
    problems: ['invalid'],
  },
];

/** Path parameter `{rollout}` is an id, or `latest` for the package's newest. */
export const ROUTES: readonly Route[] = [
  ...PACKAGES,
  ...ENVIRONMENTS,
  ...ENVIRONMENT_VALUE_ROUTES,
  ...ROLLOUTS,
  ...GATES,
  ...GOING_BACK,
  ...FREEZE_ROUTES,
  ...PLAN_ROUTES,
  ...EFFECTIVE_ROUTES,
  ...INSTALLATION_ROUTES,
  ...VALUES_CHANGE_ROUTES,
  ...AUDIT,
];
