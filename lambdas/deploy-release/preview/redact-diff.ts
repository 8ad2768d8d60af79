/** The last look before a diff leaves: whatever text of it still tells a secret is masked. */
import { EnvironmentDiff } from '../../../contracts/plan-diff.ts';
import { isMap } from '../../../domain/json.ts';
import type * as diffs from '../../../domain/plan-diff/environment-diff.ts';
import type { Redact } from '../../../domain/values/secrets/redactor.ts';

/** Words that we choose ourselves, and digests: masking them would only break them. */
const OURS = ['state', 'change', 'code', 'outcome', 'digest', 'environment', 'stage', 'version'];

export function redactDiff(diff: diffs.EnvironmentDiff, redact: Redact): diffs.EnvironmentDiff {
  const masked = (value: unknown, ours: readonly string[]): unknown => {
    if (typeof value === 'string') return redact(value);
    if (Array.isArray(value)) return value.map((item) => masked(item, ours));
    if (!isMap(value)) return value;
    const entries = Object.entries(value).map(([key, below]) =>
      // Inside of somebody's value no key is ours.
      ours.includes(key) ? [key, below] : [key, masked(below, key === 'value' ? [] : ours)],
    );
    return Object.fromEntries(entries);
  };
  return EnvironmentDiff.parse(masked(diff, OURS));
}
