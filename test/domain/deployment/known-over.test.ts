import { describe, expect, test } from 'vitest';
import { diedTooOften, endDead, knownOver } from '../../../domain/deployment/known-over.ts';
import type { LeaseItem } from '../../../domain/items/release.ts';
import { aLease, anOperation, later, NOW, OTHER_ROLLOUT, ROLLOUT } from '../../support/items.ts';

const me = { rolloutId: ROLLOUT, environment: 'dev', attempt: 1 };
const holder = { ...me, deadline: later(60).toISOString() };

/**
 * https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html,
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html,
 * https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
 */
test.each<[string, boolean, string]>([
  ['Runtime.ExitError', true, 'the process exited or was killed, out of memory for instance'],
  ['Sandbox.Timedout', true, 'Lambda ended the sandbox at the time limit'],
  ['Lambda.Unknown', true, 'unhandled errors: "out-of-memory errors and function timeouts"'],
  ['Runtime.HandlerError', true, 'the local emulator: "Worker process died", or the handler threw'],
  ['States.Timeout', false, 'the machine has stopped waiting, the function has not stopped working'],
  ['States.HeartbeatTimeout', false, 'as before'],
  ['States.TaskFailed', false, 'says nothing of how'],
  ['States.ALL', false, 'is no error'],
  ['Lambda.ClientExecutionTimeoutException', false, 'a timeout on the side of the caller'],
  ['Lambda.SdkClientException', false, 'the connection broke: nobody heard how it ended'],
  ['Lambda.ServiceException', false, 'a 500 of the service: the function may have started'],
  ['Lambda.AWSLambdaException', false, 'as before'],
  ['Lambda.TooManyRequestsException', false, 'never started, so nothing of its own is claimed'],
  ['Error', false, 'an error of a name that we do not know'],
  ['', false, 'nothing was said'],
])('%s: certainly over is %s (%s)', (error, over) => {
  expect(knownOver(error)).toBe(over);
});

describe('the operation of a dead call', () => {
  const lease = (given: Partial<LeaseItem> = {}) => aLease({ holder, operation: anOperation({ call: 2 }), ...given });
  const died = [
    { call: 1, error: 'States.Timeout' },
    { call: 2, error: 'Runtime.ExitError' },
  ];

  test('is over, and nothing else of the lease changes', () => {
    expect(endDead(lease(), me, died, NOW)).toEqual({
      operation: anOperation({ call: 2, overAt: NOW.toISOString() }),
    });
  });

  test.each<[string, LeaseItem | undefined, typeof died]>([
    ['there is no lease', undefined, died],
    ['nothing was claimed', aLease({ holder }), died],
    ['nothing broke', lease(), []],
    ['another call of the try has claimed it', lease({ operation: anOperation({ call: 3 }) }), died],
    ['the call that claimed it may still be at work', lease({ operation: anOperation({ call: 1 }) }), died],
    ['it was claimed by a call without a number', lease({ operation: anOperation() }), died],
    ['another try holds the lease', lease({ holder: { ...holder, attempt: 2 } }), died],
    ['another rollout holds the lease', lease({ holder: { ...holder, rolloutId: OTHER_ROLLOUT } }), died],
    ['nobody holds the lease', aLease({ operation: anOperation({ call: 2 }) }), died],
    ['it has ended already', lease({ operation: anOperation({ call: 2, overAt: NOW.toISOString() }) }), died],
  ])('is left alone when %s', (_, seen, broken) => {
    expect(endDead(seen, me, broken, NOW)).toBeUndefined();
  });
});

test('whoever has died four times at the same thing does not try it a fifth time; other trouble is no reason', () => {
  const broken = (...errors: string[]) => errors.map((error, i) => ({ call: i + 1, error }));
  const died = Array<string>(3).fill('Runtime.ExitError');
  expect(diedTooOften(undefined)).toBeUndefined();
  expect(diedTooOften(broken(...died, 'States.Timeout', 'Error'))).toBeUndefined();
  expect(diedTooOften(broken(...died, 'Sandbox.Timedout'))).toMatch(
    /^the deployer has died 4 times at this \(Sandbox.Timedout\): give it/,
  );
});
