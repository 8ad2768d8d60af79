/**
 * Runs templates and reads what they came to. What depends on a secret is a secret: each runs twice, once with something
 * else in place of every secret, and a difference tells.
 */

import type { TemplateEngine } from '../ports.ts';
import type { TemplateData } from './facts.ts';
import type { FeatureValue } from './feature.ts';

/** Reads what a template computed, as helm reads a values file. `because` names line and column, and never the text. */
export type ReadYaml = (
  text: string,
) => { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly because: string };

export interface Computed {
  readonly of: FeatureValue;
  readonly value: unknown;
  /** It depends on a secret. */
  readonly secret: boolean;
}

export interface ComputeFault {
  readonly of: FeatureValue;
  readonly because: string;
}

export interface ComputeInput {
  /** Those whose templates run. */
  readonly values: readonly FeatureValue[];
  readonly data: TemplateData;
  /** The same with other secrets; absent when there are none. */
  readonly probe?: TemplateData;
  readonly engine: TemplateEngine;
  readonly readYaml: ReadYaml;
}

/** What comes to nothing (no text, only space, `null`) is in neither. */
export async function computeValues(
  input: ComputeInput,
): Promise<{ readonly computed: readonly Computed[]; readonly faults: readonly ComputeFault[] }> {
  const { values, data, probe, engine, readYaml } = input;
  const templates = values.flatMap(({ key, computed }) =>
    computed === undefined ? [] : [{ key, template: computed.template }],
  );
  const rendered = new Map((await engine.render(templates, data)).map((answer) => [answer.key, answer]));
  const probed = new Map(
    (probe === undefined ? [] : await engine.render(templates, probe)).map((answer) => [answer.key, answer]),
  );
  const computed: Computed[] = [];
  const faults: ComputeFault[] = [];
  for (const of of values) {
    const answer = rendered.get(of.key);
    if (answer === undefined) continue;
    if (!answer.ok) {
      faults.push({ of, because: answer.because });
      continue;
    }
    const read = readYaml(answer.text);
    if (!read.ok) {
      faults.push({ of, because: `its template gives no YAML: ${read.because}` });
      continue;
    }
    const other = probed.get(of.key);
    // Whether one that fails with other secrets depends on them nobody knows: then it does.
    const secret = probe !== undefined && !(other?.ok === true && other.text === answer.text);
    if (read.value !== null && read.value !== undefined) computed.push({ of, value: read.value, secret });
  }
  return { computed, faults };
}
