/**
 * What changes, in words that people read in a pull request: `Deployment webui` `image 1.4.1 → 1.4.2`. Well-known fields go by
 * short names, others by their path; a secret shows as the beginning of its keyed digest.
 */
import { clip } from '../clip.ts';
import type { FieldChange, ObjectChange, Shown } from './environment-diff.ts';
import { textOfPath } from './field-path.ts';
import { objectName } from './object-name.ts';
import { oneLine } from './one-line.ts';
import type { ChangeLine } from './plan-result.ts';
import { shortName } from './short-name.ts';

export interface SaidChange {
  readonly line: ChangeLine;
  /** The same for the same change only. Of objects that come, only what is said counts. */
  readonly id: string;
}

const MAX_VALUE = 60;
/** Each release of a chart changes them, on every object. */
const CHART_LABELS = ['helm.sh/chart', 'app.kubernetes.io/version'].map((key) =>
  textOfPath(['metadata', 'labels', key]),
);
/** From so many objects on, what they have in common is said once. */
const MANY = 3;

/** One line a changed field; one for an object that comes or goes. */
export function sayChanges(objects: readonly ObjectChange[]): readonly SaidChange[] {
  const common = commonLabels(objects);
  const said = objects.flatMap((object): SaidChange[] => {
    const name = objectName(object);
    const { change } = object;
    if (change !== 'update') return [saidOf({ object: name, text: wholeOf(object), change })];
    const fields = object.fields.filter((field) => !common.has(labelId(field)));
    const more =
      object.more === undefined ? [] : [saidOf({ object: name, text: `${object.more} more fields`, change })];
    return [...fields.map((field) => ofField(object, field)), ...more];
  });
  const labels = [...common.values()].map(({ field, count }) => {
    const line = {
      object: `${count} objects`,
      text: textOf(field, shortName(field.path, '')),
      change: 'update' as const,
    };
    return { line, id: JSON.stringify([line.object, labelId(field)]) };
  });
  return [...said, ...labels];
}

/** A value as it is said: one line, cut, and never a secret. */
export function sayValue({ value, secret, digest }: Shown): string {
  if (secret === true) return digest === undefined ? 'secret' : `secret (digest ${shortDigest(digest)})`;
  const text = typeof value === 'string' && value !== '' ? value : JSON.stringify(value);
  return clip(oneLine(text ?? 'nothing'), MAX_VALUE);
}

/** `a → b`, `= b, new` or `removed (a)`. */
export function sayChange({ from, to }: Pick<FieldChange, 'from' | 'to'>): string {
  if (to === undefined) return `removed${from === undefined ? '' : ` (was ${sayValue(from)})`}`;
  return from === undefined ? `added: ${sayValue(to)}` : `${sayValue(from)} → ${sayValue(to)}`;
}

function ofField(object: ObjectChange, field: FieldChange): SaidChange {
  const name = objectName(object);
  const line = { object: name, text: textOf(field, shortName(field.path, object.name)), change: object.change };
  return { line, id: JSON.stringify([name, field.path, field.from, field.to, field.lines]) };
}

function textOf({ path, from, to, lines }: FieldChange, name: string): string {
  if (lines !== undefined) {
    const count = lines.filter((line) => /^[+-](?!\+\+ |-- )/.test(line)).length;
    return `${name}: ${count} ${count === 1 ? 'line' : 'lines'} changed`;
  }
  const tags = /\.image$/.test(path) ? tagsOf(from, to) : undefined;
  return tags === undefined ? `${name} ${sayChange({ ...(from && { from }), ...(to && { to }) })}` : `${name} ${tags}`;
}

/** Of the same image only its tags are said. */
function tagsOf(from?: Shown, to?: Shown): string | undefined {
  const [before, after] = [imageOf(from?.value), imageOf(to?.value)];
  if (before === undefined || after === undefined || before.repository !== after.repository) return undefined;
  return `${before.tag} → ${after.tag}`;
}

/** https://github.com/distribution/reference: a tag follows the last colon behind the last slash, a digest an `@`. */
function imageOf(value: unknown): { readonly repository: string; readonly tag: string } | undefined {
  const [, repository, tag] =
    typeof value === 'string' ? (/^(.+?)[:@]([^:/@]+|sha256:[0-9a-f]+)$/.exec(value) ?? []) : [];
  return repository === undefined || tag === undefined ? undefined : { repository, tag };
}

/** Of what comes, what people ask first: which image, how many. */
function wholeOf({ change, name, fields }: ObjectChange): string {
  if (change === 'delete') return 'deleted';
  if (change === 'leave') return 'leaves the release and stays in the cluster';
  const facts = fields
    .filter(({ path, to }) => to !== undefined && /(\.image|^spec\.replicas)$/.test(path))
    .slice(0, 4);
  const said = facts.map(({ path, to = {} }) => `${shortName(path, name)} ${sayValue(to)}`);
  return said.length === 0 ? 'created' : `created (${said.join(', ')})`;
}

function commonLabels(objects: readonly ObjectChange[]) {
  const found = new Map<string, { readonly field: FieldChange; count: number }>();
  for (const field of objects.flatMap(({ change, fields }) => (change === 'update' ? fields : []))) {
    if (!CHART_LABELS.includes(field.path)) continue;
    const seen = found.get(labelId(field)) ?? { field, count: 0 };
    seen.count += 1;
    found.set(labelId(field), seen);
  }
  return new Map([...found].filter(([, { count }]) => count >= MANY));
}

const labelId = ({ path, from, to }: FieldChange) => JSON.stringify([path, from, to]);
const shortDigest = (digest: string) => `${digest.slice(0, digest.indexOf(':') + 9)}…`;
const saidOf = (line: ChangeLine): SaidChange => ({ line, id: JSON.stringify(line) });
