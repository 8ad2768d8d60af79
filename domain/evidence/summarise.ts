/** The ten lines that a person reads first: what it was, who is unwell, what the cluster complained about, the last words. */
import { clip } from '../clip.ts';
import { nameOf } from '../kube.ts';
import type { Culprit } from '../outcome.ts';
import type { Warning } from './warnings-of.ts';

export interface ContainerLog {
  readonly pod: string;
  readonly container: string;
  readonly previous: boolean;
  readonly lines: readonly string[];
}

export interface Findings {
  readonly failure: { readonly because: string };
  readonly objects: readonly Culprit[];
  readonly events: readonly Warning[];
  readonly logs: readonly ContainerLog[];
  /** What could not be looked at, and why. */
  readonly gaps: readonly string[];
}

const LINES = 10;

/** At most ten lines of at most 300 characters. */
export function summarise({ failure, objects, events, logs, gaps }: Findings): readonly string[] {
  const said = logs.find(({ lines }) => lines.some((line) => line.trim() !== ''));
  const last = (said?.lines ?? []).filter((line) => line.trim() !== '').slice(-3);
  const words = last.map((line) => `log of ${said?.pod}/${said?.container}: ${line.trim()}`);
  const lines = [
    failure.because,
    ...objects.slice(0, 3).map((culprit) => `${nameOf(culprit)}: ${culprit.because}`),
    ...latestOfEachReason(events).map(({ reason, object, message }) => `event ${reason} on ${object}: ${message}`),
    ...gaps.slice(0, 1),
  ];
  return [...distinct(lines).slice(0, LINES - words.length), ...words].map((line) => clip(oneLine(line), 300));
}

function latestOfEachReason(events: readonly Warning[]): readonly Warning[] {
  const latest = new Map(events.map((event) => [event.reason, event]));
  return [...latest.values()].slice(-2);
}

const distinct = (lines: readonly string[]) => [...new Set(lines)];
const oneLine = (line: string) => line.replaceAll(/\s+/g, ' ');
