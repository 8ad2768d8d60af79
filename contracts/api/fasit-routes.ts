/** Routes for nais/fasit-deploy v4. Only installations with `fasitDeploy` have them; they are the only ones that are not signed: GitHub's token admits. */
import { AssignmentBody, AssignmentCreated, AssignmentView } from './fasit.ts';
import type { Route } from './route.ts';

export const FASIT_ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: '/github/assignment',
    operation: 'createAssignment',
    who: ['token'],
    summary:
      'Starts a rollout with one stage for nais/fasit-deploy v4; a repeat of the same run and entry starts nothing new.',
    body: AssignmentBody,
    answers: { 201: { says: 'accepted, or accepted before', body: AssignmentCreated } },
    problems: [
      'not-json',
      'too-large',
      'invalid',
      'token-refused',
      'not-found',
      'conflict',
      'queue-occupied',
      'no-environment-matched',
    ],
  },
  {
    method: 'GET',
    path: '/github/assignment/{id}',
    operation: 'getAssignment',
    who: ['token'],
    summary: "How far an assignment of the token's own repository is, in fasit's words.",
    answers: { 200: { says: 'its state; UNKNOWN when that cannot be read just now', body: AssignmentView } },
    problems: ['invalid-assignment-id', 'not-found', 'token-refused'],
  },
];
