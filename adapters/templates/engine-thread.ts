/** One thread with the template engine in it, which does one job after the other until it is ended. */
import { extname, join } from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import * as z from 'zod';

/** What is worked on at once. */
export interface Job {
  /** One line of JSON. */
  readonly text: string;
  /** How many lines answer it. */
  readonly answers: number;
  /** From when the engine has it. */
  readonly deadlineMs: number;
}

export interface JobEnd {
  /** Whole answers, in order; fewer than were asked for when it did not come to its end. */
  readonly lines: readonly string[];
  /** A thread whose job ended otherwise than `done` is gone. */
  readonly end: 'done' | 'out-of-time' | 'out-of-memory';
}

export interface EngineThread {
  /** One job at a time. @throws when the engine cannot start or breaks for a reason that no template is to blame for */
  work(job: Job): Promise<JobEnd>;
  end(): Promise<void>;
}

const START_MS = 60_000;
const Said = z.union([
  z.object({ ready: z.literal(true) }),
  z.object({ line: z.string() }),
  z.object({ ended: z.string() }),
]);

/** Of Go's runtime (`fatal error: …`) and of V8 (`RangeError` for the stack that a template's recursion takes). */
const OUT_OF_MEMORY = /out of memory|cannot allocate memory|call stack size exceeded|stack overflow/i;

/** Starts a thread. It does not keep the process alive while it has nothing to do. */
export function engineThread(module: WebAssembly.Module): EngineThread {
  const posted = new Int32Array(new SharedArrayBuffer(4));
  const { port1: ours, port2: theirs } = new MessageChannel();
  // Beside this file: as it is written in the repository, bundled in a function's code.
  const file = join(import.meta.dirname, `engine-worker${extname(import.meta.filename)}`);
  const worker = new Worker(file, {
    workerData: { module, posted, port: theirs },
    transferList: [theirs],
    env: {},
    execArgv: [],
  });
  let hear: (said: z.infer<typeof Said> | { readonly broken: unknown }) => void = () => undefined;
  const ready = within(
    START_MS,
    new Promise<void>((resolve, reject) => {
      hear = (said) => {
        if ('ready' in said) resolve();
        else if ('broken' in said) reject(said.broken);
        else reject(new Error(`the template engine did not start: ${'ended' in said ? said.ended : 'it spoke first'}`));
      };
    }),
  );
  ready.catch(() => undefined); // told to whoever works with it
  ours.on('message', (message: unknown) => hear(Said.parse(message)));
  worker.on('error', (broken) => hear({ broken }));
  const idle = () => {
    ours.unref();
    worker.unref();
  };
  idle();
  const end = async () => {
    ours.close();
    await worker.terminate();
  };

  return {
    end,
    async work({ text, answers, deadlineMs }) {
      ours.ref();
      worker.ref();
      try {
        await ready;
        const lines: string[] = [];
        const worked = await new Promise<JobEnd['end']>((resolve, reject) => {
          const timer = setTimeout(() => resolve('out-of-time'), deadlineMs);
          hear = (said) => {
            if ('line' in said && lines.push(said.line) < answers) return;
            clearTimeout(timer);
            if ('broken' in said) reject(said.broken);
            else if ('ended' in said) endedWith(said.ended).then(resolve, reject);
            else resolve('done');
          };
          ours.postMessage(text);
          Atomics.add(posted, 0, 1);
          Atomics.notify(posted, 0);
        });
        if (worked !== 'done') await end();
        return { lines: [...lines], end: worked };
      } finally {
        idle();
      }
    },
  };
}

/** @throws for an end that no template is to blame for */
async function endedWith(words: string): Promise<JobEnd['end']> {
  if (OUT_OF_MEMORY.test(words)) return 'out-of-memory';
  throw new Error(`the template engine broke: ${words.slice(0, 400)}`);
}

async function within<T>(limitMs: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`the template engine did not start within ${limitMs / 1000} s`)),
      limitMs,
    );
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
