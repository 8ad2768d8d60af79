/** Who changed which layers, as people read it. */
import type { ChangedParameter } from '../items/rollout.ts';

const MOST_NAMED = 3;

/** `webui-service-helm-values.environment.prod-eu v4 by arn:…:alice`. A parameter that was deleted has no version. */
export function changedText({ name, version, by }: ChangedParameter): string {
  return `${name} ${version === undefined ? 'deleted' : `v${version}`} by ${by}`;
}

/** The first few of them, and how many more there are. */
export function changesText(changed: readonly ChangedParameter[]): string {
  return listed(changed.map(changedText), '; ');
}

/** Everybody who changed one of them, each once. */
export function changersText(changed: readonly ChangedParameter[]): string {
  return listed([...new Set(changed.map(({ by }) => by))], ', ');
}

/** `a, b, c and 2 more`. */
export function listed(all: readonly string[], between = ', '): string {
  const more = all.length > MOST_NAMED ? ` and ${all.length - MOST_NAMED} more` : '';
  return `${all.slice(0, MOST_NAMED).join(between)}${more}`;
}
