import { expect, test } from 'vitest';
import { PlanResult } from '../../../contracts/plan-diff.ts';
import type { EnvironmentDiff } from '../../../domain/plan-diff/environment-diff.ts';
import { judgeDiff } from '../../../domain/plan-diff/judge-diff.ts';
import { summarisePlan, troubledDiff } from '../../../domain/plan-diff/summarise-plan.ts';
import { aDiff, aSummary, image, planned } from '../../support/plan-diffs.ts';

test('a plan of many environments is put together, and reads back as its contract', () => {
  const result = aSummary();
  expect(PlanResult.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
  expect(result.environments.map(({ environment, state, objects }) => [environment, state, objects])).toEqual([
    ['dev', 'unchanged', 0],
    ['far', 'unreachable', 0],
    ['prod-eu', 'changes', 2],
    ['qa', 'changes', 1],
  ]);
  expect(result.groups.map(({ state, environments }) => [state, environments])).toEqual([
    ['unchanged', ['dev']],
    ['changes', ['prod-eu', 'qa']],
    ['unreachable', ['far']],
  ]);
});

test('the same problem and the same value are told once, with their environments; what blocks comes first', () => {
  const deletion = { code: 'deletion', blocks: false, because: 'it would be deleted', object: 'ConfigMap a' } as const;
  const forbidden = { code: 'forbidden', blocks: true, because: 'no' } as const;
  const value = { key: 'a', from: { value: 1 }, to: { value: 2 }, origin: 'x version 3' };
  const { problems, values } = summarisePlan(planned, [
    aDiff('b', { problems: [deletion], values: [value] }),
    aDiff('a', { problems: [deletion, forbidden], values: [value, { ...value, to: { value: 3 } }] }),
  ]);
  expect(problems).toEqual([
    { ...forbidden, environments: ['a'] },
    { ...deletion, environments: ['a', 'b'] },
  ]);
  expect(values.map(({ to, environments }) => [to?.value, environments])).toEqual([
    [2, ['a', 'b']],
    [3, ['a']],
  ]);
});

test('what could not be worked out says why', () => {
  const problem = { code: 'values', blocks: true, because: 'host is missing' } as const;
  const diff = troubledDiff({ environment: 'dev', stage: 'all', version: '1.0.0' }, 'blocked', problem);
  expect(diff).toMatchObject({ state: 'blocked', because: 'host is missing', objects: [], problems: [problem] });
});

type Seen = Partial<Pick<EnvironmentDiff, 'objects' | 'same' | 'problems'>>;
const blocking = { code: 'conflict', blocks: true, because: 'scaler owns it', object: 'Deployment web' } as const;
test.each<[string, Seen, string, string]>([
  ['nothing', { same: 3 }, 'unchanged', 'nothing changes: 3 objects stay as they are'],
  ['no objects at all', {}, 'unchanged', 'it has no objects'],
  ['some', { same: 3, objects: [image('1', '2')] }, 'changes', '1 of 4 objects would change'],
  [
    'a problem that blocks',
    { objects: [image('1', '2')], problems: [blocking] },
    'blocked',
    'Deployment web: scaler owns it',
  ],
  [
    'two that block',
    { problems: [blocking, { ...blocking, object: 'b' }] },
    'blocked',
    'Deployment web: scaler owns it, and 1 more',
  ],
  [
    'one that does not',
    { same: 1, problems: [{ ...blocking, blocks: false }] },
    'unchanged',
    'nothing changes: 1 object stays as it is',
  ],
  [
    'silence',
    { problems: [blocking, { code: 'unreachable', blocks: true, because: 'no answer' }] },
    'unreachable',
    'no answer',
  ],
])('%s', (_, seen, state, because) => {
  expect(judgeDiff({ objects: [], same: 0, problems: [], ...seen })).toEqual({ state, because });
});
