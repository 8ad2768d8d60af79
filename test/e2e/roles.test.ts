/** The roles on a real stack: whom AWS's trust lets in, in each of its ways, and what the emergency role leaves behind. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import * as z from 'zod';
import { onStack } from '../../bin/destination.ts';
import { AuditLine } from '../../contracts/api/audit.ts';
import { openSession } from '../../local/aws/session.ts';
import type { CommandLine } from '../../local/demo/command-line.ts';
import { askWorkflowEnv } from '../../local/github/ask-workflow-env.ts';
import { assumeSourceRole } from '../../local/github/assume-source-role.ts';
import type { WorkflowRun } from '../../local/github/workflow-run.ts';
import { type E2eWorld, e2eWorld } from '../support/e2e-world.ts';

const stack = inject('stack');
let world: E2eWorld;
let emergency: CommandLine;
beforeAll(async () => {
  world = await e2eWorld(stack);
  const roleArn = stack.outputs['BreakGlassRoleArn'] ?? '';
  const { expiration, ...session } = await openSession(stack.endpoint, roleArn, 'ada', 3600);
  emergency = world.as(
    onStack(stack, 'in an emergency', async () => ({ ...session, expiration: new Date(expiration) })),
  );
});
afterAll(async () => await world?.stop());

const sessionOf = async (job: WorkflowRun) =>
  await assumeSourceRole({
    endpoint: stack.endpoint,
    region: stack.region,
    roleArn: stack.outputs['SourceRoleArnWorker'] ?? '',
    env: await askWorkflowEnv(stack.github, job),
  });
const WORKER = { repository: 'acme/worker' };

describe('a source with branches, a pattern of tags and an environment', () => {
  test.each<[string, WorkflowRun]>([
    ['a branch', WORKER],
    ['a tag of the pattern', { ...WORKER, ref: 'refs/tags/v1.4.2' }],
    ['the environment', { ...WORKER, environment: 'production', ref: 'refs/heads/feature' }],
  ])('lets in %s', async (_, job) => {
    const credentials = await sessionOf(job);
    const source = world.as(onStack(stack, 'as acme/worker', async () => credentials));
    // Its own package it may ask for, whether it is there or not; a foreign one it may not.
    const own = await source(['package', 'get', 'worker']);
    expect(own.err).not.toContain('refuses');
    expect((await source(['package', 'get', 'webui'])).err).toContain('refuses');
  });

  test.each<[string, WorkflowRun]>([
    ['another branch', { ...WORKER, ref: 'refs/heads/feature' }],
    ['another tag', { ...WORKER, ref: 'refs/tags/nightly' }],
    ['a branch called like a tag', { ...WORKER, ref: 'refs/heads/v1' }],
    ['a pull request', { ...WORKER, event: 'pull_request', ref: 'refs/pull/7/merge' }],
    ['another environment', { ...WORKER, environment: 'staging' }],
    ['a fork', { repository: 'mallory/worker' }],
  ])('does not let in %s', async (_, job) => {
    await expect(sessionOf(job)).rejects.toThrow(/Not authorized to perform sts:AssumeRoleWithWebIdentity/);
  });
});

describe('the emergency role', () => {
  const put = ['package', 'put', 'broken-glass', '--namespace', 'broken-glass'];
  const audited = async () =>
    z.array(AuditLine).parse(await world.json('audit', '--since', '1h', '--package', 'broken-glass'));

  test('looks without a reason, and changes nothing without one', async () => {
    expect((await emergency(['package', 'list'])).code).toBe(0);
    const { code, err } = await emergency(put);
    expect(code).not.toBe(0);
    expect(err).toContain('fairlead-break-glass changes nothing without a reason');
  });

  test('changes what operators may, and the reason stays with it', async () => {
    expect((await emergency([...put, '--break-glass', 'größere Störung: region eu is down'])).code).toBe(0);
    expect((await audited()).map(({ operation, by }) => ({ operation, by }))).toEqual([
      {
        operation: 'putPackage',
        by: expect.objectContaining({
          role: 'fairlead-break-glass',
          session: 'ada',
          breakGlass: 'größere Störung: region eu is down',
        }),
      },
    ]);
  });

  test('is for emergencies only: an operator who gives a reason is told to leave it out', async () => {
    const { code, err } = await world.operator([...put, '--break-glass', 'because']);
    expect(code).not.toBe(0);
    expect(err).toContain('leave it out');
  });
});
