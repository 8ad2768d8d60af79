/** Plans: whoever may start rollouts of a package may plan them, workflows of pull requests too. */
import { PlanAccepted, PlanBody, PlanList, PlanView } from './plan.ts';
import { PlanQuery, RolloutsQuery } from './query.ts';
import type { Caller, Route } from './route.ts';

const ROLLERS: readonly Caller[] = ['source', 'workflow', 'operator'];
const EVERYONE: readonly Caller[] = ['source', 'workflow', 'operator', 'approver', 'reader'];

/** Path parameter `{plan}` is an id, or `latest` for the package's newest. */
export const PLAN_ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: '/packages/{package}/plans',
    operation: 'startPlan',
    who: ROLLERS,
    summary: 'Works out what a rollout would do, and starts none: nothing changes anywhere.',
    body: PlanBody,
    answers: { 202: { says: 'accepted: it is worked out now', body: PlanAccepted } },
    problems: ['not-json', 'too-large', 'invalid', 'not-found', 'no-environment-matched', 'too-many-requests'],
  },
  {
    method: 'GET',
    path: '/packages/{package}/plans',
    operation: 'listPlans',
    who: EVERYONE,
    summary: "A package's plans, newest first; they are kept for 90 days.",
    query: RolloutsQuery,
    answers: { 200: { says: 'one page of plans', body: PlanList } },
    problems: ['not-found', 'invalid'],
  },
  {
    method: 'GET',
    path: '/packages/{package}/plans/{plan}',
    operation: 'getPlan',
    who: EVERYONE,
    summary: 'One plan, with what would change where; held until it is worked out when `wait` is given.',
    query: PlanQuery,
    answers: { 200: { says: 'the plan', body: PlanView } },
    problems: ['not-found', 'invalid'],
  },
];
