/** Values of environments: operators keep them, people read them, and nobody reads a secret. */
import { EnvironmentValueBody, EnvironmentValueList, EnvironmentValueView, ValueUses } from './environment-value.ts';
import { PutHeaders } from './query.ts';
import type { Caller, Route } from './route.ts';

const KEEPERS: readonly Caller[] = ['operator'];
const READERS: readonly Caller[] = ['operator', 'approver', 'reader'];

export const ENVIRONMENT_VALUE_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/environments/{environment}/values',
    operation: 'listEnvironmentValues',
    who: READERS,
    summary: 'The values that live with an environment, for templates of charts. Of secrets only the keys.',
    answers: { 200: { says: 'the values, by key', body: EnvironmentValueList } },
    problems: ['not-found'],
  },
  {
    method: 'PUT',
    path: '/environments/{environment}/values/{key}',
    operation: 'putEnvironmentValue',
    who: KEEPERS,
    summary: 'Sets a value of an environment. What is deployed changes only with the next rollout.',
    body: EnvironmentValueBody,
    headers: PutHeaders,
    answers: {
      200: { says: 'changed, or as it was', body: EnvironmentValueView },
      201: { says: 'set', body: EnvironmentValueView },
    },
    problems: ['not-json', 'too-large', 'invalid', 'not-found', 'conflict', 'revision-differs', 'unavailable'],
  },
  {
    method: 'DELETE',
    path: '/environments/{environment}/values/{key}',
    operation: 'deleteEnvironmentValue',
    who: KEEPERS,
    summary: 'Takes a value of an environment away. The parameter of a secret stays, for rollbacks that need it.',
    headers: PutHeaders,
    answers: { 204: { says: 'taken away' } },
    problems: ['not-found', 'revision-differs', 'invalid'],
  },
  {
    method: 'GET',
    path: '/environments/{environment}/values/{key}/uses',
    operation: 'listValueUses',
    who: READERS,
    summary: 'Which packages read this value in their templates, and where they are deployed.',
    answers: { 200: { says: 'the packages, by name', body: ValueUses } },
    problems: ['not-found', 'invalid'],
  },
];
