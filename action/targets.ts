/**
 * Targets by the rules of nais/fasit-deploy v4: a JSON array of `{target, wait}`, checked as a whole before the first call, the place of what is
 * wrong named by its index. One rule is stricter: an entry's unknown fields and labels that no environment could have are refused.
 */
import type * as z from 'zod';
import { TargetEntries } from '../contracts/api/rollout.ts';
import { wrongInput } from './stopped.ts';

export type Targets = z.output<typeof TargetEntries>;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Parses `text`.
 * @param source how people call it: `targets`, or `targets-file (path)`
 * @throws Stopped naming source, index and wrong value
 */
export function parseTargets(text: string, source: string): Targets {
  const entries = parsed(text, source);
  if (!Array.isArray(entries)) {
    throw wrongInput(
      `${source} is ${shown(entries)}: it has to be a JSON array of {"target": {…}, "wait": true} entries`,
    );
  }
  if (entries.length === 0) {
    throw wrongInput(`${source} is an empty array: give at least one entry, such as {"target": {}}`);
  }
  for (const [index, entry] of entries.entries()) checkEntry(entry, `${source}[${index}]`);
  const found = TargetEntries.safeParse(entries);
  if (found.success) return found.data;
  throw wrongInput(found.error.issues.map((issue) => wordsFor(issue, source)).join('\n'));
}

function parsed(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error: unknown) {
    const because = error instanceof Error ? error.message : String(error);
    throw wrongInput(`${source} is not valid JSON: ${because}`);
  }
}

function checkEntry(entry: unknown, at: string): void {
  if (!isObject(entry))
    throw wrongInput(`${at} is ${shown(entry)}: it has to be an object with 'target' and perhaps 'wait'`);
  const { target, wait } = entry;
  if (!isObject(target)) {
    throw wrongInput(
      `${at}.target is ${shown(target)}: it has to be an object of labels; {} matches every environment`,
    );
  }
  if (wait !== undefined && typeof wait !== 'boolean') {
    throw wrongInput(`${at}.wait is ${shown(wait)}: it has to be true or false`);
  }
}

function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function wordsFor(issue: z.core.$ZodIssue, source: string): string {
  const [index, ...rest] = issue.path.map(String);
  const at = `${source}${index === undefined ? '' : `[${index}]`}${rest.map((part) => `.${part}`).join('')}`;
  if (issue.code === 'unrecognized_keys') return `${at}: there is no field '${issue.keys.join("', '")}'`;
  // What is wrong with a label's key is said inside.
  const inner = issue.code === 'invalid_key' ? issue.issues.map(({ message }) => message).join('; ') : '';
  return `${at}: ${inner || issue.message}`;
}
