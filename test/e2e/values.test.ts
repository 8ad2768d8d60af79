/** Layers of values from the command line, on the running stack: short ones, long ones, edited ones, and what they lead to. */
import { access, chmod, writeFile } from 'node:fs/promises';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import * as z from 'zod';
import { commandLineOn } from '../../bin/command-line-on.ts';
import { asOperator } from '../../bin/destination.ts';
import { localClient } from '../../local/aws/local-clients.ts';
import { mustRun } from '../../local/demo/command-line.ts';
import { waitUntil } from '../../local/process/wait-until.ts';
import { CONFIG } from '../support/e2e-charts.ts';
import { aStory, type Story } from '../support/e2e-story.ts';
import { type E2eWorld, e2eWorld } from '../support/e2e-world.ts';

const stack = inject('stack');
let world: E2eWorld;
beforeAll(async () => {
  world = await e2eWorld(stack);
});
afterAll(async () => await world?.stop());

const told = (about: string): Promise<Story> => aStory(world, about, { environments: ['one', 'two'] });
const values = (command: string, pkg: string, ...flags: readonly string[]) =>
  mustRun(world.operator, 'values', command, pkg, ...flags);
const text = async (pkg: string, ...flags: readonly string[]) =>
  (await values('get', pkg, ...flags)).split('\n').slice(1).join('\n');
const colourOf = (story: Story, environment: string | undefined) =>
  world.kubectl(
    'get',
    'configmap',
    story.name,
    '-n',
    story.namespace(environment ?? ''),
    '-o',
    'jsonpath={.data.colour}',
  );
/** Many lines that nobody uses. */
const filler = (bytes: number) =>
  Array.from({ length: bytes / 30 }, (_, i) => `filler${i}: some words of ours ${i}`).join('\n');

