/** From an edit in Parameter Store to a rollout, a plan or nothing: the functions together, on memory. */
import { describe, expect, test } from 'vitest';
import { memorySpilledLayers } from '../../adapters/memory/memory-spilled-layers.ts';
import { spillText } from '../../domain/values/layers/spill.ts';
import { DoneInPart } from '../../lambdas/roll-out-values/handler.ts';
import { anEnvironment, aStage, ROLLOUT } from '../support/items.ts';
import { ANN, LAYER, type ValuesWorld, valuesWorld } from '../support/values-world.ts';

const NOTHING = { found: 0, started: 0, announced: 0, ended: 0 };
const OLDER = '01JD0Z5Q6X3N8V7T2K4M9R1B00';
const BACK = '01JD0Z5Q6X3N8V7T2K4M9R1B01';

/** Rolled out everywhere at 1.0.0 with this layer. */
async function standing(value = 'a: 1', given: Parameters<typeof valuesWorld>[0] = {}): Promise<ValuesWorld> {
  const world = await valuesWorld(given);
  await world.edit(LAYER, value, { quiet: true });
  await world.rollOut(ROLLOUT, { values: { own: true } });
  world.pass(60);
  return world;
}

const into = async (world: ValuesWorld, id: string) =>
  (await world.deployments(id)).map(({ environment }) => environment).toSorted();

