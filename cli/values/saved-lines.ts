/** What became of a layer that was written, for people and for programs. */
import { lineDiff } from '../../domain/line-diff.ts';
import { ADVANCED_BYTES, STANDARD_BYTES } from '../../domain/values/layers/layer-text.ts';
import type { OpenLayer } from './open-layer.ts';
import type { Saved } from './save-layer.ts';

/** `webui-service-helm-values version 5`, where it stands, and what changed. `before` is left out of secrets. */
export function savedLines({ name }: OpenLayer, saved: Saved, change?: { before: string; after: string }): string[] {
  return [`${name} version ${saved.version}`, sizeLine(saved), ...(change === undefined ? [] : changeLines(change))];
}

function sizeLine({ stored, bytes, spilled }: Saved): string {
  if (spilled !== undefined) return `  ${spilled.because}: ${spilled.bytes} bytes are kept in ${spilled.to}`;
  const tier = stored === 'advanced' ? `${ADVANCED_BYTES} bytes of the advanced tier` : `${STANDARD_BYTES} bytes`;
  return `  ${bytes} of ${tier}`;
}

function changeLines({ before, after }: { before: string; after: string }): string[] {
  if (before === '') return [];
  const lines = lineDiff(before, after, { before: 'before', after: 'after' }).slice(3);
  const count = (mark: string) => lines.filter((line) => line.startsWith(mark)).length;
  return [`  ${count('+')} line${count('+') === 1 ? '' : 's'} added, ${count('-')} taken out`];
}
