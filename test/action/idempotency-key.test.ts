import { describe, expect, it } from 'vitest';
import { idempotencyKey } from '../../action/idempotency-key.ts';
import { IdempotencyKey } from '../../contracts/api/rollout.ts';
import { runJob } from './support.ts';

const ENV = {
  GITHUB_REPOSITORY: 'acme/webui',
  GITHUB_RUN_ID: '77',
  GITHUB_RUN_ATTEMPT: '1',
  GITHUB_JOB: 'roll',
  GITHUB_ACTION: '__acme_step',
};
const BODY = { version: '1.0.0', values: { a: 1, b: 2 } };
const KEY = idempotencyKey(ENV, 'webui', BODY);

describe('the key of a start', () => {
  it('is one that the API takes', () => {
    expect(IdempotencyKey.safeParse(KEY).success).toBe(true);
    const long = { ...ENV, GITHUB_REPOSITORY: `${'o'.repeat(39)}/${'r'.repeat(100)}`, GITHUB_RUN_ID: '9'.repeat(190) };
    expect(IdempotencyKey.safeParse(idempotencyKey(long, 'webui', BODY)).success).toBe(true);
  });

  it('is the same for the same step that says the same, in whatever order', () => {
    expect(idempotencyKey({ ...ENV }, 'webui', { values: { b: 2, a: 1 }, version: '1.0.0' })).toBe(KEY);
  });

  it.each<[string, Record<string, string>, string, unknown]>([
    ['repository', { GITHUB_REPOSITORY: 'acme/worker' }, 'webui', BODY],
    ['run', { GITHUB_RUN_ID: '78' }, 'webui', BODY],
    ['attempt', { GITHUB_RUN_ATTEMPT: '2' }, 'webui', BODY],
    ['job', { GITHUB_JOB: 'other' }, 'webui', BODY],
    ['step', { GITHUB_ACTION: '__acme_step_2' }, 'webui', BODY],
    ['package', {}, 'worker', BODY],
    ['request, as a leg of a matrix has', {}, 'webui', { ...BODY, targets: [{ target: { ring: 'eu' } }] }],
  ])('differs by %s', (_what, env, pkg, body) => {
    expect(idempotencyKey({ ...ENV, ...env }, pkg, body)).not.toBe(KEY);
  });

  it('outside of a job has to be given', async () => {
    const outside = { GITHUB_RUN_ID: undefined };
    const job = await runJob({ env: outside });
    expect([job.code, job.got, job.said.join('\n')]).toEqual([
      6,
      [],
      expect.stringContaining('GITHUB_RUN_ID is not set'),
    ]);
    expect(
      (await runJob({ env: outside, with: { 'idempotency-key': 'mine' } })).got[0]?.headers['idempotency-key'],
    ).toBe('mine');
  });
});
