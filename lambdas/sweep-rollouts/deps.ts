import type { Patience } from '../../domain/commit.ts';
import type { Calendar, Clock, Executions, Log, Machines } from '../../domain/ports.ts';
import type { Table } from '../../domain/table.ts';

export interface Deps {
  readonly table: Table;
  readonly executions: Executions;
  readonly machines: Pick<Machines, 'wake'>;
  readonly patience: Patience;
  readonly calendar: Calendar;
  readonly now: Clock;
  readonly log: Log;
}
