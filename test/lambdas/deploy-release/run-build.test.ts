import { beforeEach, describe, expect, test } from 'vitest';
import { readLayer } from '../../../adapters/helm/read-layer.ts';
import { memorySecrets } from '../../../adapters/memory/memory-secrets.ts';
import { type MemoryTable, memoryTable } from '../../../adapters/memory/memory-table.ts';
import { keys } from '../../../domain/keys.ts';
import { leaseKey } from '../../../domain/registry/place.ts';
import type { Fence } from '../../../domain/release/helm.ts';
import { replace } from '../../../domain/table.ts';
import type { Deps } from '../../../lambdas/deploy-release/deps.ts';
import { deployRelease } from '../../../lambdas/deploy-release/handler.ts';
import { runBuild, TurnTaken } from '../../../lambdas/deploy-release/run-build.ts';
import { type PretendCluster, pretendCluster } from '../../support/deployer/pretend-cluster.ts';
import { plainValues } from '../../support/deployer/values-deps.ts';
import { aSight, tableOf } from '../../support/deployment-table.ts';
import { aDeployment, aLease, anOperation, aRelease, later, ROLLOUT, someInputs } from '../../support/items.ts';
import { keptLog } from '../../support/kept-log.ts';

const layer = { name: 'base', version: 3, digest: 'digest of a: 1', copy: 'rollouts/base' };
const deployment = aDeployment({
  state: 'applying',
  begun: 1,
  inputs: someInputs({ layers: [layer] }),
  timeoutMinutes: 30,
});
const holder = { rolloutId: ROLLOUT, environment: 'dev', attempt: 1, deadline: later(300).toISOString() };
const release = aRelease({ goodRevision: undefined, liveRevision: undefined });
const order = { v: 1 as const, rolloutId: ROLLOUT, environment: 'dev', attempt: 1, turn: 1 };
const APPLIED = { outcome: 'applied', revision: 1, because: '1.4.2 is revision 1 of web-dev/webui' };

let table: MemoryTable;
let cluster: PretendCluster;
let log: ReturnType<typeof keptLog>;
let minute: number;
/** Renewals that are wanted now; the clock goes on with each. */
let renewals: (() => Promise<void>)[];
beforeEach(async () => {
  table = await tableOf(aSight({ deployment, release, lease: aLease({ holder }) }));
  cluster = pretendCluster();
  log = keptLog();
  minute = 0;
  renewals = [];
});

const now = () => later(minute);
const every = (renew: () => Promise<void>) => {
  renewals.push(renew);
  return () => void renewals.splice(renewals.indexOf(renew), 1);
};
const deps = (given: Partial<Deps> = {}): Deps => ({
  table,
  patience: { tries: 3, pause: async () => undefined },
  now,
  log,
  digest: async (content) => `digest of ${Buffer.from(content).toString()}`,
  secrets: memorySecrets().of,
  plans: { putOnce: async () => 'written', get: async () => Buffer.from('a: 1') },
  evidence: { putOnce: async () => 'written', get: async () => undefined },
  charts: {
    resolve: async () => ({ found: false, code: 'unreachable', because: '' }),
    pull: async () => ({ pulled: true, archive: Buffer.from('chart') }),
  },
  reach: async () => ({ reached: true, cluster }),
  readLayer,
  ...plainValues,
  canonical: (value) => JSON.stringify(value),
  pause: async (milliseconds) => {
    minute += milliseconds / 60_000;
  },
  ...given,
});
const build = (given: Partial<Deps> = {}, turn = 1, id = `builds:${turn}`) =>
  runBuild(deps(given))({ ...order, turn }, { id, ends: later(90), every });
const ask = (ended = true, turn = 1, over = `builds:${turn}`) =>
  deployRelease(deps())(
    { ...order, operation: 'answer', turn, ...(ended && { over }) },
    { requestId: 'a-call', hardEnd: later(15) },
  );
