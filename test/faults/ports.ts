/** The ports of a function as one process has them: every call is a step of that process, and can go wrong by itself. */
import type { MemoryTable } from '../../adapters/memory/memory-table.ts';
import type { Charts, Log, Objects, Parameters } from '../../domain/ports.ts';
import type { Table, Write } from '../../domain/table.ts';
import { hasRights, withRights } from '../support/table-rights.ts';
import type { Faults } from './faults.ts';
import type { Process } from './process.ts';
import type { Random } from './random.ts';

export interface PortDeps {
  readonly table: MemoryTable;
  readonly faults: Faults;
  readonly random: Random;
  sleep(seconds: number): Promise<void>;
  /** Told who is about to change the table. */
  acting(who: string): void;
}

/** What DynamoDB says when it is asked for too much, once the SDK's own patience is over. */
export class Throttled extends Error {
  override readonly name = 'ThrottlingException';
}

/** The table of `process`. */
export function tableOf({ table: whole, faults, random, sleep, acting }: PortDeps, process: Process): Table {
  const [name = ''] = process.name.split(' ');
  const table = hasRights(name) ? withRights(whole, name) : whole;
  const step = <T>(what: string, effect: () => Promise<T>): Promise<T> =>
    process.step(what, async () => {
      if (faults.strikes('table-throttled', process.name)) throw new Throttled('rate exceeded');
      if (faults.strikes('slow-table', process.name)) await sleep(random.between(2, 20));
      return effect();
    });
  return {
    get: (key) => step(`reads ${key.sk}`, () => table.get(key)),
    query: (range, options) => step(`reads ${range.prefix}…`, () => table.query(range, options)),
    rolloutsOf: (pkg, options) => step('lists rollouts', () => table.rolloutsOf(pkg, options)),
    openRollouts: (options) => step('lists open rollouts', () => table.openRollouts(options)),
    transact: (writes) =>
      step(writing(writes), () => {
        acting(process.name);
        return table.transact(writes);
      }),
  };
}

const writing = (writes: readonly Write[]) => `writes ${writes.map(({ key }) => key.type).join(', ')}`;

/** A bucket of `process`. */
export function objectsOf(objects: Objects, process: Process): Objects {
  return {
    putOnce: (key, content) => process.step(`puts ${key}`, () => objects.putOnce(key, content)),
    get: (key) => process.step(`gets ${key}`, () => objects.get(key)),
  };
}

/** Parameter Store of `process`. */
export function parametersOf(parameters: Parameters, process: Process, { faults }: PortDeps): Parameters {
  return {
    latest: (names) =>
      process.step('reads parameters', () => {
        if (faults.strikes('parameters-throttled', process.name)) throw new Throttled('rate exceeded');
        return parameters.latest(names);
      }),
    exactly: (name, version) =>
      process.step('reads a version of a parameter', () => {
        if (faults.strikes('parameters-throttled', process.name)) throw new Throttled('rate exceeded');
        return parameters.exactly(name, version);
      }),
  };
}

/** A registry whose charts are nothing but their versions. */
export function chartsOf(process: Process, { faults }: PortDeps): Charts {
  const silent = { code: 'unreachable' as const, because: 'the registry does not answer' };
  return {
    resolve: (_, version) =>
      process.step('resolves the chart', () =>
        faults.strikes('registry-silent', process.name)
          ? { found: false, ...silent }
          : { found: true, digest: `sha256:${version}` },
      ),
    pull: (_, digest) =>
      process.step('pulls the chart', () =>
        faults.strikes('registry-silent', process.name)
          ? { pulled: false, ...silent }
          : { pulled: true, archive: new TextEncoder().encode(digest.slice('sha256:'.length)) },
      ),
  };
}

/** A log whose every line goes to `keep`. */
export function logOf(process: Process, keep: (line: string) => void): Log {
  const say =
    (level: string) =>
    (message: string, fields: object = {}) => {
      if (!process.dead) keep(`${level} ${process.name}: ${message} ${JSON.stringify(fields, errorsToo)}`);
    };
  return { info: say('info'), warn: say('warn'), error: say('error') };
}

const errorsToo = (_: string, value: unknown) => (value instanceof Error ? `${value.name}: ${value.message}` : value);
