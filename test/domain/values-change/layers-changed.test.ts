import { describe, expect, it } from 'vitest';
import { layersOf } from '../../../domain/values/layers/layer-names.ts';
import { changerRoles } from '../../../domain/values-change/changer-roles.ts';
import { type LayerNow, layersChanged } from '../../../domain/values-change/layers-changed.ts';
import { isMissed } from '../../../domain/values-change/missed.ts';
import { isSweepTurn } from '../../../domain/values-change/sweep-turn.ts';
import { usersOf } from '../../../domain/values-change/users-of.ts';
import { anEnvironment, aRollout, later, NOW } from '../../support/items.ts';

const RULES = { prefix: '/f/', labelOrder: ['ring', 'region'] };
const BASE = '/f/webui-service-helm-values';
const DEV = anEnvironment({ name: 'dev', labels: { ring: 'dev' } });
const ALL = [
  DEV,
  anEnvironment({ name: 'prod-eu', labels: { ring: 'prod', region: 'eu' } }),
  anEnvironment({ name: 'prod-us', labels: { ring: 'prod', region: 'us' } }),
];

describe('where a layer is used', () => {
  it.each([
    ['the package’s own everywhere', BASE, ['dev', 'prod-eu', 'prod-us']],
    ['a label’s where the label is', `${BASE}.label.ring.prod`, ['prod-eu', 'prod-us']],
    ['another label’s likewise', `${BASE}.label.region.eu`, ['prod-eu']],
    ['an environment’s there', `${BASE}.environment.prod-us`, ['prod-us']],
    ['a layer of secrets like one of values', '/f/webui-service-helm-secrets.label.ring.dev', ['dev']],
    ['a label’s that is not configured nowhere', `${BASE}.label.team.red`, []],
    ['another package’s nowhere', '/f/other-service-helm-values', []],
    ['one under another path nowhere', 'webui-service-helm-values', []],
    ['a package’s with a longer name nowhere', '/f/webui-admin-service-helm-values', []],
  ])('%s', (_, name, expected) => {
    expect(usersOf(RULES, 'webui', ALL, [name]).map(({ environment }) => environment.name)).toEqual(expected);
  });
});

describe('a layer differs from what was attempted', () => {
  const places = layersOf(RULES, 'webui', DEV);
  const attempted = {
    layers: [
      { name: BASE, version: 3, digest: 'd3', copy: 'c' },
      { name: `${BASE}.environment.dev`, version: 1, digest: 'e1', copy: 'c' },
    ],
    secretLayers: [{ name: '/f/webui-service-helm-secrets', version: 2, digest: 's2', after: 1 }],
  };
  const same = new Map<string, LayerNow>([
    [BASE, { version: 3, digest: 'd3' }],
    [`${BASE}.environment.dev`, { version: 1, digest: 'e1' }],
    ['/f/webui-service-helm-secrets', { version: 2, digest: 's2' }],
  ]);
  it.each<[string, readonly [string, LayerNow | undefined][], readonly object[]]>([
    ['not when nothing changed', [], []],
    ['when its bytes are others', [[BASE, { version: 4, digest: 'd4' }]], [{ name: BASE, version: 4 }]],
    ['not when the same bytes were put again', [[BASE, { version: 9, digest: 'd3' }]], []],
    ['when it was deleted and made anew', [[BASE, { version: 3, digest: 'x' }]], [{ name: BASE, version: 3 }]],
    ['when it is gone', [[BASE, undefined]], [{ name: BASE }]],
    [
      'when it is new',
      [[`${BASE}.label.ring.dev`, { version: 1, digest: 'n' }]],
      [{ name: `${BASE}.label.ring.dev`, version: 1 }],
    ],
    [
      'when it is a secret with another ciphertext',
      [['/f/webui-service-helm-secrets', { version: 3, digest: 's3' }]],
      [{ name: '/f/webui-service-helm-secrets', version: 3 }],
    ],
    ['not when it is another environment’s', [[`${BASE}.environment.prod-eu`, { version: 1, digest: 'n' }]], []],
    ['not by its version when it only points elsewhere', [[BASE, { version: 3 }]], []],
    ['by its version when it only points elsewhere', [[BASE, { version: 4 }]], [{ name: BASE, version: 4 }]],
  ])('%s', (_, changes, expected) => {
    const now = new Map(same);
    for (const [name, how] of changes) {
      if (how === undefined) now.delete(name);
      else now.set(name, how);
    }
    expect(layersChanged(attempted, places, now)).toEqual(expected);
  });
});

describe('a difference is a missed change', () => {
  const rollback = { to: 'last-good', reason: 'r', by: 'b' } as const;
  it.each([
    ['when it was made after the rollout was asked for', 4, 5, undefined, true],
    ['not when it stood there before: a label was given since', 4, -5, undefined, false],
    ['not when somebody rolled back since, on purpose', 4, -5, rollback, false],
    ['when it was made after a rollback', 4, 5, rollback, true],
    ['when it was deleted, whenever that was', undefined, -5, undefined, true],
    ['not when it was deleted and somebody rolled back: nobody knows which was first', undefined, 5, rollback, false],
  ])('%s', (_, version, minutes, rolledBack, expected) => {
    const changed = { ...(version !== undefined && { version }), at: later(minutes).toISOString() };
    expect(isMissed(changed, aRollout({ createdAt: NOW.toISOString(), rollback: rolledBack }))).toBe(expected);
  });
});

it('each package is swept once in the time between two sweeps, and not all in one minute', () => {
  const packages = Array.from({ length: 60 }, (_, i) => `package-${i}`);
  const turns = packages.map((name) =>
    Array.from({ length: 60 }, (_, minute) => minute).filter((minute) => isSweepTurn(name, 60, later(minute))),
  );
  expect(turns.every(({ length }) => length === 1)).toBe(true);
  expect(new Set(turns.flat()).size).toBeGreaterThan(20);
});

it.each([
  ['arn:aws:sts::111111111111:assumed-role/fairlead-operator/ann', ['fairlead-operator']],
  ['arn:aws:iam::111111111111:user/ann', []],
  ['arn:aws:iam::111111111111:root', []],
  ['unknown', []],
])('%s is in a session of %o', (by, roles) => {
  const one = { name: 'n', version: 1, by, at: '' };
  expect(changerRoles({ changed: [one, one], environments: [] })).toEqual(roles);
});
