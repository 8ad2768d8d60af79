/** What values come to, for people. */
import { EffectiveValues } from './effective.ts';
import { EffectiveQuery } from './query.ts';
import type { Route } from './route.ts';

export const EFFECTIVE_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/environments/{environment}/packages/{package}/values',
    operation: 'showValues',
    who: ['operator', 'approver', 'reader'],
    summary:
      'Every value that a package would get in an environment, with its origin, and how it differs from what is deployed. Secrets are digests.',
    query: EffectiveQuery,
    answers: { 200: { says: 'the values, by key', body: EffectiveValues } },
    problems: ['not-found', 'invalid', 'values-unusable'],
  },
];
