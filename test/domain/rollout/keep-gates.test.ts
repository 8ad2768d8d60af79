/** No stage that a workflow names walks around a gate. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Gate } from '../../../domain/items/registry.ts';
import { guardsOf, keepGates } from '../../../domain/rollout/keep-gates.ts';
import { anEnvironment, aPackage, aStage } from '../../support/items.ts';

const aGate = (given: Partial<Gate> = {}): Gate => ({
  approvals: 1,
  authorMayApprove: false,
  hours: 72,
  statuses: [],
  ...given,
});
const env = (name: string, ring: string) => anEnvironment({ name, labels: { ring } });
const ENVIRONMENTS = [env('dev', 'dev'), env('eu', 'prod'), env('us', 'prod')];
const OWN = [
  aStage({ name: 'dev', targets: [{ ring: 'dev' }] }),
  aStage({ name: 'prod', targets: [{ ring: 'prod' }], gate: aGate() }),
];
const kept = (stages: Parameters<typeof keepGates>[0], own = OWN) => keepGates(stages, [own], ENVIRONMENTS);

describe('a stage of the caller', () => {
  test('that reaches what is behind a gate gets that gate', () => {
    expect(kept([aStage({ name: 'mine', targets: [{ ring: 'prod' }] })])).toMatchObject({
      kept: true,
      stages: [{ name: 'mine', gate: aGate() }],
    });
  });

  test('that reaches only what is behind none stays as it is', () => {
    const stages = [aStage({ name: 'mine', targets: [{ ring: 'dev' }] })];
    expect(kept(stages)).toEqual({ kept: true, stages });
  });

  test('is gated as a whole where one of its environments is', () => {
    expect(kept([aStage({ name: 'all', targets: [{}] })])).toMatchObject({ stages: [{ gate: aGate() }] });
  });

  test('may ask for more', () => {
    const gate = aGate({ approvals: 2, statuses: ['load-test'] });
    expect(kept([aStage({ targets: [{}], gate })])).toMatchObject({ kept: true, stages: [{ gate }] });
  });

  test.each<[string, Partial<Gate>, Partial<Gate>]>([
    ['fewer approvals', { approvals: 2 }, {}],
    ['its own approval', {}, { authorMayApprove: true }],
    ['other approvers', {}, { approvers: { roles: ['fairlead-source-webui'], githubEnvironments: [] } }],
    [
      'a GitHub environment of its own',
      { approvers: { roles: ['fairlead-approver-sre'], githubEnvironments: [] } },
      { approvers: { roles: ['fairlead-approver-sre'], githubEnvironments: ['acme/webui:mine'] } },
    ],
    ['fewer statuses', { approvals: 0, statuses: ['load-test', 'scan'] }, { approvals: 0, statuses: ['scan'] }],
    ['another kind of gate', {}, { approvals: 0, statuses: ['anything'] }],
  ])('may not ask for %s', (_less, asked, given) => {
    const own = [aStage({ name: 'prod', targets: [{ ring: 'prod' }], gate: aGate(asked) })];
    const answer = kept([aStage({ name: 'mine', targets: [{ ring: 'prod' }], gate: aGate(given) })], own);
    expect(answer).toMatchObject({
      kept: false,
      because: expect.stringMatching(/stage mine reaches eu, .* stage prod/),
    });
  });

  test('that mixes two gates of which neither holds the other is refused', () => {
    const own = [
      aStage({ name: 'eu', targets: [{ name: 'eu' }], gate: aGate({ statuses: ['a'] }) }),
      aStage({ name: 'us', targets: [{ name: 'us' }], gate: aGate({ statuses: ['b'] }) }),
    ];
    const named = ENVIRONMENTS.map((one) => ({ ...one, labels: { name: one.name } }));
    expect(keepGates([aStage({ targets: [{}] })], [own], named)).toMatchObject({ kept: false });
  });
});

test('whatever stages are named, each environment behind a gate stays behind one that asks for as much', () => {
  const ring = fc.constantFrom<Record<string, string>>({}, { ring: 'dev' }, { ring: 'prod' });
  const gate = fc.option(fc.record({ approvals: fc.integer({ min: 0, max: 3 }) }), { nil: undefined });
  const stages = fc.array(fc.tuple(ring, gate), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(stages, (said) => {
      const wanted = said.map(([target, given], i) =>
        aStage({ name: `s${i}`, targets: [target], gate: given && aGate({ ...given, statuses: ['x'] }) }),
      );
      const answer = kept(wanted);
      if (!answer.kept) return;
      for (const { labels } of ENVIRONMENTS.slice(1)) {
        const [owner] = answer.stages.filter(({ targets }) =>
          targets.some((target) => Object.entries(target).every(([key, value]) => labels[key] === value)),
        );
        if (owner !== undefined) expect(owner.gate?.approvals).toBeGreaterThanOrEqual(1);
      }
    }),
  );
});

describe('the gates that count', () => {
  const order = [aStage({ name: 'order', gate: aGate() })];
  const claimedBy = { repository: 'acme/webui', repositoryId: '1', ref: 'refs/heads/main', sha: 'abc' };

  test("are the promotion order's for a package without stages", () => {
    expect(guardsOf(aPackage(), order)).toEqual([order]);
  });

  test("are the package's own where operators gave it stages", () => {
    expect(guardsOf(aPackage({ stages: OWN }), order)).toEqual([OWN]);
  });

  test("are both where a repository says the package's stages itself", () => {
    expect(guardsOf(aPackage({ stages: OWN, claimedBy }), order)).toEqual([OWN, order]);
  });
});