describe('with auto', () => {
  test.each([
    ['the package’s own layer', LAYER, ['dev', 'prod-eu', 'prod-us']],
    ['a label’s layer', `${LAYER}.label.ring.prod`, ['prod-eu', 'prod-us']],
    ['an environment’s layer', `${LAYER}.environment.prod-eu`, ['prod-eu']],
    ['a layer of secrets', '/f/webui-service-helm-secrets.environment.dev', ['dev']],
  ])('an edit of %s leads to a rollout of exactly the environments that use it', async (_, name, expected) => {
    const world = await standing();
    await world.edit(name, 'a: 2', name.includes('secrets') ? { secret: true } : {});
    world.pass(59);
    expect(await world.minute()).toEqual(NOTHING);
    world.pass(1);
    expect(await world.minute()).toEqual({ ...NOTHING, started: 1 });
    const { id } = await world.started();
    expect(await world.goes(id)).toEqual({ outcome: 'planned' });
    expect(await into(world, id)).toEqual(expected);
    // What it came to is what was attempted now: nothing is left to do.
    world.pass(60);
    expect(await world.minute()).toEqual(NOTHING);
  });

  test('each environment keeps its version and own values, and gets the layers as they are now', async () => {
    const world = await standing();
    await world.rollOut(OLDER, {
      version: '1.1.0',
      stages: [{ name: 's', targets: [{ ring: 'dev' }], soakMinutes: 0, maxParallel: 1, failureBudget: 0 }],
    });
    await world.edit(LAYER, 'a: 2');
    world.pass(60);
    await world.minute();
    const { id } = await world.started();
    await world.goes(id);
    const inputs = Object.fromEntries((await world.deployments(id)).map((one) => [one.environment, one.inputs]));
    expect(inputs).toMatchObject({
      dev: { version: '1.1.0', chartDigest: 'sha256:1.1.0', valuesOf: OLDER, layers: [{ name: LAYER, version: 2 }] },
      'prod-eu': { version: '1.0.0', chartDigest: 'sha256:1.0.0', valuesOf: ROLLOUT },
    });
    expect(await world.started()).toMatchObject({ version: '1.0.0, 1.1.0' });
  });

  test('a burst of edits makes one rollout, with everything that was changed and by whom', async () => {
    const world = await standing();
    for (const [i, name] of [LAYER, `${LAYER}.label.ring.dev`, LAYER].entries()) {
      await world.edit(name, `a: ${i + 2}`);
      world.pass(30);
      expect(await world.minute()).toEqual(NOTHING);
    }
    world.pass(60);
    expect(await world.minute()).toEqual({ ...NOTHING, started: 1 });
    expect((await world.started()).valuesChange?.changed).toMatchObject([
      { name: LAYER, version: 3, by: ANN },
      { name: `${LAYER}.label.ring.dev`, version: 1, by: ANN },
    ]);
    world.pass(600);
    expect(await world.minute()).toEqual(NOTHING);
  });

  test('an edit that is taken back before it is quiet comes to nothing', async () => {
    const world = await standing('a: 1');
    await world.edit(LAYER, 'a: 2');
    await world.edit(LAYER, 'a: 1');
    world.pass(60);
    expect(await world.minute()).toEqual({ ...NOTHING, ended: 1 });
    expect(await world.change()).toMatchObject({ because: expect.stringContaining('has it already') });
  });

  test('an edit is a change of what was attempted last, also when that was bad and was taken back', async () => {
    const world = await standing('a: 1');
    await world.edit(LAYER, 'a: bad');
    world.pass(60);
    await world.minute();
    // helm would roll back now: what was attempted stays what it was.
    await world.goes((await world.started()).id);
    for (let minute = 0; minute < 180; minute++) {
      world.pass(60);
      expect(await world.minute()).toEqual(NOTHING);
    }
    await world.edit(LAYER, 'a: 1');
    world.pass(60);
    expect(await world.minute()).toEqual({ ...NOTHING, started: 1 });
  });

  test('a layer in the bucket whose parameter was deleted and made anew is brought, though it has its version again', async () => {
    const spilled = memorySpilledLayers();
    const pointer = async (text: string) => spillText(await spilled.put('webui', text));
    const world = await standing(await pointer('a: 1'), { spilled });
    await world.begun(ROLLOUT);
    world.pass(60);
    await world.edit(LAYER, undefined);
    await world.edit(LAYER, await pointer('a: 2'));
    world.pass(60);
    expect(await world.minute()).toEqual({ ...NOTHING, started: 1 });
    const { id } = await world.started();
    expect(await world.goes(id)).toEqual({ outcome: 'planned' });
    expect(await into(world, id)).toEqual(['dev', 'prod-eu', 'prod-us']);
  });

  test('a layer in the bucket that was attempted as it stands is none, however late its event comes', async () => {
    const spilled = memorySpilledLayers();
    const world = await standing(spillText(await spilled.put('webui', 'a: 1')), { spilled });
    await world.begun(ROLLOUT);
    expect(await world.told(LAYER)).toMatchObject({ noted: true });
    world.pass(60);
    expect(await world.minute()).toEqual({ ...NOTHING, ended: 1 });
  });

  test('it waits for an open rollout that goes to the same environments', async () => {
    const world = await standing();
    await world.edit(LAYER, 'a: 2');
    const open = {
      type: 'open',
      v: 1,
      rev: 1,
      rolloutId: OLDER,
      package: 'webui',
      sequence: 9,
      environments: ['dev'],
    } as const;
    const key = { type: 'open', pk: 'PACKAGE#webui', sk: 'OPEN#0000000009' } as const;
    await world.table.transact([{ do: 'put', key, item: open, expect: 'any' }]);
    world.pass(60);
    expect(await world.minute()).toEqual(NOTHING);
    expect(await world.change()).toMatchObject({ state: 'gathering', because: expect.stringContaining(OLDER) });
    await world.table.transact([{ do: 'delete', key, expect: 'any' }]);
    expect(await world.minute()).toEqual({ ...NOTHING, started: 1 });
  });

  test('where the package never was nothing is begun', async () => {
    const world = await valuesWorld();
    await world.edit(LAYER, 'a: 1');
    world.pass(60);
    expect(await world.minute()).toEqual({ ...NOTHING, ended: 1 });
  });

  test('what was deleted is brought, too', async () => {
    const world = await standing();
    await world.edit(LAYER, undefined);
    world.pass(60);
    await world.minute();
    const { id, valuesChange } = await world.started();
    expect(valuesChange?.changed).toEqual([{ name: LAYER, by: 'unknown', at: expect.any(String) }]);
    await world.goes(id);
    expect((await world.deployments(id)).map(({ inputs }) => inputs.layers)).toEqual([[], [], []]);
  });

  test('what has come out the same by the time it is planned is refused, and nothing is touched', async () => {
    const world = await standing('a: 1');
    await world.edit(LAYER, 'a: 2');
    world.pass(60);
    await world.minute();
    await world.edit(LAYER, 'a: 1', { quiet: true });
    expect(await world.goes((await world.started()).id)).toMatchObject({
      outcome: 'refused',
      code: 'nothing-matched',
      because: expect.stringContaining('nothing changed'),
    });
  });

  test('a release that would move is left where it is, for a rollout', async () => {
    const world = await standing();
    await world.edit(LAYER, 'a: 2');
    world.pass(60);
    await world.minute();
    const moved = anEnvironment({ name: 'dev', labels: { ring: 'dev' }, namespaceSuffix: 'elsewhere' });
    await world.table.transact([
      { do: 'put', key: { type: 'environment', pk: 'ENVIRONMENTS', sk: 'dev' }, item: moved, expect: 'any' },
    ]);
    const { id } = await world.started();
    await world.goes(id);
    expect(await into(world, id)).toEqual(['prod-eu', 'prod-us']);
  });
});

