import { describe, expect, it } from 'vitest';
import { PROBLEMS } from '../../contracts/api/problem.ts';
import { EXIT, EXIT_OF_STATE, exitOfProblem, exitOfRollout } from '../../contracts/outcome-table.ts';
import { OUTCOME_CODES, type OutcomeCode } from '../../domain/outcome.ts';
import { ROLLOUT_STATES, type RolloutState } from '../../domain/states.ts';

const EXITS: readonly number[] = Object.values(EXIT);
const ended = (state: RolloutState, code?: OutcomeCode, ...deployments: OutcomeCode[]) => ({
  state,
  outcome: code && { code },
  deployments: deployments.map((code) => ({ outcome: { code } })),
});

describe('exit codes', () => {
  it('are given to every state, whatever the outcome', () => {
    expect(Object.keys(EXIT_OF_STATE).toSorted()).toEqual(ROLLOUT_STATES.toSorted());
    for (const state of ROLLOUT_STATES) {
      expect(EXITS).toContain(exitOfRollout(ended(state)));
      for (const code of OUTCOME_CODES) expect(EXITS).toContain(exitOfRollout(ended(state, code, code)));
    }
  });

  it('are given to every problem', () => {
    for (const type of Object.keys(PROBLEMS)) expect(EXITS).toContain(exitOfProblem(type));
    expect(exitOfProblem('something-new')).toBe(EXIT.internal);
    expect(exitOfProblem('toString')).toBe(EXIT.internal);
  });

  it.each<[string, RolloutState, OutcomeCode | undefined, OutcomeCode[], number]>([
    ['a success', 'succeeded', 'succeeded', ['ready'], 0],
    ['a success in which all was skipped', 'succeeded', 'all-skipped', ['unchanged', 'held'], 0],
    ['a failure', 'failed', 'stage-failed', ['ready', 'not-ready'], 1],
    ['an error of ours', 'errored', 'internal', ['internal'], 2],
    ['an abort', 'aborted', 'aborted', [], 3],
    ['a newer rollout', 'superseded', 'superseded', [], 3],
    ['nothing matched', 'failed', 'nothing-matched', [], 4],
    ['broken values found when planning', 'failed', 'values-broken', [], 8],
    ['broken values in one environment, the others fine', 'failed', 'stage-failed', ['ready', 'values-broken'], 8],
    [
      'broken values beside a release that never got ready',
      'failed',
      'stage-failed',
      ['values-broken', 'not-ready'],
      1,
    ],
    ['a broken template and missing values', 'failed', 'stage-failed', ['template-broken', 'values-missing'], 8],
    [
      'a gate that nobody opened, behind broken values within the budget',
      'failed',
      'gate-expired',
      ['values-broken'],
      1,
    ],
    ['a check that failed behind them', 'failed', 'status-failed', ['values-broken', 'ready'], 1],
    ['a refusal', 'aborted', 'refused', ['ready'], 3],
    ['what still goes on when the time is up', 'running', undefined, ['ready'], 9],
    ['what still waits when the time is up', 'waiting', undefined, [], 9],
  ])('%s', (_story, state, code, deployments, exit) => {
    expect(exitOfRollout(ended(state, code, ...deployments))).toBe(exit);
  });
});
