import { expect, test } from 'vitest';
import { Stage } from '../../contracts/stage.ts';

const stage = (more: object) => Stage.safeParse({ name: 'all', targets: [{}], ...more });

test('what is not said of a stage is safe: no failure allowed, ten at once, no soak, no pace', () => {
  expect(stage({}).data).toEqual({ name: 'all', targets: [{}], soakMinutes: 0, maxParallel: 10, failureBudget: 0 });
});

test.each([0, 1, 1000, '0%', '10%', '100%'])('a failure budget may be %s', (failureBudget) => {
  expect(stage({ failureBudget }).data).toMatchObject({ failureBudget });
});

test.each([-1, 1.5, 1001, '10', '101%', '-1%', '1.5%', '%', '10 %', null])(
  'a failure budget may not be %s',
  (failureBudget) => {
    expect(stage({ failureBudget }).error?.issues).toMatchObject([{ path: ['failureBudget'] }]);
  },
);

test('silent clusters are waited for an hour where nothing else is said', () => {
  expect(stage({ unreachable: { policy: 'wait' } }).data?.unreachable).toEqual({ policy: 'wait', minutes: 60 });
});

test.each([
  ['an unknown policy', { unreachable: { policy: 'retry' } }],
  ['minutes without a policy', { unreachable: { minutes: 5 } }],
  ['a field that is not there', { unreachable: { policy: 'wait', hours: 1 } }],
  ['more than a week', { unreachable: { policy: 'wait', minutes: 10_081 } }],
  ['a pace of more than a week', { spreadMinutes: 10_081 }],
  ['a pace back in time', { spreadMinutes: -1 }],
  ['a soak of more than a week', { soakMinutes: 10_081 }],
  ['41 at once', { maxParallel: 41 }],
])('%s is refused', (_sentence, more) => {
  expect(stage(more).success).toBe(false);
});

test.each([
  ['10', "a number of deployments, or a share of the stage such as '10%'"],
  ['101%', "a share of the stage is '0%' to '100%'"],
])('of budget %s it is said what it may be', (failureBudget, words) => {
  expect(stage({ failureBudget }).error?.issues).toMatchObject([{ message: words }]);
});