describe('after a rollout of changed values that ended badly in dev', () => {
  async function badInDev() {
    const stages = ['dev', 'prod'].map((ring) => aStage({ name: ring, targets: [{ ring }] }));
    const world = await standing('a: 1', { pkg: { stages } });
    await world.edit(LAYER, 'a: bad');
    world.pass(60);
    await world.minute();
    await world.goes((await world.started()).id, ['dev']);
    return world;
  }

  test('an edit of another layer that prod uses is announced, for it would bring the bad one along', async () => {
    const world = await badInDev();
    await world.edit(`${LAYER}.label.ring.prod`, 'b: 1');
    world.pass(60);
    expect(await world.minute()).toEqual({ ...NOTHING, announced: 1 });
    const { because } = (await world.change()) ?? {};
    expect(because).toMatch(/it would bring \S+-values to prod-eu, prod-us, too, with which rollout \w+ ended failed/);
  });

  test('an edit that only dev uses goes by itself, for the bad one is there already', async () => {
    const world = await badInDev();
    await world.edit(`${LAYER}.environment.dev`, 'b: 1');
    world.pass(60);
    expect(await world.minute()).toEqual({ ...NOTHING, started: 1 });
  });

  test('an edit that repairs the layer goes by itself, everywhere', async () => {
    const world = await badInDev();
    await world.edit(LAYER, 'a: good');
    world.pass(60);
    expect(await world.minute()).toEqual({ ...NOTHING, started: 1 });
    expect((await world.started()).valuesChange?.environments).toEqual(['dev', 'prod-eu', 'prod-us']);
  });
});

describe('with plan-only, which is the default', () => {
  test('a change is a plan, and starts nothing', async () => {
    const world = await standing('a: 1', { pkg: { valuesRollout: undefined } as never });
    await world.edit(`${LAYER}.label.ring.prod`, 'a: 2');
    world.pass(60);
    expect(await world.minute()).toEqual({ ...NOTHING, announced: 1 });
    const [plan] = await world.plans();
    expect(plan).toMatchObject({ state: 'working', valuesChange: { environments: ['prod-eu', 'prod-us'] } });
    expect(await world.change()).toMatchObject({ state: 'announced', planId: plan?.id });
    for (let minute = 0; minute < 120; minute++) {
      world.pass(60);
      expect(await world.minute()).toEqual(NOTHING);
    }
  });
});

describe('with off', () => {
  test('nothing is noted, and nothing is found', async () => {
    const world = await standing('a: 1', { pkg: { valuesRollout: 'off' } });
    expect(await world.edit(LAYER, 'a: 2')).toMatchObject({ noted: false, because: expect.stringContaining('off') });
    for (let minute = 0; minute < 61; minute++) {
      world.pass(60);
      expect(await world.minute()).toEqual(NOTHING);
    }
  });

  test('what was gathered before it was off ends', async () => {
    const world = await standing();
    await world.edit(LAYER, 'a: 2');
    await world.putPackage({ valuesRollout: 'off' });
    world.pass(60);
    expect(await world.minute()).toEqual({ ...NOTHING, ended: 1 });
  });
});