describe('layers on the running stack', () => {
  test('are written, listed, told the history of, compared and put back', async () => {
    const { name, environments } = await told('layers');
    const [one = ''] = environments;
    await values('put', name, '-f', await world.file(`${name}/a.yaml`, '# of all\ncolour: blue\n'));
    await values('set', name, 'colour=green', '--environment', one);
    await values('set', name, 'colour=red');
    expect(await text(name)).toBe('# of all\ncolour: red');
    const history = z.object({ versions: z.array(z.object({ version: z.int(), by: z.string().optional() })) });
    const { versions } = history.parse(await world.json('values', 'history', name));
    expect(versions.map(({ version }) => version)).toEqual([2, 1]);
    expect(await values('diff', name)).toContain('-colour: blue\n+colour: red');
    await values('restore', name, '--version', '1');
    expect(await text(name)).toBe('# of all\ncolour: blue');
    const List = z.object({ layers: z.array(z.object({ name: z.string(), version: z.int(), of: z.string() })) });
    const { layers } = List.parse(await world.json('values', 'list', name));
    expect(layers.map(({ of, version }) => [of, version])).toEqual([
      ['all', 3],
      [one, 1],
    ]);
    const compared = (await values('compare', name, 'colour')).split('\n');
    expect(compared.find((line) => line.startsWith(`${one} `))).toMatch(/ green +\S+\.environment\.\S+ +1 +1$/);
    expect(compared.find((line) => line.startsWith(environments[1] ?? '?'))).toMatch(
      / blue +\S+-service-helm-values +3 +2$/,
    );
    await values('delete', name, '--environment', one, '--yes');
    expect((await world.operator(['values', 'get', name, '--environment', one])).code).toBe(2);
  });

  test.each([6_000, 300_000])('of %i bytes stand in the values bucket, and a rollout uses them', async (bytes) => {
    const story = await told('spilled');
    const long = await world.file(`${story.name}/long.yaml`, `colour: spilled\n${filler(bytes)}\n`);
    const [out] = await Promise.all([values('put', story.name, '-f', long), story.push('1.0.0', CONFIG)]);
    expect(out).toMatch(/bytes are more than the 4096 of a parameter: \d+ bytes are kept in s3:\/\/\S+\/spilled-/);
    expect(await text(story.name)).toContain('filler1: some words of ours 1');
    const { code, ended } = await story.roll('1.0.0');
    expect([code, ended.state]).toEqual([0, 'succeeded']);
    expect(await colourOf(story, story.environments[0])).toBe('spilled');
    await values('set', story.name, 'colour=again');
    expect(await values('diff', story.name)).toContain('-colour: spilled\n+colour: again');
  });

  test('that point to what is not there stop the rollout before anything is touched', async () => {
    const story = await told('pointless');
    const long = await world.file(`${story.name}/long.yaml`, `colour: spilled\n${filler(6_000)}\n`);
    await Promise.all([values('put', story.name, '-f', long), story.push('1.0.0', CONFIG)]);
    const ssm = new SSMClient(localClient(stack.endpoint));
    const Name = `${story.name}-service-helm-values`;
    const Value = (await ssm.send(new GetParameterCommand({ Name }))).Parameter?.Value ?? '';
    await ssm.send(
      new PutParameterCommand({ Name, Value: Value.replace(/[0-9a-f]{64}$/, '0'.repeat(64)), Overwrite: true }),
    );
    ssm.destroy();
    const { code, ended } = await story.roll('1.0.0');
    expect([code, ended.state]).toEqual([8, 'failed']);
    expect(JSON.stringify(ended)).toMatch(/pointless-\S+ version 2 points to s3:/);
    expect(await story.history(story.environments[0] ?? '')).toEqual([]);
  });

  test('are edited in the editor of whoever edits, who is told when somebody else was faster', async () => {
    const { name } = await told('edited');
    await values('put', name, '-f', await world.file(`${name}/a.yaml`, 'colour: blue # why\nshape: round\n'));
    const sed = await script(name, 'sed -i s/blue/green/ "$1"');
    expect((await editor(sed)(['values', 'edit', name])).code).toBe(0);
    expect(await text(name)).toBe('colour: green # why\nshape: round');
    const saved = await world.file(`${name}/theirs.yaml`, 'colour: theirs\n');
    // An editor that is open until the other one has saved.
    const [opened, go] = [`${saved}.opened`, `${saved}.go`];
    const wait = `i=0; while [ ! -f ${go} ] && [ $i -lt 600 ]; do i=$((i+1)); sleep 0.1; done`;
    const slow = await script(name, `sed -i s/green/ours/ "$1"; : > ${opened}; ${wait}`);
    const editing = editor(slow)(['values', 'edit', name]);
    await waitUntil(async () => (await exists(opened)) || undefined, { deadlineMs: 60_000, what: 'the editor' });
    await values('put', name, '-f', saved);
    await writeFile(go, '');
    const { code, err } = await editing;
    expect([code, await text(name)]).toEqual([1, 'colour: theirs']);
    expect(err).toMatch(/is at version 3, not 2: nothing was written/);
    expect(err).toMatch(/your text is kept in \S+\.yaml/);
  });

  test('that two people set at once have what both set', async () => {
    const { name } = await told('at-once');
    await values('put', name, '-f', await world.file(`${name}/a.yaml`, 'a: 0\nb: 0\nc: 0\n'));
    await Promise.all(['a=1', 'b=1', 'c=1'].map((change) => values('set', name, change)));
    expect(await text(name)).toBe('a: 1\nb: 1\nc: 1');
  });
});

async function script(name: string, line: string): Promise<string> {
  const path = await world.file(`${name}/editor-${line.length}.sh`, `#!/bin/sh\n${line}\n`);
  await chmod(path, 0o700);
  return path;
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/** An operator with an editor of his own. */
function editor(program: string) {
  const terminal = { out: () => {}, err: () => {}, live: false, colour: false, columns: 120, draw() {}, done() {} };
  const own = {
    terminal,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], EDITOR: program },
    interrupted: new AbortController().signal,
    readFile: async () => '',
    newKey: () => 'none',
    now: () => new Date(),
  };
  return commandLineOn(own, stack, asOperator(stack));
}
