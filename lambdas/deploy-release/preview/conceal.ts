/** Makes changes fit to be seen: secrets become keyed digests, long texts the lines that change, and what is left is cut. */
import { isMap } from '../../../domain/json.ts';
import { lineDiff } from '../../../domain/line-diff.ts';
import type { RawChange } from '../../../domain/plan-diff/diff-object.ts';
import type { FieldChange, Shown } from '../../../domain/plan-diff/environment-diff.ts';
import { textOfPath } from '../../../domain/plan-diff/field-path.ts';
import type { Digest } from '../../../domain/ports.ts';
import type { Redact } from '../../../domain/values/secrets/redactor.ts';

export interface Concealing {
  readonly digest: Digest;
  readonly canonical: (value: unknown) => string;
  /** Knows every secret that may stand in a field. */
  readonly redact: Redact;
  /** Nobody knows which secrets are deployed there: what stands there may be any of them, and is told by digests only. @default false */
  readonly unsure?: boolean;
  /** What the chart makes here depends on secrets: both sides are told by digests. @default false */
  readonly tainted?: boolean;
  /** So does what the chart that is deployed made there. @default false */
  readonly taintedFrom?: boolean;
  /**
   * Digests are of this place and this plan only: a chart could otherwise write every letter somewhere, and a secret letter by letter,
   * and see which digests are the same.
   */
  readonly place?: readonly string[];
}

const MAX_TEXT = 2000;
const MAX_LINES = 100;
const MAX_LINE = 300;

/** @param kind of the object that changes: of a Secret, whatever it holds is one */
export function conceal(of: Concealing, kind: string) {
  return async ({ path, from, to }: RawChange): Promise<FieldChange> => {
    const text = of.redact(textOfPath(path));
    const held = kind === 'Secret' && (path[0] === 'data' || path[0] === 'stringData');
    const hides = held || of.tainted === true || tells(of, from) || tells(of, to);
    const hidesFrom = hides || ((of.unsure === true || of.taintedFrom === true) && mayTell(from));
    if (!hidesFrom && typeof from === 'string' && typeof to === 'string' && /\n./.test(from + to)) {
      return { path: text, lines: changedLines(from, to) };
    }
    const here = of.place === undefined ? of : { ...of, place: [...of.place, text] };
    const say = (value: unknown, hidden: boolean) => (hidden ? digested(here, value, held) : shown(of, value));
    const [was, will] = await Promise.all([say(from, hidesFrom), say(to, hides)]);
    return { path: text, ...(was && { from: was }), ...(will && { to: will }) };
  };
}

/** A secret in the place of a value; `base64` where a Secret's data is meant, so that equal texts have equal digests. */
export async function digested(of: Concealing, value: unknown, base64 = false): Promise<Shown | undefined> {
  if (value === undefined) return undefined;
  const content = typeof value === 'string' ? (base64 ? Buffer.from(value, 'base64') : value) : of.canonical(value);
  return { secret: true, digest: await digestAt(of, content) };
}

function digestAt({ digest, canonical, place }: Concealing, content: string | Uint8Array): Promise<string> {
  if (place === undefined) return digest(content);
  const text = typeof content === 'string' ? content : Buffer.from(content).toString('base64');
  return digest(canonical([...place, text]));
}

/** A value as it is; one that is too long is cut, and its digest tells it from others. */
export async function shown(of: Concealing, value: unknown): Promise<Shown | undefined> {
  if (value === undefined) return undefined;
  const text = typeof value === 'string' ? value : of.canonical(value);
  if (text.length <= MAX_TEXT) return { value };
  return { value: `${text.slice(0, MAX_TEXT)}…`, digest: await of.digest(text) };
}

const mayTell = (value: unknown) => value !== undefined && value !== null && typeof value !== 'boolean';

/** Whether any text in it, its keys too, has something that must not be seen. */
function tells(of: Concealing, value: unknown): boolean {
  if (typeof value === 'string') return of.redact(value) !== value;
  if (typeof value === 'number') return of.redact(String(value)) !== String(value);
  if (Array.isArray(value)) return value.some((item) => tells(of, item));
  return isMap(value) && Object.entries(value).some(([key, below]) => tells(of, key) || tells(of, below));
}

function changedLines(from: string, to: string): readonly string[] {
  const lines = lineDiff(from, to, { before: 'now', after: 'then' }).map((line) => line.slice(0, MAX_LINE));
  return lines.length <= MAX_LINES
    ? lines
    : [...lines.slice(0, MAX_LINES), `… and ${lines.length - MAX_LINES} more lines`];
}
