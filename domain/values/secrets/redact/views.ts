/** A text as a redactor compares it: without what quoting, escaping and breaking of lines put between its characters. */

/** What is left of a text, as UTF-16 codes, and where each of them stood there: from `from` until before `to`. */
export interface View {
  readonly codes: Uint16Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
}

export interface Reading {
  /** Whether `\n`, `\r` and `\t` are breaks, as JSON writes them, or a letter behind a backslash. */
  readonly breaks: boolean;
  /** Whether `%41` is an `A` (https://url.spec.whatwg.org/#percent-decode). */
  readonly percent: boolean;
}

const BACKSLASH = 0x5c;
const PERCENT = 0x25;

/** Blanks, breaks of lines, quotes, and `+`, which stands for a blank in forms and begins lines of diffs. */
const isNoise = (code: number) =>
  code === 0x20 || (code >= 0x09 && code <= 0x0d) || code === 0x22 || code === 0x27 || code === 0x60 || code === 0x2b;

/** The text without noise and backslashes, escapes read as `reading` says; runs of backslashes count as one, for texts are quoted again and again. */
export function viewOf(text: string, reading: Reading): View {
  const view = writer(text.length);
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at = escaped(text, at, reading, view);
    else if (code === PERCENT && reading.percent) at = percent(text, at, view);
    else view.put(code, at, ++at);
  }
  return view.done();
}

/** Which readings a text may need: most have neither escapes nor `%`. */
export function readingsOf(text: string): readonly Reading[] {
  const breaks = /\\[nrt]/.test(text) ? [true, false] : [true];
  const percents = /%[0-9A-Fa-f]{2}/.test(text) ? [false, true] : [false];
  return breaks.flatMap((each) => percents.map((also) => ({ breaks: each, percent: also })));
}

type Writer = ReturnType<typeof writer>;

function writer(most: number) {
  const [codes, from, to] = [new Uint16Array(most), new Int32Array(most), new Int32Array(most)];
  let length = 0;
  return {
    put(code: number, start: number, end: number): void {
      if (isNoise(code) || code === BACKSLASH) return;
      codes[length] = code;
      from[length] = start;
      to[length++] = end;
    },
    done: (): View => ({
      codes: codes.subarray(0, length),
      from: from.subarray(0, length),
      to: to.subarray(0, length),
    }),
  };
}

/** Where reading goes on behind the backslashes at `start`. */
function escaped(text: string, start: number, { breaks }: Reading, view: Writer): number {
  let at = start;
  while (text.charCodeAt(at) === BACKSLASH) at++;
  const letter = text.charAt(at);
  if (breaks && letter !== '' && 'nrt'.includes(letter)) return at + 1;
  const digits = letter === 'u' ? 4 : letter === 'x' ? 2 : 0;
  const code = digits === 0 ? undefined : hex(text, at + 1, digits);
  if (code === undefined) return at;
  view.put(code, start, at + 1 + digits);
  return at + 1 + digits;
}

function percent(text: string, start: number, view: Writer): number {
  const first = hex(text, start + 1, 2);
  if (first === undefined) {
    view.put(PERCENT, start, start + 1);
    return start + 1;
  }
  const length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  const sequence = text.slice(start, start + 3 * length);
  const units = decoded(sequence);
  // What begins no sequence of UTF-8 is no part of a text: it is left out, and what stands behind it is read by itself.
  const end = start + (units === undefined ? 3 : sequence.length);
  for (const unit of units ?? []) view.put(unit, start, end);
  return end;
}

/** UTF-16 codes; undefined when it is no UTF-8. */
function decoded(sequence: string): readonly number[] | undefined {
  try {
    const text = decodeURIComponent(sequence);
    return Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  } catch {
    return undefined;
  }
}

function hex(text: string, at: number, digits: number): number | undefined {
  const slice = text.slice(at, at + digits);
  return slice.length === digits && /^[0-9A-Fa-f]+$/.test(slice) ? Number.parseInt(slice, 16) : undefined;
}
