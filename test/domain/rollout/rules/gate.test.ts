import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ApprovalItem, StatusItem } from '../../../../domain/items/gates.ts';
import type { Gate } from '../../../../domain/items/registry.ts';
import type { RolloutItem } from '../../../../domain/items/rollout.ts';
import { decideNext } from '../../../../domain/rollout/decide-next.ts';
import { gateState } from '../../../../domain/rollout/rules/gate.ts';
import { CALENDAR } from '../../../support/calendar.ts';
import { aGate, anApproval, aStatus, later, NOW, ROLLOUT } from '../../../support/items.ts';
import { type StageSaid, seen } from '../../../support/rollout-seen.ts';

const SRE = anApproval({ role: 'fairlead-approver-sre', by: 'fairlead-approver-sre/bob' });
const OPERATOR = anApproval();
const PENDING = { prod: 'pending' } as const;

interface Said {
  readonly gate?: Partial<Gate>;
  readonly approvals?: readonly ApprovalItem[];
  readonly statuses?: readonly StatusItem[];
  readonly rollout?: Partial<RolloutItem>;
  readonly has?: StageSaid['has'];
  readonly before?: readonly StageSaid[];
  readonly now?: Date;
}

function look({ gate = {}, approvals = [], statuses = [], rollout = {}, has = PENDING, before = [] }: Said) {
  return seen([...before, { name: 'prod', gate: aGate(gate), has }], rollout, [], { approvals, statuses });
}
const decide = (said: Said) => decideNext(look(said), { run: 1, round: 1 }, said.now ?? NOW, CALENDAR);