const item = (turn = 1) => table.get(keys.build(ROLLOUT, 'dev', 1, turn));
const lease = async () => table.get(leaseKey(deployment.place));
/** helm that lasts while `during` goes on. */
const lasting = (during: (fence: Fence) => Promise<void>): Partial<Deps> => {
  const helm: PretendCluster['helm'] = {
    ...cluster.helm,
    upgrade: async (run) => {
      await during(run.fence);
      return cluster.helm.upgrade(run);
    },
  };
  return { reach: async () => ({ reached: true, cluster: { ...cluster, helm } }) };
};
const renew = async (minutes: number) => {
  minute += minutes;
  await Promise.all(renewals.map((one) => one()));
};

test('a build applies with the frozen copies and leaves its answer in the table, where the function finds it', async () => {
  expect(await build()).toEqual(APPLIED);
  expect(cluster.upgrades).toMatchObject([{ values: { a: 1 } }]);
  expect(await item()).toMatchObject({ buildId: 'builds:1', answer: APPLIED });
  expect(await ask()).toEqual(APPLIED);
  expect(await table.get(keys.deployment(ROLLOUT, 'dev'))).toMatchObject({ state: 'observing', revision: 1 });
});

test('charts with post-hooks run there, helm waiting for readiness before them', async () => {
  cluster.hooks = ['post-install Job/migrate'];
  expect(await build({ leavesPostHooks: true })).toEqual(APPLIED);
  expect(cluster.upgrades).toMatchObject([{ waits: true }]);
});

describe('the lease', () => {
  test('is claimed when the build starts, for five minutes, and renewed each minute while it lives', async () => {
    const ends: (string | undefined)[] = [];
    const note = async (fence: Fence) => {
      ends.push((await lease())?.operation?.hardEnd);
      expect(fence.until?.().toISOString()).toBe(ends.at(-1));
      expect(await fence.holds()).toBe(true);
    };
    await build(
      lasting(async (fence) => {
        await note(fence);
        for (let i = 0; i < 7; i++) await renew(1);
        await note(fence);
      }),
    );
    expect(ends).toEqual([later(5).toISOString(), later(12).toISOString()]);
    expect(renewals).toEqual([]);
    expect((await lease())?.operation).toMatchObject({ requestId: 'builds:1', overAt: later(7).toISOString() });
  });

  test('is never renewed beyond the package’s time, which is when helm is ended', async () => {
    await build(
      lasting(async ({ until, hardEnd }) => {
        expect(hardEnd).toEqual(later(31));
        for (let i = 0; i < 30; i++) await renew(1);
        expect(until?.()).toEqual(later(31));
      }),
    );
  });

  test('that somebody else has now ends the fence at once, and the build answers that it is lost', async () => {
    const answer = await build(
      lasting(async ({ until, holds }) => {
        const held = await lease();
        if (held === undefined) throw new Error('no lease');
        const other = { ...holder, rolloutId: 'another' };
        await table.transact([replace(leaseKey(deployment.place), held, { holder: other, fence: held.fence + 1 })]);
        await renew(1);
        expect(until?.()).toEqual(later(1));
        expect(await holds()).toBe(false);
      }),
    );
    expect(answer).toMatchObject({ outcome: 'lost' });
  });

  test('that cannot be renewed for a while runs out, unless a later renewal goes through', async () => {
    let down = false;
    const lossy: MemoryTable = {
      ...table,
      get: async (key) => {
        if (down) throw new Error('throttled');
        return table.get(key);
      },
    };
    const seen: Date[] = [];
    await build({
      table: lossy,
      ...lasting(async ({ until }) => {
        down = true;
        await renew(2);
        if (until !== undefined) seen.push(until());
        down = false;
        await renew(2);
        if (until !== undefined) seen.push(until());
      }),
    });
    expect(seen).toEqual([later(5), later(9)]);
    expect(log.lines.join()).toContain('could not be renewed');
  });
});

