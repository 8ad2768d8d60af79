/** Changed values on the command line: seen, announced, brought. */
import { describe, expect, test } from 'vitest';
import type { ChangeItem } from '../../domain/items/values.ts';
import { keys } from '../../domain/keys.ts';
import { create } from '../../domain/table.ts';
import { aDeployment, aRelease, OTHER_ROLLOUT, someInputs } from '../support/items.ts';
import { testCli } from './support.ts';

const LAYER = 'webui-service-helm-values.environment.dev';
const ANN = 'arn:aws:sts::123456789012:assumed-role/fairlead-operator/ann';

/** Rolled out to dev, whose layer somebody has edited since. */
async function changed(given: Partial<ChangeItem> = {}) {
  const cli = await testCli();
  const item: Omit<ChangeItem, 'rev'> = {
    type: 'change',
    v: 1,
    package: 'webui',
    changed: [{ name: LAYER, version: 4, by: ANN, at: '2026-11-21T09:00:00.000Z' }],
    since: '2026-11-21T09:00:00.000Z',
    last: '2026-11-21T09:00:00.000Z',
    state: 'announced',
    planId: '01JD0Z5Q6X3N8V7T2K4M9R1BPN',
    because: 'a plan shows it',
    ...given,
  };
  const deployment = aDeployment({
    rolloutId: OTHER_ROLLOUT,
    state: 'succeeded',
    inputs: someInputs({ version: '1.0.0' }),
  });
  await cli.api.table.transact([
    create(keys.change('webui'), item),
    create(keys.release('dev', 'webui'), aRelease({ attempted: OTHER_ROLLOUT })),
    create(keys.deployment(OTHER_ROLLOUT, 'dev'), deployment),
  ]);
  return cli;
}

describe('values changes', () => {
  test('says what was changed by whom, and what became of it', async () => {
    const { code, out } = await (await changed()).run('values changes');
    expect(code).toBe(0);
    expect(out).toMatch(/^webui\s+announced\s+since 2026-11-21T09:00:00.000Z\s+a plan shows it$/m);
    expect(out).toContain(`  ${LAYER} v4 by ${ANN} at 2026-11-21T09:00:00.000Z`);
  });

  test('says so when nothing was', async () => {
    expect((await (await testCli()).run('values changes')).out.trim()).toBe('no layer of values was changed yet');
  });
});

describe('status', () => {
  test('names changes that wait for somebody, with the commands that show and bring them', async () => {
    const { out } = await (await changed()).run('status');
    expect(out).toContain(`values of webui changed: ${LAYER} v4`);
    expect(out).toContain("'fairlead plan show webui 01JD0Z5Q6X3N8V7T2K4M9R1BPN' shows what it changes");
    expect(out).toContain("'fairlead values apply webui' brings it");
  });

  test.each(['gathering', 'started', 'ended'] as const)('says nothing of one that is %s', async (state) => {
    const { out } = await (await changed({ state })).run('status');
    expect(out).not.toContain('values of webui changed');
  });
});

describe('values apply', () => {
  test('starts a rollout of the environments that use it, and every view names the cause', async () => {
    const cli = await changed();
    const { code, err } = await cli.run('values apply webui --no-wait');
    expect(code).toBe(0);
    expect(err).toContain('brings changed values of webui to up to 1 environment');
    const { out } = await cli.run('status webui latest');
    expect(out).toContain('webui 1.0.0 (values changed)');
    expect(out).toContain(`values changed: ${LAYER} v4 by fairlead-operator/ann`);
    expect((await cli.run('events webui latest')).out).toContain(`values of webui changed (${LAYER} v4 by ${ANN})`);
  });

  test.each([
    ['values apply webui --target ring=prod --no-wait', 4, 'no target reaches dev'],
    ['values apply worker --no-wait', 2, 'no changed values of worker wait'],
    ['values apply webui --target ring', 6, '--target'],
  ])('%s ends %i', async (line, code, words) => {
    const cli = await changed();
    const ran = await cli.run(line);
    expect(ran).toMatchObject({ code, err: expect.stringContaining(words) });
  });
});

test.each([
  ['auto', 0],
  ['sometimes', 6],
])('package put --values-rollout %s ends %i', async (mode, code) => {
  const cli = await testCli();
  const ran = await cli.run(`package put webui --namespace webui --values-rollout ${mode}`);
  expect(ran.code).toBe(code);
  const item = await cli.api.table.get(keys.package('webui'));
  expect(item?.valuesRollout).toBe(code === 0 ? mode : undefined);
});
