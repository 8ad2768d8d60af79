import { createLogUpdate } from 'log-update';

/** One piece of work that a person waits for. Exactly one of `done` and `fail` ends it; what comes after is ignored. */
export interface Step {
  /** Says how far it is; replaces what was said before. */
  update(text: string): void;
  done(text?: string): void;
  fail(text: string): void;
}

/** Where long work says how it goes. Several steps may run side by side. */
export interface Progress {
  step(title: string): Step;
}

/** As much of a stream as progress needs; `process.stderr` is one. */
export type ProgressStream = Pick<NodeJS.WriteStream, 'write'> & { readonly isTTY?: boolean };

/** Milliseconds, from any start. */
export type Milliseconds = () => number;

/** How often plain lines repeat that a step still runs, in milliseconds: often enough for a CI that ends silent jobs. */
const PLAIN_EVERY_MS = 5_000;
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** Progress on a stream: redrawn in place on a terminal, plain lines otherwise. */
export function progressOn(stream: ProgressStream, now: Milliseconds = () => performance.now()): Progress {
  return stream.isTTY === true ? redrawnProgress(stream, now) : plainProgress(stream, now);
}

/** One line when a step starts, at most one every 5 seconds while it runs, one when it ends. */
export function plainProgress(stream: ProgressStream, now: Milliseconds): Progress {
  return {
    step(title) {
      const began = now();
      let spoke = began;
      let open = true;
      const say = (text: string) => stream.write(`${text}\n`);
      const end = (mark: string, text: string) => {
        if (open) say(`${mark} ${text} (${seconds(now() - began)})`);
        open = false;
      };
      say(`… ${title}`);
      return {
        update(text) {
          if (!open || now() - spoke < PLAIN_EVERY_MS) return;
          spoke = now();
          say(`… ${title}: ${text}`);
        },
        done: (text) => end('✓', text === undefined ? title : `${title}: ${text}`),
        fail: (text) => end('✗', `${title}: ${text}`),
      };
    },
  };
}

interface Line {
  readonly title: string;
  readonly began: number;
  text: string;
}

/** A block of lines, one a running step, redrawn in place; ended steps stay above it. */
export function redrawnProgress(stream: ProgressStream, now: Milliseconds): Progress {
  // log-update writes to, and measures, a WriteStream; the narrower type is all that it is given in tests.
  const draw = createLogUpdate(stream as NodeJS.WriteStream);
  const running = new Set<Line>();
  let timer: NodeJS.Timeout | undefined;

  const redraw = () => {
    const frame = FRAMES[Math.floor(now() / FRAME_MS) % FRAMES.length];
    draw([...running].map((line) => `${frame} ${line.title}${line.text} ${seconds(now() - line.began)}`).join('\n'));
  };
  const end = (line: Line, text: string) => {
    if (!running.delete(line)) return;
    draw.clear();
    stream.write(`${text} (${seconds(now() - line.began)})\n`);
    if (running.size > 0) {
      redraw();
      return;
    }
    clearInterval(timer);
    timer = undefined;
    draw.done();
  };
  return {
    step(title) {
      const line: Line = { title, began: now(), text: '' };
      running.add(line);
      timer ??= setInterval(redraw, FRAME_MS).unref();
      redraw();
      return {
        update(text) {
          line.text = `: ${text}`;
        },
        done: (text) => end(line, `✓ ${title}${text === undefined ? '' : `: ${text}`}`),
        fail: (text) => end(line, `✗ ${title}: ${text}`),
      };
    },
  };
}

/** Progress that nobody watches, for tests and `--json`. */
export const silentProgress: Progress = {
  step: () => ({ update: () => undefined, done: () => undefined, fail: () => undefined }),
};
