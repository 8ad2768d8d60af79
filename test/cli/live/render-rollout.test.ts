import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { renderFailures, renderRollout, summaryLine } from '../../../cli/live/render-rollout.ts';
import { painter } from '../../../cli/paint.ts';
import { type DeploymentView, RolloutView } from '../../../contracts/api/rollout.ts';

const NOW = new Date('2026-11-21T10:01:30.000Z');
const paint = painter(false);

type Deployed = Partial<DeploymentView> & Pick<DeploymentView, 'environment' | 'state'>;

/** What the API would answer, checked to be that. */
function aRollout(deployments: readonly Deployed[], more: object = {}): RolloutView {
  return RolloutView.parse({
    id: '01JD0Z5Q6X3N8V7T2K4M9R1B0C',
    package: 'webui',
    version: '1.4.2',
    sequence: 1,
    state: 'running',
    startedBy: { role: 'fairlead-operator', session: 'ada', account: '123456789012' },
    claimed: {},
    createdAt: '2026-11-21T10:00:00.000Z',
    stages: [],
    deployments: deployments.map((deployment) => ({
      stage: 'all',
      attempt: 1,
      cluster: 'main',
      namespace: 'webui',
      release: 'webui',
      evidence: false,
      ...deployment,
    })),
    ...more,
  });
}

const many = (count: number, state: DeploymentView['state'], prefix = state) =>
  Array.from({ length: count }, (_, i): Deployed => ({ environment: `${prefix}-${i}`, state }));
const drawn = (rollout: RolloutView, options: { columns?: number; mostRows?: number } = {}) =>
  renderRollout(paint, rollout, { now: NOW, columns: 100, ...options });

describe('a rollout is drawn', () => {
  it('with a row for each deployment: where, how it is, at which revision, and why', () => {
    const outcome = { code: 'not-ready', because: 'no pod got ready\nand more' } as const;
    const lines = drawn(
      aRollout([
        { environment: 'dev', state: 'succeeded', revision: 3 },
        { environment: 'staging', state: 'rolled-back', revision: 5, outcome },
        { environment: 'prod', state: 'pending' },
      ]),
    );
    expect(lines).toEqual([
      'webui 1.4.2  01JD0Z5Q6X3N8V7T2K4M9R1B0C  … running  90 s',
      'stage  environment  state          revision  because',
      'all    dev          ✓ succeeded    3',
      'all    staging      ✗ rolled-back  5         no pod got ready',
      'all    prod         · pending',
    ]);
  });

  it('as its head alone before it is planned', () => {
    expect(drawn(aRollout([]))).toHaveLength(1);
  });

  it('with the seconds that it took once it is over', () => {
    const over = { state: 'succeeded', finishedAt: '2026-11-21T10:00:42.000Z' };
    expect(drawn(aRollout([], over))[0]).toMatch(/✓ succeeded {2}42 s$/);
  });

  it('with what it waits on, until when, and who can end that', () => {
    const waiting = {
      on: 'soak',
      because: 'canary has to stand well',
      since: '2026-11-21T10:00:00.000Z',
      until: '2026-11-21T10:11:00.000Z',
      who: 'the clock',
    };
    expect(drawn(aRollout([], { state: 'waiting', waiting }), { columns: 200 }).slice(-3)).toEqual([
      'waits on soak: canary has to stand well',
      '  since 2026-11-21T10:00:00.000Z, 2 min; until 2026-11-21T10:11:00.000Z, in 10 min',
      '  ended by: the clock',
    ]);
  });

  it.each([20, 40, 60, 80, 200])('no wider than %i columns, painted too', (columns) => {
    const because = 'a reason that goes on and on '.repeat(20);
    const waiting = { on: 'queue', because, since: NOW.toISOString(), until: NOW.toISOString(), who: 'anybody' };
    const rollout = aRollout(
      [
        {
          environment: 'e'.repeat(40),
          stage: 's'.repeat(40),
          state: 'failed',
          outcome: { code: 'not-ready', because },
        },
      ],
      { waiting },
    );
    for (const line of renderRollout(painter(true), rollout, { now: NOW, columns })) {
      expect(stringWidth(line)).toBeLessThanOrEqual(columns);
    }
  });

  it('without what a cluster may have put into its messages to move the cursor', () => {
    const outcome = { code: 'not-ready', because: '\u001b[2Jgone' } as const;
    const rollout = aRollout([{ environment: 'dev', state: 'failed', outcome }], { outcome });
    const shown = [...drawn(rollout), ...renderFailures(paint, rollout), summaryLine(rollout)].join('\n');
    expect(shown).toContain('gone');
    expect(shown).not.toContain('\u001b');
  });
});

describe('when there are more deployments than rows', () => {
  it('what is done is counted and what goes wrong or moves is shown, in the order of the rollout', () => {
    const rollout = aRollout([
      ...many(60, 'succeeded'),
      ...many(1, 'failed'),
      ...many(30, 'pending'),
      ...many(3, 'observing'),
    ]);
    const lines = drawn(rollout, { mostRows: 6 });
    expect(lines.slice(2, 8).map((line) => line.split(/ +/)[1])).toEqual([
      'failed-0',
      'pending-0',
      'pending-1',
      'observing-0',
      'observing-1',
      'observing-2',
    ]);
    expect(lines[8]).toBe('… and 88 more: 60 succeeded, 28 not touched');
  });

  it('a thousand of them still fit a terminal', () => {
    expect(drawn(aRollout(many(1000, 'applying')))).toHaveLength(23);
  });

  it('none is lost when they just fit', () => {
    expect(drawn(aRollout(many(20, 'applying')))).toHaveLength(22);
  });
});

describe('the last line', () => {
  it('has state, reason, counts and warning', () => {
    const outcome = { code: 'all-skipped', because: 'nothing had to change' } as const;
    const rollout = aRollout([...many(2, 'skipped'), ...many(1, 'pending')], {
      state: 'succeeded',
      outcome,
      warning: 'all were skipped',
    });
    expect(summaryLine(rollout)).toBe(
      'webui 1.4.2 succeeded: nothing had to change [2 skipped, 1 not touched] (warning: all were skipped)',
    );
  });
});

describe('failures', () => {
  it.each<[DeploymentView['state'], boolean]>([
    ['failed', true],
    ['rolled-back', true],
    ['blocked', true],
    ['errored', true],
    ['succeeded', false],
    ['skipped', false],
    ['pending', false],
    ['applying', false],
  ])('%s is one: %s', (state, is) => {
    expect(renderFailures(paint, aRollout([{ environment: 'dev', state }])).length > 0).toBe(is);
  });
});
