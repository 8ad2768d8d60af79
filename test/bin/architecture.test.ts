/** The rules of the house are only worth something if breaking them fails: a canary that breaks four of them. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

function cruise(folder: string, ...rooms: string[]) {
  const config = join(root, '.dependency-cruiser.mjs');
  const args = [join(root, 'node_modules/.bin/depcruise'), '--config', config, '--output-type', 'json', ...rooms];
  const run = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1e8 });
  return JSON.parse(run.stdout).summary as {
    totalCruised: number;
    violations: { from: string; to: string; rule: { name: string } }[];
  };
}

test('a forbidden import is found, whether of a value, a type, a package of node or another lambda', () => {
  const found = cruise(join(root, 'test/fixtures/forbidden-imports'), 'domain', 'adapters', 'lambdas').violations;
  const said = found.map(({ from, rule }) => `${from}: ${rule.name}`);
  expect(said).toEqual(
    expect.arrayContaining([
      'domain/impure.ts: domain may import only itself',
      'domain/impure.ts: domain is pure',
      'domain/typed.ts: domain may import only itself',
      'lambdas/a/handler.ts: lambdas are strangers',
      'lambdas/a/handler.ts: handlers see ports, not adapters',
    ]),
  );
});

test('the rooms of this repository are really read, and keep the rules', () => {
  const rooms = ['domain', 'contracts', 'adapters', 'lambdas', 'lib', 'cli', 'action', 'local', 'bin'];
  const { totalCruised, violations } = cruise(root, ...rooms);
  expect(totalCruised).toBeGreaterThan(50);
  expect(violations.map(({ from, to, rule }) => `${from} → ${to}: ${rule.name}`)).toEqual([]);
}, 60_000);