describe('what no event has told', () => {
  /** An hour of minutes, added up. */
  async function hour(world: ValuesWorld) {
    const total = { ...NOTHING };
    for (let minute = 0; minute < 62; minute++) {
      world.pass(60);
      const done = await world.minute();
      for (const key of Object.keys(NOTHING) as (keyof typeof NOTHING)[]) total[key] += done[key];
    }
    return total;
  }

  test('is found within the hour, rolled out, and found no more', async () => {
    const world = await standing();
    await world.edit(`${LAYER}.label.ring.prod`, 'a: 2', { quiet: true });
    expect(await hour(world)).toEqual({ ...NOTHING, found: 1, started: 1 });
    const { id } = await world.started();
    await world.goes(id);
    expect(await into(world, id)).toEqual(['prod-eu', 'prod-us']);
    expect(await hour(world)).toEqual(NOTHING);
  });

  test('is not brought back after somebody rolled back on purpose', async () => {
    const world = await standing('a: 1');
    await world.edit(LAYER, 'a: 2', { quiet: true });
    await world.rollOut(OLDER, { version: '1.1.0' });
    world.pass(60);
    const rollback = { to: 'last-good', reason: 'as it was', by: 'ann' } as const;
    expect(await world.rollOut(BACK, { rollback })).toEqual({ outcome: 'planned' });
    // Its layers stand there again, and Parameter Store has later ones.
    expect((await world.deployments(BACK)).map(({ inputs }) => inputs.layers[0]?.version)).toEqual([1, 1, 1]);
    expect(await hour(world)).toEqual(NOTHING);
    await world.edit(LAYER, 'a: 3', { quiet: true });
    expect(await hour(world)).toEqual({ ...NOTHING, found: 1, started: 1 });
  });

  test('does not bring to prod by itself what stopped the line in dev, though other layers were edited since', async () => {
    const stages = ['dev', 'prod'].map((ring) => aStage({ name: ring, targets: [{ ring }] }));
    const world = await standing('a: 1', { pkg: { stages } });
    await world.edit(LAYER, 'a: bad');
    world.pass(60);
    await world.minute();
    // Bad in dev: the line stops there, and prod was never begun.
    await world.goes((await world.started()).id, ['dev']);
    await world.edit(`${LAYER}.environment.dev`, 'b: 1');
    world.pass(60);
    await world.minute();
    await world.goes((await world.started()).id, ['dev']);
    expect(await hour(world)).toEqual(NOTHING);
  });

  test('is looked for with as few calls as there are names', async () => {
    let names = 0;
    const world = await standing('a: 1', {
      environments: Array.from({ length: 40 }, (_, i) => anEnvironment({ name: `env-${i}`, labels: { ring: 'dev' } })),
      parameters: (own) => ({
        latest: async (asked) => {
          names += new Set(asked).size;
          return own.latest(asked);
        },
      }),
    });
    await hour(world);
    // The package's two, the label's two, and two of each environment, once an hour.
    expect(names).toBe(2 + 2 + 2 * 40);
  });
});

test('a package that cannot be looked at fails the function at the end, and is named', async () => {
  const world = await standing('a: 1', {
    parameters: () => ({ latest: async () => Promise.reject(new Error('throttled')) }),
  });
  await world.edit(LAYER, 'a: 2');
  world.pass(60);
  await expect(world.minute()).rejects.toThrow(DoneInPart);
  expect(await world.change()).toMatchObject({ state: 'gathering' });
});

describe('an event', () => {
  test.each([
    ['of a name that is no layer', 'something-else'],
    ['of a layer under another path', 'webui-service-helm-values'],
    ['of a package that nobody registered', '/f/other-service-helm-values'],
  ])('%s is passed over', async (_, name) => {
    const world = await standing();
    expect(await world.edit(name, 'a: 2')).toMatchObject({ noted: false });
    expect(await world.change()).toBeUndefined();
  });

  test('that comes after a later edit says what stands there then', async () => {
    const world = await standing();
    await world.edit(LAYER, 'a: 2', { quiet: true });
    await world.edit(LAYER, 'a: 3');
    expect((await world.change())?.changed).toMatchObject([{ version: 3 }]);
  });

  test('no value is ever logged', async () => {
    const world = await standing();
    await world.edit(LAYER, 'password: canary-7d3f');
    world.pass(60);
    await world.minute();
    expect(world.lines.join('\n')).not.toContain('canary');
    expect(JSON.stringify(await world.change())).not.toContain('canary');
  });
});