describe('a build waits by itself', () => {
  test('for a call that is still at work', async () => {
    const operation = anOperation({ requestId: 'a-call', hardEnd: later(3).toISOString() });
    table = await tableOf(aSight({ deployment, release, lease: aLease({ holder, operation }) }));
    expect(await build()).toEqual(APPLIED);
    expect(minute).toBeCloseTo(3);
  });

  test('for a cluster that does not answer, as long as the machine would, and then says so', async () => {
    const answer = { outcome: 'unreachable', because: 'connection refused' };
    expect(await build({ reach: async () => ({ reached: false, because: 'connection refused' }) })).toEqual(answer);
    expect(minute).toBeCloseTo(5);
    expect(await ask()).toEqual(answer);
  });

  test('but never beyond its own end', async () => {
    const operation = anOperation({ requestId: 'a-call', hardEnd: later(200).toISOString() });
    table = await tableOf(aSight({ deployment, release, lease: aLease({ holder, operation }) }));
    expect(await build()).toMatchObject({ outcome: 'busy' });
    expect(minute).toBeLessThanOrEqual(90);
    // Nothing was done: that is no answer to be read again and again, the next turn goes on.
    expect(await ask()).toMatchObject({ outcome: 'unanswered' });
  });
});

describe('a build that dies', () => {
  test('is known to be over: its claim ends, and the next turn repairs and goes on', async () => {
    await expect(build(lasting(() => new Promise((_, died) => died(new Error('out of memory')))))).rejects.toThrow();
    expect(await ask()).toEqual({ outcome: 'unanswered', because: 'build builds:1 ended without an answer' });
    expect(await build({}, 2)).toEqual(APPLIED);
    expect(await ask(true, 2)).toEqual(APPLIED);
  });

  test('without a last word frees the release at once when CodeBuild says that it has ended', async () => {
    await die();
    expect((await lease())?.operation?.overAt).toBeUndefined();
    expect(await ask(true)).toMatchObject({ outcome: 'unanswered' });
    expect((await lease())?.operation?.overAt).toBe(now().toISOString());
  });

  test('or may not have died is waited for until its claim runs out', async () => {
    await die();
    expect(await ask(false)).toMatchObject({ outcome: 'busy', until: later(5).toISOString() });
    minute = 5;
    expect(await ask(false)).toMatchObject({ outcome: 'unanswered' });
  });

  test('leaves other claims alone', async () => {
    await die();
    const held = await lease();
    if (held === undefined) throw new Error('no lease');
    const operation = anOperation({ requestId: 'a-call' });
    await table.transact([replace(leaseKey(deployment.place), held, { operation })]);
    expect(await ask()).toMatchObject({ outcome: 'unanswered' });
    expect((await lease())?.operation).toEqual(operation);
  });

  /** Its process is gone in mid-operation: nothing more of it reaches the table. */
  async function die(): Promise<void> {
    let gone = false;
    const dead = {
      ...table,
      transact: async (...args: Parameters<MemoryTable['transact']>) => {
        if (gone) throw new Error('dead');
        return table.transact(...args);
      },
    };
    const dies = lasting(async () => {
      gone = true;
      throw new Error('dead');
    });
    await expect(build({ table: dead, ...dies })).rejects.toThrow('dead');
  }
});

describe('a turn', () => {
  test('without a build is given up, and one that starts late has nothing to do', async () => {
    expect(await ask()).toEqual({ outcome: 'unanswered', because: 'no build started' });
    await expect(build()).rejects.toThrow(TurnTaken);
    expect(cluster.upgrades).toEqual([]);
  });

  test('has one build', async () => {
    await build();
    await expect(build({}, 1, 'builds:twin')).rejects.toThrow('builds:1 has it');
  });

  test('whose twin ends at once is still its build’s: what that one has claimed goes on', async () => {
    await build(
      lasting(async (fence) => {
        await expect(build({}, 1, 'builds:twin')).rejects.toThrow(TurnTaken);
        expect(await ask(true, 1, 'builds:twin')).toMatchObject({ outcome: 'busy', until: later(5).toISOString() });
        expect(await fence.holds()).toBe(true);
      }),
    );
    expect(await ask(true, 1, 'builds:twin')).toEqual(APPLIED);
  });

  test('that was given up keeps no late answer', async () => {
    await build(lasting(async () => void (await ask())));
    expect(await item()).not.toHaveProperty('answer');
    expect(log.lines.join()).toContain('given up before this build had its answer');
  });
});

test('the answer of a try that is over is that it is lost', async () => {
  table = memoryTable();
  table = await tableOf(
    aSight({ deployment: { ...deployment, state: 'errored' }, release, lease: aLease({ holder }) }),
  );
  expect(await ask()).toMatchObject({ outcome: 'lost' });
});
