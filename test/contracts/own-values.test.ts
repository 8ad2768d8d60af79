import { describe, expect, test } from 'vitest';
import { Values } from '../../contracts/api/values.ts';

describe("a rollout's own values", () => {
  test.each([
    [{ db: { pw: 'ssm:/p/x' } }, ['db', 'pw']],
    [{ list: ['a', { b: 'secretsmanager:arn:aws:x' }] }, ['list', 1, 'b']],
    [{ a: 'ssm:not a name' }, ['a']],
  ])('%j refers to a secret, and is refused with the place', (values, path) => {
    const read = Values.safeParse(values);
    expect(read.error?.issues).toMatchObject([{ path, message: expect.stringContaining('cannot refer to secrets') }]);
    expect(read.error?.issues[0]?.message).not.toContain('/p/x');
  });

  test.each([[{ a: 'an ssm:/p/x' }], [{ a: 'SSM:/p/x' }], [{ 'ssm:/p/x': 'key' }], [{ a: 1, b: [null, true] }]])(
    '%j refers to none',
    (values) => {
      expect(Values.safeParse(values).success).toBe(true);
    },
  );
});
