/** Values that a chart's `Feature.yaml` comes to, for people and for programs. No secret is in either. */
import { type Leaf, type Origin, type Orphan, pathText, type Resolved } from '../../domain/values/effective.ts';
import { originText } from '../../domain/values/origin-text.ts';
import type { Paint } from '../paint.ts';
import { clip, oneLine } from '../plain.ts';
import { table } from '../table.ts';

type Fine = Extract<Resolved, { ok: true }>;

/** Files have no version; their layers have this one. */
export const OF_FILE = 0;

export function resolvedRows(
  paint: Paint,
  { leaves, orphans }: Fine,
  removedNotes: readonly string[],
): readonly string[] {
  const rows = leaves.map((leaf) => [oneLine(pathText(leaf.path)), shown(leaf), `${said(leaf.origin)}${over(leaf)}`]);
  return [
    ...table(paint, ['KEY', 'VALUE', 'FROM'], rows),
    ...orphans.map((orphan) => paint('yellow', `! ${oneLine(orphanText(orphan))}`)),
    ...removedNotes.map((note) => paint('yellow', `! ${note}`)),
  ];
}

export function resolvedJson({ leaves, orphans }: Fine) {
  return {
    values: leaves.map((leaf) => ({
      key: pathText(leaf.path),
      ...visible(leaf),
      origin: originJson(leaf.origin),
      overrides: leaf.overrides.map((one) => ({ ...visible(one), origin: originJson(one.origin) })),
    })),
    orphans: orphans.map(({ path, origin, because }) => ({
      key: pathText(path),
      origin: originJson(origin),
      because,
    })),
  };
}

const WIDEST = 60;

function shown({ value, secret }: Leaf): string {
  if (secret) return 'secret';
  return clip(oneLine(typeof value === 'string' ? value : JSON.stringify(value)), WIDEST);
}

const visible = ({ value, secret }: { readonly value: unknown; readonly secret: boolean }) =>
  secret ? { secret: true as const } : { value };

const over = ({ overrides }: Leaf) =>
  overrides.length === 0 ? '' : ` (over ${overrides.map(({ origin }) => said(origin)).join(', ')})`;

const orphanText = ({ path, origin, because }: Orphan) => `${pathText(path)} is not used: ${because} (${said(origin)})`;

function originJson(origin: Origin) {
  if (origin.of === 'computed') return { of: origin.of, key: origin.key };
  if (origin.of !== 'layer') return { of: origin.of };
  return { of: 'file', file: origin.parameter, ...(origin.at !== undefined && { line: origin.at.line }) };
}

const said = (origin: Origin) => withoutVersion(originText(origin));

/** Words about layers, where the layers are files. */
export const withoutVersion = (text: string): string => text.replaceAll(` version ${OF_FILE}`, '');
