/** Freezes: operators put and lift them, people read them. */
import { FreezeBody, FreezeLiftBody, FreezeList, FreezeView } from './freeze.ts';
import { PutHeaders } from './query.ts';
import type { Caller, Route } from './route.ts';

const KEEPERS: readonly Caller[] = ['operator'];
const READERS: readonly Caller[] = ['operator', 'approver', 'reader'];

export const FREEZE_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/freezes',
    operation: 'listFreezes',
    who: READERS,
    summary: 'All freezes, and whether each holds now.',
    answers: { 200: { says: 'the freezes, by name', body: FreezeList } },
    problems: [],
  },
  {
    method: 'GET',
    path: '/freezes/{freeze}',
    operation: 'getFreeze',
    who: READERS,
    summary: 'One freeze.',
    answers: { 200: { says: 'the freeze', body: FreezeView } },
    problems: ['not-found'],
  },
  {
    method: 'PUT',
    path: '/freezes/{freeze}',
    operation: 'putFreeze',
    who: KEEPERS,
    summary: 'Keeps matching deployments from beginning in a window, or changes that; `stop` stops everything.',
    body: FreezeBody,
    headers: PutHeaders,
    answers: { 200: { says: 'changed, or as it was', body: FreezeView }, 201: { says: 'put', body: FreezeView } },
    problems: ['not-json', 'too-large', 'invalid', 'conflict', 'revision-differs'],
  },
  {
    method: 'DELETE',
    path: '/freezes/{freeze}',
    operation: 'deleteFreeze',
    who: KEEPERS,
    summary: 'Lifts a freeze: what waited for its end goes on.',
    body: FreezeLiftBody,
    headers: PutHeaders,
    answers: { 204: { says: 'lifted' } },
    problems: ['not-json', 'too-large', 'not-found', 'revision-differs', 'invalid'],
  },
];
