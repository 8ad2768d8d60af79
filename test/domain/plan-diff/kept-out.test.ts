import { expect, test } from 'vitest';
import { keptOut } from '../../../domain/plan-diff/kept-out.ts';
import { aHold, aQuarantine } from '../../support/items.ts';
import { aDiff, image } from '../../support/plan-diffs.ts';

const changes = aDiff('dev', { state: 'changes', objects: [image('1', '2')] });
const deletion = { code: 'deletion', blocks: false, because: 'it would be deleted' } as const;

test('what nothing keeps out stays as it is', () => {
  expect(keptOut(changes, { hold: undefined, quarantine: undefined })).toBe(changes);
});

test('inputs in quarantine are blocked there, in the words of the deployment that would be, and say how they get in', () => {
  const { state, because, problems } = keptOut(
    { ...changes, problems: [deletion] },
    { hold: undefined, quarantine: aQuarantine() },
  );
  expect(state).toBe('blocked');
  expect(because).toMatch(/^these inputs are quarantined in dev since rollout .*: fairlead lift webui dev$/);
  expect(problems.map(({ code, blocks }) => [code, blocks])).toEqual([
    ['quarantined', true],
    ['deletion', false],
  ]);
});

test('a held package is to be minded, and blocks nothing: the rollout passes it by', () => {
  const { state, problems } = keptOut(changes, { hold: aHold(), quarantine: undefined });
  expect(state).toBe('changes');
  expect(problems).toEqual([
    expect.objectContaining({ code: 'held', blocks: false, because: expect.stringContaining('lift') }),
  ]);
});

test('what nobody could look into stays so', () => {
  const errored = aDiff('dev', { state: 'errored', because: 'the deployer told nothing' });
  expect(keptOut(errored, { hold: undefined, quarantine: aQuarantine() })).toMatchObject({
    state: 'errored',
    because: 'the deployer told nothing',
    problems: [{ code: 'quarantined' }],
  });
});
