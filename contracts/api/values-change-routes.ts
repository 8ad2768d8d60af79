/** Changed values: people see what is pending, operators bring what was only announced. */
import { RolloutAccepted } from './rollout.ts';
import type { Route } from './route.ts';
import { ChangeList, ValuesRolloutBody } from './values-change.ts';

export const VALUES_CHANGE_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/values-changes',
    operation: 'listChanges',
    who: ['operator', 'approver', 'reader'],
    summary: "The last change of each package's values: what was changed by whom, and what became of it.",
    answers: { 200: { says: 'the changes, by package', body: ChangeList } },
    problems: [],
  },
  {
    method: 'POST',
    path: '/packages/{package}/values-rollouts',
    operation: 'startValuesRollout',
    who: ['operator'],
    summary: 'Rolls out the changed values that are gathered or announced, where they are used.',
    body: ValuesRolloutBody,
    answers: { 202: { says: 'accepted as a rollout of its own', body: RolloutAccepted } },
    problems: [
      'not-json',
      'too-large',
      'invalid',
      'not-found',
      'conflict',
      'queue-occupied',
      'no-environment-matched',
      'too-many-requests',
    ],
  },
];
