/** What may be told of a rendered release: all of it, what does not depend on secrets, or, where that cannot be told apart, nothing. */
import { compareReal, compareRenderings, type Steady } from '../../../domain/plan-diff/compare-renderings.ts';
import type { RenderedRelease } from '../../../domain/plan-diff/preview-sight.ts';
import type { StandIns } from './stand-ins.ts';

type Rendered = Extract<RenderedRelease, { ok: true }>;

export type Telling =
  | { readonly of: 'all' }
  | { readonly of: 'apart'; readonly steady: Steady; readonly standIn: Rendered }
  | { readonly of: 'nothing'; readonly because: string; readonly standIn?: Rendered };

/** What would be applied. Without secrets there are no stand-ins, and all may be told. */
export function telling(rendered: Rendered, standIns: StandIns | undefined): Telling {
  if (rendered.readSecrets === true) return { of: 'nothing', because: 'the chart looks up Secrets of the cluster' };
  if (standIns === undefined) return { of: 'all' };
  const { one, other } = standIns;
  if (!one.ok || !other.ok) {
    return { of: 'nothing', because: 'the chart does not render with other values in the place of its secrets' };
  }
  const compared = compareReal(rendered.objects, one.objects, other.objects);
  if (compared.told === 'apart') return { of: 'apart', steady: compared.steady, standIn: one };
  const because = 'which of its objects and fields there are depends on what its secrets are';
  return { of: 'nothing', because, standIn: one };
}

/** What is deployed: `unsure` when what of it depends on secrets cannot be told apart; undefined when nothing does. */
export function tellingBefore(standIns: StandIns | undefined): Steady | 'unsure' | undefined {
  if (standIns === undefined) return undefined;
  const { one, other } = standIns;
  return one.ok && other.ok ? compareRenderings(one.objects, other.objects) : 'unsure';
}

/** With these nothing may be told: nobody knows what the chart would be without the Secrets that it looked up. */
export function blind(inputs: StandIns['inputs']): StandIns {
  const none = { ok: false, problem: { code: 'internal', because: 'not rendered' } } as const;
  return { one: none, other: none, inputs, texts: [] };
}
