/** The configured values of one environment, read as their types want them. */

import { pathId, pathText } from '../effective.ts';
import { atPath } from '../layers/at-path.ts';
import { originText } from '../origin-text.ts';
import type { ResolveInput } from '../resolve-input.ts';
import { configured, isReference } from '../secrets/refer.ts';
import { textsIn } from '../secrets/references-in.ts';
import { configTrouble } from './config-trouble.ts';
import type { Feature, FeatureValue } from './feature.ts';
import { isIgnored, layerOrigin, type Picked, pickConfig } from './pick-config.ts';
import type { Configured } from './template-data.ts';

export interface Config {
  /** Keys that a layer sets, to `null` too. */
  readonly set: ReadonlySet<string>;
  /** What templates see of them: with the rollout's own values over the layers'. */
  readonly configs: ReadonlyMap<string, Configured>;
  /** What references came to, by `pathId`. */
  readonly referring: ReadonlyMap<string, { readonly value: unknown }>;
  /** Wrong types, each with parameter, version, line and key. */
  readonly troubles: readonly string[];
}

export function readConfig(input: ResolveInput, feature: Feature): Config {
  const { layers, environment } = input;
  const picked = pickConfig(feature, environment.kind, layers);
  const read = feature.values
    .filter((value) => value.config !== undefined && !isIgnored(value, environment.kind))
    .map((value) => ({ value, ...readOne(value, picked.get(value.key), input) }));
  return {
    set: new Set(picked.keys()),
    configs: new Map(read.flatMap(({ value, config }) => (config === undefined ? [] : [[value.key, config]]))),
    referring: new Map(
      read.flatMap(({ value, config, refers }) =>
        config !== undefined && refers === true ? [[pathId(value.path), { value: config.value }]] : [],
      ),
    ),
    troubles: read.flatMap(({ trouble }) => trouble ?? []),
  };
}

interface One {
  readonly config?: Configured;
  /** It holds a reference. */
  readonly refers?: boolean;
  readonly trouble?: string;
}

function readOne(value: FeatureValue, picked: Picked | undefined, { own, references }: ResolveInput): One {
  const { path, config } = value;
  if (config === undefined) return {};
  const over = atPath(own, path);
  if (over.is === 'value' && over.value !== null) {
    const because = configTrouble(config.type, over.value);
    if (because !== undefined) return { trouble: `the rollout's own values: ${pathText(path)} ${because}` };
    return { config: { value: over.value, secret: config.secret } };
  }
  if (picked === undefined || over.is !== 'absent') return {};
  const read = configured(config.type, picked.set, references);
  if (!read.ok) {
    return { trouble: `${originText(layerOrigin(picked.by, path))}: ${pathText(path)} ${read.because}` };
  }
  if (read.value === null) return {};
  const refers = textsIn(picked.set).some(isReference);
  return { config: { value: read.value, secret: config.secret || picked.by.secret || refers }, refers };
}
