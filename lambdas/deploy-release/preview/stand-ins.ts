/** A chart rendered twice with something else in the place of every secret: what differs depends on them, whatever templates did to them. */
import { isMap } from '../../../domain/json.ts';
import type { PreviewSight, RenderedRelease } from '../../../domain/plan-diff/preview-sight.ts';
import type { HelmInputs } from '../../../domain/release/helm.ts';
import type { Leaf } from '../../../domain/values/effective.ts';
import type { Redact } from '../../../domain/values/secrets/redactor.ts';
import { sentinelValues } from '../../../domain/values/secrets/sentinel-values.ts';

export interface StandIns {
  readonly one: RenderedRelease;
  readonly other: RenderedRelease;
  /** What `one` was rendered with. */
  readonly inputs: HelmInputs;
  /** Texts that stand for secrets in it: they say nothing, and would only puzzle. */
  readonly texts: readonly string[];
}

export interface Given {
  readonly inputs: HelmInputs;
  readonly leaves: readonly Leaf[];
}

/** Undefined when there is nothing secret among the values: then nothing is rendered. */
export async function renderStandIns(
  sight: Pick<PreviewSight, 'render'>,
  { inputs, leaves }: Given,
  redact: Redact,
  isUpgrade: boolean,
): Promise<StandIns | undefined> {
  const secretive = { values: inputs.values, leaves, redact };
  const [one, other] = [sentinelValues(secretive, 'one'), sentinelValues(secretive, 'other')];
  if (one === undefined || other === undefined) return undefined;
  const render = (values: HelmInputs['values']) => sight.render({ ...inputs, values }, isUpgrade, { unchecked: true });
  const real = new Set(textsIn(inputs.values));
  const texts = textsIn(one).filter((text) => !real.has(text));
  const rendered = await Promise.all([render(one), render(other)]);
  return { one: rendered[0], other: rendered[1], inputs: { ...inputs, values: one }, texts };
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isMap(value) ? Object.values(value).flatMap(textsIn) : [];
}
