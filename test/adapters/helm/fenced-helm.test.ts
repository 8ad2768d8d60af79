import { afterEach, describe, expect, test } from 'vitest';
import { fencedHelm } from '../../../adapters/helm/fenced-helm.ts';
import type { Fence, UpgradeRun } from '../../../domain/release/helm.ts';
import { keptLog } from '../../support/kept-log.ts';
import { type PretendProgram, pretendProgram } from '../../support/pretend-program.ts';

let program: PretendProgram;
afterEach(() => program?.gone());

const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000);

/** helm that does as `body` says; the cluster is never asked for anything. */
async function upgrade(body: string, fence: Partial<Fence>, given: Partial<UpgradeRun> = {}) {
  program = await pretendProgram('helm', body);
  const helm = fencedHelm({
    helm: program.command,
    installation: 'fairlead',
    temporary: program.folder,
    server: 'https://127.0.0.1:1',
    ca: '',
    token: async () => 'token',
    now: () => new Date(),
    log: keptLog(),
  });
  const answer = await helm.upgrade({
    namespace: 'web',
    release: 'web',
    archive: Buffer.from('chart'),
    values: {},
    forceConflicts: false,
    fence: { number: 7, hardEnd: inMinutes(61), holds: async () => true, ...fence },
    ...given,
  });
  const [args = []] = await program.calls();
  return { answer, args };
}

const LASTS = 'setInterval(() => undefined, 1000);';

describe('helm that waits for readiness', () => {
  test('gets the time of the whole operation, though its lease is renewed for minutes at a time', async () => {
    const { answer, args } = await upgrade('', { until: () => inMinutes(5) }, { waits: true });
    expect(answer).toEqual({ ok: true });
    expect(args).toContain('--wait=watcher');
    const seconds = Number.parseInt(args[args.indexOf('--timeout') + 1] ?? '', 10);
    expect(seconds).toBeGreaterThan(59 * 60);
    expect(seconds).toBeLessThanOrEqual(60 * 60);
  });

  test('is asked for only where it is wanted', async () => {
    expect((await upgrade('', {})).args.filter((arg) => arg.startsWith('--wait'))).toEqual([]);
  });
});

describe('helm that is cut off', () => {
  test('because the lease could not be kept was interrupted: that says nothing about the release', async () => {
    const began = Date.now();
    const { answer } = await upgrade(LASTS, { until: () => (Date.now() < began + 300 ? inMinutes(5) : new Date()) });
    expect(answer).toMatchObject({ ok: false, problem: { code: 'interrupted' } });
  });

  test('at the end of its time is out of time, renewed or not', async () => {
    const hardEnd = new Date(Date.now() + 60_000 + 200);
    expect((await upgrade(LASTS, { hardEnd })).answer).toMatchObject({ problem: { code: 'out-of-time' } });
    await program.gone();
    const renewed = await upgrade(LASTS, { hardEnd, until: () => hardEnd });
    expect(renewed.answer).toMatchObject({ problem: { code: 'out-of-time' } });
  });
});