describe('a gate', () => {
  test.each<[string, Said, 'deploy' | 'wait']>([
    ['is closed until somebody approves', {}, 'wait'],
    ['is opened by an operator', { approvals: [OPERATOR] }, 'deploy'],
    ['is opened by an approver', { approvals: [SRE] }, 'deploy'],
    ['that wants two is not opened by one', { gate: { approvals: 2 }, approvals: [SRE] }, 'wait'],
    ['that wants two is opened by two identities', { gate: { approvals: 2 }, approvals: [OPERATOR, SRE] }, 'deploy'],
    [
      'is not opened by who started the rollout',
      { approvals: [OPERATOR], rollout: { principal: { role: 'fairlead-operator', session: 'eve', account: '1' } } },
      'wait',
    ],
    [
      'is opened by who started the rollout where it says so',
      {
        gate: { authorMayApprove: true },
        approvals: [OPERATOR],
        rollout: { principal: { role: 'fairlead-operator', session: 'eve', account: '1' } },
      },
      'deploy',
    ],
    ['knows approvals of its own stage only', { approvals: [anApproval({ stage: 'staging' })] }, 'wait'],
    [
      'knows approvals of this very plan only',
      { approvals: [anApproval({ planDigest: 'hmac-sha256:older' })] },
      'wait',
    ],
    ['forgets what is expired', { approvals: [anApproval({ until: NOW.toISOString() })] }, 'wait'],
    ['counts until the very end', { approvals: [anApproval({ until: later(0.001).toISOString() })] }, 'deploy'],
    [
      'that names roles knows no others',
      { gate: { approvers: { roles: ['fairlead-approver-sre'], githubEnvironments: [] } }, approvals: [OPERATOR] },
      'wait',
    ],
    [
      'that names roles knows those',
      { gate: { approvers: { roles: ['fairlead-approver-sre'], githubEnvironments: [] } }, approvals: [SRE] },
      'deploy',
    ],
    [
      'that names roles is opened in an emergency',
      {
        gate: { approvers: { roles: ['fairlead-approver-sre'], githubEnvironments: [] } },
        approvals: [anApproval({ role: 'fairlead-break-glass', breakGlass: 'sre is asleep' })],
      },
      'deploy',
    ],
    [
      'knows a job in a GitHub environment that it lists, whatever the letters’ case',
      {
        gate: { approvers: { roles: [], githubEnvironments: ['Acme/webui:Production'] } },
        approvals: [anApproval({ role: 'fairlead-source-webui', identity: 'github/acme/webui:production' })],
      },
      'deploy',
    ],
    [
      'knows no job in an environment that nobody listed',
      { approvals: [anApproval({ role: 'fairlead-source-webui', identity: 'github/acme/webui:production' })] },
      'wait',
    ],
    ['waits for a status that nobody reported', { gate: { approvals: 0, statuses: ['load-test'] } }, 'wait'],
    [
      'waits for a pending status',
      { gate: { approvals: 0, statuses: ['load-test'] }, statuses: [aStatus({ state: 'pending' })] },
      'wait',
    ],
    ['is opened by a status', { gate: { approvals: 0, statuses: ['load-test'] }, statuses: [aStatus()] }, 'deploy'],
    [
      'knows statuses of this very plan only',
      { gate: { approvals: 0, statuses: ['load-test'] }, statuses: [aStatus({ planDigest: 'x' })] },
      'wait',
    ],
    ['wants approvals and statuses both', { gate: { statuses: ['load-test'] }, statuses: [aStatus()] }, 'wait'],
    [
      'is passed once something of its stage was sent off',
      { has: { prod: { state: 'pending', attempt: 1, begun: 1 }, lab: 'pending' } },
      'deploy',
    ],
    [
      'is passed once its stage has begun, whatever became of it',
      { rollout: { stages: { prod: { begunAt: NOW.toISOString() } } } },
      'deploy',
    ],
  ])('%s', (_sentence, said, action) => {
    expect(decide(said)).toMatchObject({ action });
  });

  test('is not asked for where nothing is left to start', () => {
    expect(decide({ has: { prod: 'skipped' } })).toMatchObject({ action: 'finish', state: 'succeeded' });
    expect(decide({ before: [{ name: 'dev', has: { dev: 'succeeded' } }], has: {} })).toMatchObject({
      state: 'succeeded',
    });
  });

  test('is waited for only when everything before it is done, and has stood long enough', () => {
    const soaking = { name: 'dev', soakMinutes: 30, has: { dev: 'succeeded' } } as const;
    const stood = { ...soaking, has: { dev: { state: 'succeeded', lookedAt: later(30).toISOString() } } } as const;
    expect(decide({ before: [{ name: 'dev', has: { dev: 'pending' } }] })).toMatchObject({
      action: 'deploy',
      stage: 'dev',
    });
    expect(decide({ before: [soaking] })).toMatchObject({ action: 'wait', on: 'soak' });
    expect(decide({ before: [stood], now: later(31) })).toMatchObject({ action: 'wait', on: 'gate', stage: 'prod' });
  });

  test('says what is missing, who can give it and how', () => {
    const gate = { approvals: 2, statuses: ['load-test', 'scan'] };
    const decision = decide({ gate, approvals: [SRE], statuses: [aStatus({ state: 'pending' })] });
    expect(decision).toEqual({
      action: 'wait',
      on: 'gate',
      stage: 'prod',
      until: later(72 * 60).toISOString(),
      who: `the operators and the approver roles of fairlead.yaml: fairlead approve webui ${ROLLOUT} prod; whoever reports load-test: fairlead report webui ${ROLLOUT} load-test success; whoever reports scan: fairlead report webui ${ROLLOUT} scan success`,
      because:
        'stage prod waits for its gate: 1 of 2 approvals (fairlead-approver-sre/bob); load-test pending; scan not reported',
    });
  });

  test('does not wait for ever', () => {
    const rollout = { stages: { prod: { gateSince: NOW.toISOString() } } };
    const gate = { hours: 2 };
    expect(decide({ gate, rollout, now: later(119) })).toMatchObject({
      action: 'wait',
      until: later(120).toISOString(),
    });
    expect(decide({ gate, rollout, now: later(120) })).toMatchObject({
      action: 'finish',
      state: 'failed',
      outcome: { code: 'gate-expired', because: expect.stringContaining('0 of 1 approvals') },
    });
    expect(decide({ gate, rollout, approvals: [OPERATOR], now: later(121) })).toMatchObject({ action: 'deploy' });
  });

  test('is waited for anew after a retry, and a failed check is reported anew', () => {
    const rollout = { placedAt: later(300).toISOString(), stages: { prod: { gateSince: NOW.toISOString() } } };
    const gate = { hours: 2, approvals: 0, statuses: ['load-test'] };
    const said = { gate, rollout, statuses: [aStatus({ state: 'failure' })], now: later(301) };
    expect(decide(said)).toMatchObject({ action: 'wait', until: later(301 + 120).toISOString() });
  });
});

describe('a refusal', () => {
  const refusal = anApproval({ decision: 'refuse', reason: 'errors in staging' });

  test('ends the rollout, with who and why', () => {
    const because = 'stage prod was refused by fairlead-operator/ann: errors in staging';
    expect(decide({ approvals: [SRE, refusal] })).toMatchObject({
      action: 'finish',
      state: 'aborted',
      outcome: { code: 'refused', because },
    });
  });

  test('ends it before the stage is reached, once what is under way has ended', () => {
    const inFlight = { state: 'observing' as const, attempt: 1, begun: 1, deadline: later(20).toISOString() };
    const earlier = (dev: StageSaid['has'][string]) => [{ name: 'dev', has: { dev, lab: 'pending' as const } }];
    expect(decide({ before: earlier(inFlight), approvals: [refusal] })).toMatchObject({ action: 'wait', on: 'lease' });
    expect(decide({ before: earlier('succeeded'), approvals: [refusal] })).toMatchObject({ state: 'aborted' });
  });

  test.each<[string, Said]>([
    ['of another plan', { approvals: [{ ...refusal, planDigest: 'hmac-sha256:older' }] }],
    ['of a stage that has begun', { has: { prod: { attempt: 1 } }, approvals: [refusal] }],
  ])('%s ends nothing', (_what, said) => {
    expect(decide(said).action).not.toBe('finish');
  });

  test('does not expire', () => {
    expect(decide({ approvals: [refusal], now: later(100 * 60) })).toMatchObject({ outcome: { code: 'refused' } });
  });
});

