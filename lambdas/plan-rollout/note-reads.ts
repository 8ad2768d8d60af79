/** Remembers what the templates of a planned chart read, for people who ask who uses a value of an environment. */
import { keys } from '../../domain/keys.ts';
import type { Clock, Log } from '../../domain/ports.ts';
import { type Table, write } from '../../domain/table.ts';
import type { Feature } from '../../domain/values/feature/feature.ts';
import type { ParsedTemplate, TemplateEngine } from '../../domain/values/ports.ts';

export interface NoteReadsDeps {
  readonly table: Pick<Table, 'get' | 'transact'>;
  readonly engine: Pick<TemplateEngine, 'parse'>;
  readonly now: Clock;
  readonly log: Log;
}

export interface ChartNoted {
  readonly package: string;
  readonly version: string;
  readonly chartDigest: string;
  readonly feature: Feature | undefined;
}

export type NoteReads = (chart: ChartNoted) => Promise<void>;

const KEPT_DAYS = 400;
const DAY_SECONDS = 86_400;

/** Once a version, and again when half of its time is over. No plan fails for it: it is only told in the log when it cannot be done. */
export function noteReads({ table, engine, now, log }: NoteReadsDeps): NoteReads {
  return async ({ package: pkg, version, chartDigest, feature }) => {
    const key = keys.chartReads(pkg, version);
    const seconds = Math.floor(now().getTime() / 1000);
    const known = await table.get(key);
    const isFresh = known !== undefined && known.expiresAt > seconds + (KEPT_DAYS / 2) * DAY_SECONDS;
    if (isFresh && known.chartDigest === chartDigest) return;
    try {
      const templates = templatesOf(feature);
      // Most charts have none, and need no engine.
      const reads = templates.length === 0 ? [] : (await engine.parse(templates)).map(readOf);
      const expiresAt = seconds + KEPT_DAYS * DAY_SECONDS;
      const item = { type: 'chartReads', v: 1, package: pkg, version, chartDigest, reads, expiresAt } as const;
      // Somebody who was faster wrote the same.
      await table.transact([write(key, known, item)]);
    } catch (error) {
      log.warn('what a chart reads is not noted', { package: pkg, version, error });
    }
  };
}

const templatesOf = (feature: Feature | undefined) =>
  (feature?.values ?? []).flatMap(({ key, computed }) => (computed === undefined ? [] : [{ key, ...computed }]));

/** A template that cannot be parsed may read anything. */
const readOf = (parsed: ParsedTemplate) => ({ key: parsed.key, paths: parsed.ok ? parsed.reads : [[]] });
