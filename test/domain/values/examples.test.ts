/** The charts of `examples/features` come to what fasit's rules make of them (test/examples/features.expectations.ts). */
import { afterAll, describe, expect, test } from 'vitest';
import { pathText, type Resolved } from '../../../domain/values/effective.ts';
import { EXPECTATIONS, type Expectation, SCENARIOS } from '../../examples/features.expectations.ts';
import { resolvedScenario } from '../../examples/resolved-scenario.ts';

function check(found: Resolved, [key, is, ...more]: Expectation): void {
  if (is === 'missing') {
    expect(found).toMatchObject({ ok: false, code: 'values-missing', because: expect.stringContaining(key) });
    return;
  }
  if (is === 'wrong') {
    expect(found).toMatchObject({ ok: false, code: 'values-broken', because: expect.stringContaining(key) });
    for (const part of more) expect(found.ok ? '' : found.because).toContain(part);
    return;
  }
  if (!found.ok) throw new Error(found.because);
  const leaf = found.leaves.find(({ path }) => pathText(path) === key);
  if (is === 'absent') expect(found.leaves.filter(({ path }) => pathText(path).startsWith(key))).toEqual([]);
  else if (is === 'orphan') {
    const orphan = found.orphans.find(({ path }) => pathText(path) === key);
    expect(orphan?.because).toContain(more[0]);
  } else {
    const origin = leaf?.origin.of === 'layer' ? leaf.origin.layer.of : leaf?.origin.of;
    expect({ value: leaf?.value, origin }).toEqual({ value: more[0], origin: is });
    expect(leaf?.secret).toBe(more[1] === 'secret');
    if (more[1] === 'secret') expect(found.secrets).toContain(more[0]);
  }
}

describe.each(SCENARIOS)('$chart in $in: $says', (scenario) => {
  test.each(scenario.expect.map((one) => ({ key: one[0], one })))('$key', async ({ one }) => {
    check(await resolvedScenario(scenario), one);
  });
});

test('there are at least 60 expectations', () => {
  expect(EXPECTATIONS).toBeGreaterThanOrEqual(60);
});

// biome-ignore lint/suspicious/noConsole: the run of all tests tells how many there are
afterAll(() => console.info(`charts of examples/features: ${EXPECTATIONS} expectations`));