describe('a failed check', () => {
  const failure = aStatus({ state: 'failure', description: 'p99 is 900 ms' });

  test('ends the rollout, with who reported what', () => {
    expect(decide({ gate: { statuses: ['load-test'] }, statuses: [failure] })).toMatchObject({
      action: 'finish',
      state: 'failed',
      outcome: {
        code: 'status-failed',
        because: 'stage prod may not start: fairlead-source-webui/ci reported load-test as failed: p99 is 900 ms',
      },
    });
  });

  test('that no gate asks for ends nothing', () => {
    expect(decide({ statuses: [failure] })).toMatchObject({ action: 'wait', on: 'gate' });
  });
});

describe('approvals are counted', () => {
  const roles = ['fairlead-operator', 'fairlead-approver-sre', 'fairlead-source-webui', 'fairlead-break-glass'];
  const environments = ['github/acme/webui:production', 'github/acme/webui:review'];
  const approval = fc
    .record({
      role: fc.constantFrom(...roles),
      environment: fc.option(fc.constantFrom(...environments), { nil: undefined }),
      decision: fc.constantFrom('approve' as const, 'refuse' as const),
      by: fc.constantFrom('a', 'b', 'c', 'd'),
      planDigest: fc.constantFrom('hmac-sha256:plan', 'hmac-sha256:plan', 'hmac-sha256:older'),
      minutes: fc.constantFrom(-1, 0, 1, 90),
      stage: fc.constantFrom('prod', 'prod', 'staging'),
    })
    .map(({ role, environment, minutes, by, ...rest }) =>
      anApproval({
        ...rest,
        role,
        by: `${role}/${by}`,
        identity: environment ?? `role/${role}`,
        until: later(minutes).toISOString(),
        ...(role === 'fairlead-break-glass' && { breakGlass: 'fire' }),
      }),
    );
  const gate = fc
    .record({
      approvals: fc.integer({ min: 1, max: 4 }),
      authorMayApprove: fc.boolean(),
      hours: fc.constant(72),
      statuses: fc.constant([]),
      approvers: fc.option(
        fc.record({
          roles: fc.subarray(roles),
          githubEnvironments: fc.subarray(environments.map((e) => e.slice('github/'.length))),
        }),
        { nil: undefined },
      ),
    })
    .map(({ approvers, ...rest }): Gate => ({ ...rest, ...(approvers && { approvers }) }));
  const author = fc.constantFrom(...roles).map((role) => ({ role, session: 'ci', account: '111111111111' }));

  const counted = (approvals: readonly ApprovalItem[], said: Gate, principal: RolloutItem['principal']) =>
    gateState(look({ gate: said, approvals, rollout: { principal } }), 'prod', said, NOW).counted;

  test('each identity once, no role beside the environment that its session proved, never the author, never what is over', () => {
    fc.assert(
      fc.property(fc.array(approval, { maxLength: 8 }), gate, author, (approvals, said, principal) => {
        const found = counted(approvals, said, principal);
        const identities = found.map(({ identity }) => identity);
        expect(new Set(identities).size).toBe(identities.length);
        for (const one of found) {
          expect(one).toMatchObject({ stage: 'prod', decision: 'approve', planDigest: 'hmac-sha256:plan' });
          expect(Date.parse(one.until)).toBeGreaterThan(NOW.getTime());
          if (!said.authorMayApprove) expect(one.identity).not.toBe(`role/${principal.role}`);
          if (one.identity.startsWith('github/')) expect(identities).not.toContain(`role/${one.role}`);
        }
        // Two sessions of one role are one.
        expect(found.length).toBeLessThanOrEqual(new Set(approvals.map(({ identity }) => identity)).size);
      }),
    );
  });

  test('the same, however often and in whatever order the same words were said', () => {
    fc.assert(
      fc.property(fc.array(approval, { maxLength: 6 }), gate, author, (approvals, said, principal) => {
        const others = approvals.map((one, i) => ({ ...one, by: `${one.role}/another-${i}` }));
        const more = counted([...others, ...approvals].toReversed(), said, principal).length;
        expect(more).toBe(counted(approvals, said, principal).length);
      }),
    );
  });

  test('one approval more never closes a gate', () => {
    fc.assert(
      fc.property(fc.array(approval, { maxLength: 6 }), approval, gate, author, (approvals, one, said, principal) => {
        const isNew = approvals.every(({ role }) => role !== one.role);
        const [fewer, more] = [counted(approvals, said, principal), counted([...approvals, one], said, principal)];
        if (isNew) expect(more.length).toBeGreaterThanOrEqual(fewer.length);
      }),
    );
  });
});
