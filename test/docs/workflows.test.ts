import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { Inputs } from '../../action/inputs.ts';
import { rollout } from '../../cli/commands/rollout.ts';

const ROOT = join(import.meta.dirname, '../..');
const FOLDER = join(ROOT, 'examples/workflows');
const read = (path: string) => readFileSync(path, 'utf8');

const Step = z.object({ uses: z.string().optional(), with: z.record(z.string(), z.unknown()).default({}) });
const Permissions = z.record(z.string(), z.string()).default({});
const Job = z.object({ permissions: Permissions, uses: z.string().optional(), steps: z.array(Step).default([]) });
const Workflow = z.object({ permissions: Permissions, jobs: z.record(z.string(), Job) });

const files = readdirSync(FOLDER).filter((file) => file !== 'azure-pipelines.yml');
const workflows = files.map((file) => ({ file, workflow: Workflow.parse(parse(read(join(FOLDER, file)))) }));
const jobs = workflows.flatMap(({ file, workflow }) =>
  Object.values(workflow.jobs).map((job) => ({
    file,
    job,
    permissions: { ...workflow.permissions, ...job.permissions },
  })),
);
const stepsIn = (steps: readonly z.output<typeof Step>[]) =>
  steps.filter(({ uses = '' }) => uses.startsWith('acme/fairlead/action@')).map((step) => step.with);
/** The step of the guide's first example. */
const guide = Workflow.shape.jobs.valueType.parse(
  parse(/```yaml\n([\s\S]*?)```/.exec(read(join(ROOT, 'docs/github-action.md')))?.[1] ?? ''),
).steps;

describe('the workflows of the examples and the guide', () => {
  test('are some', () => {
    expect(jobs.flatMap(({ job }) => stepsIn(job.steps)).length).toBeGreaterThan(3);
    expect(stepsIn(guide)).toHaveLength(1);
  });

  test.each(jobs.map(({ file, ...job }) => [file, job] as const))(
    '%s lets the job ask for its token',
    (_file, { permissions }) => {
      expect(permissions['id-token']).toBe('write');
    },
  );

  test.each([
    ...jobs.flatMap(({ file, job }) => stepsIn(job.steps).map((given) => [file, given] as const)),
    ...stepsIn(guide).map((given) => ['the guide', given] as const),
  ])('%s gives the Action inputs that it has, and all that it needs', (_file, given) => {
    // GitHub fills its expressions in; what they become is theirs to know.
    const texts = Object.entries(given).map(([name, value]) => [name, String(value).replace(/\$\{\{.*?\}\}/g, '7')]);
    const found = Inputs.partial().safeParse(Object.fromEntries(texts));
    const unknown = found.error?.issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []));
    expect(unknown ?? []).toEqual([]);
    for (const name of ['endpoint', 'role-to-assume', 'package', 'version']) expect(Object.keys(given)).toContain(name);
  });

  test('pin the actions of others by commit', () => {
    const used = jobs
      .flatMap(({ job }) => job.steps)
      .flatMap(({ uses = '' }) => (/^actions\//.test(uses) ? [uses] : []));
    for (const uses of used) expect(uses).toMatch(/@[0-9a-f]{40}$/);
  });
});

test('the pipeline for Azure uses flags that the command has', () => {
  const flags = read(join(FOLDER, 'azure-pipelines.yml')).match(/(?<=\s--)[a-z-]+/g) ?? [];
  expect(flags.length).toBeGreaterThan(3);
  for (const flag of flags) expect(Object.keys(rollout.flags ?? {})).toContain(flag);
});
