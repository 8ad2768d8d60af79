/** An origin in words: where to go to change a value. */
import type { Origin } from './effective.ts';

export function originText(origin: Origin): string {
  switch (origin.of) {
    case 'chart':
      return "the chart's own values";
    case 'computed':
      return `computed by Feature.yaml (${origin.key})`;
    case 'fairlead':
      return 'set by Fairlead';
    case 'rollout':
      return "the rollout's own values";
    case 'layer': {
      const line = origin.at === undefined ? '' : `, line ${origin.at.line}`;
      return `${origin.parameter} version ${origin.version}${line}`;
    }
  }
}
