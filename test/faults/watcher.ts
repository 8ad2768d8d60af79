/** Whoever watches over a rule: told of everything that happens, says what breaks it. */
import type { Change, MemoryTable } from '../../adapters/memory/memory-table.ts';
import type { OurWrite } from './our-helm.ts';

export interface Watcher {
  /** After every transaction. */
  onChange?(changes: readonly Change[]): void;
  /** After every write of our helm that a cluster took. */
  onWrite?(write: OurWrite): void;
  /** A line of a log, an answer or a cause: whatever leaves a function for people's eyes. */
  onText?(where: string, text: string): void;
  /** When all is over. */
  atEnd?(): void;
}

export interface WatchDeps {
  readonly table: MemoryTable;
  /** The true time. */
  readonly now: () => Date;
  /** Names the rule and what broke it. */
  broken(rule: string, what: string): void;
}

/** Clocks of functions are up to so much off, on either side: what two of them say of one moment differs by twice that. */
export const CLOCKS_DIFFER_MS = 6_000;
