/** The template engine of `engine/`, Go's own compiled to WebAssembly, as the port that working out values needs. */
import * as z from 'zod';
import type { TemplateData } from '../../domain/values/feature/facts.ts';
import {
  type ParsedTemplate,
  type RenderedTemplate,
  TEMPLATE_TROUBLES,
  type Template,
  type TemplateEngine,
} from '../../domain/values/ports.ts';
import { type EngineThread, engineThread, type JobEnd } from './engine-thread.ts';

export interface EngineOptions {
  /** The module, unpacked; asked for once, when the first template comes. See `packedEngine`. */
  readonly wasm: () => Promise<Uint8Array>;
  /** For all templates of a call together. */
  readonly deadlineMs?: number;
}

const DEADLINE_MS = 5_000;
/** How often a call starts the engine anew after a template that broke it. */
const MOST_STARTS = 4;

const Refused = z.object({
  key: z.string(),
  ok: z.literal(false),
  code: z.enum(TEMPLATE_TROUBLES),
  because: z.string(),
});
const Rendered = z.union([z.object({ key: z.string(), ok: z.literal(true), text: z.string() }), Refused]);
const Parsed = z.union([
  z.object({
    key: z.string(),
    ok: z.literal(true),
    reads: z.array(z.array(z.string())).default([]),
    functions: z.array(z.string()).default([]),
  }),
  Refused,
]);
type RefusedTemplate = z.infer<typeof Refused>;

/**
 * The engine, in a thread of its own that is started when it is first needed and kept. Calls wait for each other.
 * @throws when the engine itself is broken; what is wrong with a template is its answer
 */
export function templateEngine({ wasm, deadlineMs = DEADLINE_MS }: EngineOptions): TemplateEngine {
  let module: Promise<WebAssembly.Module> | undefined;
  let thread: EngineThread | undefined;
  let before: Promise<unknown> = Promise.resolve();

  /** Once, however often threads are started; anew when it failed. */
  function compiled(): Promise<WebAssembly.Module> {
    module ??= wasm()
      .then((bytes) => WebAssembly.compile(bytes))
      .catch((error: unknown) => {
        module = undefined;
        throw error;
      });
    return module;
  }

  /** The answers to one job, and how it ended. */
  async function once<T>(job: Asked, answer: z.ZodType<T>): Promise<{ answers: T[]; end: JobEnd['end'] }> {
    thread ??= engineThread(await compiled());
    try {
      const { lines, end } = await thread.work({
        text: JSON.stringify(job),
        answers: job.templates.length,
        deadlineMs,
      });
      if (end !== 'done') thread = undefined;
      return { answers: lines.map((line) => answer.parse(JSON.parse(line))), end };
    } catch (error) {
      const broken = thread;
      thread = undefined;
      await broken?.end();
      throw error;
    }
  }

  /** Goes on with what comes after a template that broke the engine, a few times. */
  async function all<T>(job: Asked, answer: z.ZodType<T>): Promise<(T | RefusedTemplate)[]> {
    const answers: (T | RefusedTemplate)[] = [];
    for (let start = 0; start < MOST_STARTS && answers.length < job.templates.length; start += 1) {
      const left = { ...job, templates: job.templates.slice(answers.length) };
      const worked = await once(left, answer);
      answers.push(...worked.answers);
      const guilty = job.templates[answers.length];
      if (worked.end !== 'done' && guilty !== undefined) answers.push(tooMuch(guilty, worked.end, deadlineMs));
    }
    return [...answers, ...job.templates.slice(answers.length).map(notReached)];
  }

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = before.then(work, work);
    before = turn.catch(() => undefined);
    return turn;
  }

  return {
    render: (templates, data) =>
      templates.length === 0
        ? Promise.resolve([])
        : inTurn(() => all<RenderedTemplate>({ mode: 'render', data, templates }, Rendered)),
    parse: (templates) =>
      templates.length === 0
        ? Promise.resolve([])
        : inTurn(() => all<ParsedTemplate>({ mode: 'parse', templates }, Parsed)),
  };
}

type Asked = { readonly templates: readonly Template[] } & (
  | { readonly mode: 'render'; readonly data: TemplateData }
  | { readonly mode: 'parse' }
);

function tooMuch({ key }: Template, end: 'out-of-time' | 'out-of-memory', deadlineMs: number): RefusedTemplate {
  const because =
    end === 'out-of-time'
      ? `it was stopped: all templates of a chart together have ${deadlineMs / 1000} s`
      : 'it was stopped: it needs more memory than templates have';
  return { key, ok: false, code: end, because };
}

function notReached({ key }: Template): RefusedTemplate {
  return { key, ok: false, code: 'out-of-time', because: 'it was not run: templates before it broke the engine' };
}
