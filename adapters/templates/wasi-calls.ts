/**
 * The little of WASI that Go's runtime needs to compute, in memory: bytes in, lines out, nothing else
 * (https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md). Everything of files answers "not there".
 */

/** What the module is connected to. */
export interface Connected {
  /** More of its stdin; blocks until there is some. */
  read(): Uint8Array;
  /** A whole line of its stdout, without the end of line. */
  line(text: string): void;
}

export interface WasiCalls {
  readonly imports: WebAssembly.ModuleImports;
  /** To be called before the module starts. */
  attach(memory: WebAssembly.Memory): void;
  /** The first words of its stderr, such as why Go's runtime gave up. */
  complaint(): string;
}

const SUCCESS = 0;
const BAD_DESCRIPTOR = 8;
const NOT_THERE = 52;
const COMPLAINT = 2000;
const NEWLINE = 10;
/** Bytes of what `poll_oneoff` is asked and answers. */
const SUBSCRIPTION = 48;
const EVENT = 32;
/** What clocks of the wall say: a time that nothing happens at. */
const SOME_DAY_NS = 1_577_836_800n * 1_000_000_000n;

/** Thrown out of `_start` when the module ends itself. */
class Ended extends Error {
  override readonly name = 'Ended';
}

/** The imports of one instance. */
export function wasiCalls(to: Connected): WasiCalls {
  let attached: WebAssembly.Memory | undefined;
  let complaint = '';
  const memory = reach(() => attached);
  const complain = (piece: Uint8Array) => {
    if (complaint.length < COMPLAINT) complaint += Buffer.from(piece).toString('utf8');
  };
  const calls: Calls = { ...surroundings(memory), ...streams(memory, to, complain) };
  return {
    imports: new Proxy(calls, { get: (has, name) => (typeof name === 'string' && has[name]) || (() => NOT_THERE) }),
    attach: (given) => {
      attached = given;
    },
    complaint: () => complaint.slice(0, COMPLAINT),
  };
}

type Calls = Record<string, (...args: never[]) => number>;
type Reach = ReturnType<typeof reach>;

/** Ways into the module's memory, which moves whenever it grows. */
function reach(attached: () => WebAssembly.Memory | undefined) {
  const bytes = () => {
    const memory = attached();
    if (memory === undefined) throw new Error('the template engine started before its memory was attached');
    return new Uint8Array(memory.buffer);
  };
  const view = () => new DataView(bytes().buffer);
  return {
    bytes,
    view,
    /** The pieces of memory that a list of (pointer, length) names. */
    pieces: (list: number, count: number): Uint8Array[] =>
      Array.from({ length: count }, (_, i) => {
        const at = view().getUint32(list + i * 8, true);
        return bytes().subarray(at, at + view().getUint32(list + i * 8 + 4, true));
      }),
    /** Says nought at each of these places. */
    none: (...at: number[]) => {
      for (const pointer of at) view().setUint32(pointer, 0, true);
      return SUCCESS;
    },
  };
}

/** No arguments, no environment, no day, no chance. */
function surroundings({ bytes, view, none }: Reach): Calls {
  return {
    args_sizes_get: (count: number, size: number) => none(count, size),
    args_get: () => SUCCESS,
    environ_sizes_get: (count: number, size: number) => none(count, size),
    environ_get: () => SUCCESS,
    clock_time_get: (clock: number, _precision: bigint, at: number) => {
      const passed = BigInt(Math.round(performance.now() * 1e6));
      view().setBigUint64(at, clock === 0 ? SOME_DAY_NS : passed, true);
      return SUCCESS;
    },
    // The same bytes each time: they seed Go's maps, and no function that templates have gives randomness out.
    random_get: (at: number, length: number) => {
      const all = bytes().subarray(at, at + length);
      for (const i of all.keys()) all[i] = (i * 167 + 13) & 0xff;
      return SUCCESS;
    },
    sched_yield: () => SUCCESS,
    // Go waits here when nothing can run but its own timers: the time is now.
    poll_oneoff: (asked: number, answers: number, count: number, happened: number) => {
      const all = bytes();
      for (let i = 0; i < count; i += 1) {
        const [from, to] = [asked + i * SUBSCRIPTION, answers + i * EVENT];
        all.fill(0, to, to + EVENT);
        all.copyWithin(to, from, from + 8);
        all[to + 10] = all[from + 8] ?? 0;
      }
      view().setUint32(happened, count, true);
      return SUCCESS;
    },
    proc_exit: (code: number) => {
      throw new Ended(`it ended itself with ${code}`);
    },
  };
}

/** stdin, stdout and stderr, and no other file. */
function streams({ bytes, view, pieces }: Reach, to: Connected, complain: (piece: Uint8Array) => void): Calls {
  let input: Uint8Array = new Uint8Array();
  const output = lines(to.line);
  return {
    fd_read: (fd: number, list: number, count: number, read: number) => {
      if (fd !== 0) return BAD_DESCRIPTOR;
      if (input.length === 0) input = to.read();
      let total = 0;
      for (const piece of pieces(list, count)) {
        const some = input.subarray(0, piece.length);
        piece.set(some);
        input = input.subarray(some.length);
        total += some.length;
      }
      view().setUint32(read, total, true);
      return SUCCESS;
    },
    fd_write: (fd: number, list: number, count: number, written: number) => {
      let total = 0;
      for (const piece of pieces(list, count)) {
        if (fd === 1) output(piece);
        else complain(piece);
        total += piece.length;
      }
      view().setUint32(written, total, true);
      return SUCCESS;
    },
    fd_fdstat_get: (fd: number, at: number) => {
      if (fd > 2) return BAD_DESCRIPTOR;
      bytes().fill(0, at, at + 24);
      view().setBigUint64(at + 8, 0xffff_ffffn, true); // every right: only reading and writing are there
      return SUCCESS;
    },
    fd_fdstat_set_flags: () => SUCCESS,
    fd_close: () => SUCCESS,
    fd_prestat_get: () => BAD_DESCRIPTOR,
  };
}

/** Gathers pieces of bytes into lines. */
function lines(hear: (line: string) => void): (piece: Uint8Array) => void {
  let held: Buffer[] = [];
  return (piece) => {
    let rest = Buffer.from(piece);
    for (let end = rest.indexOf(NEWLINE); end !== -1; end = rest.indexOf(NEWLINE)) {
      hear(Buffer.concat([...held, rest.subarray(0, end)]).toString('utf8'));
      held = [];
      rest = rest.subarray(end + 1);
    }
    if (rest.length > 0) held.push(rest);
  };
}
