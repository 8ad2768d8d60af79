import type { Patience } from '../../domain/commit.ts';
import type { StageRequest } from '../../domain/items/registry.ts';
import type { Clock, Digest, Log, Parameters } from '../../domain/ports.ts';
import type { Table } from '../../domain/table.ts';
import type { LayerRules } from '../../domain/values/layers/layer-names.ts';
import type { ParameterHistory } from '../../domain/values-change/ports.ts';
import type { Pace } from '../../domain/values-change/when-due.ts';

/** Everything that rolling out changed values depends on. */
export interface Deps {
  readonly table: Pick<Table, 'get' | 'query' | 'transact'>;
  readonly patience: Patience;
  readonly parameters: Pick<Parameters, 'latest'>;
  readonly history: ParameterHistory;
  readonly digest: Digest;
  readonly layerRules: LayerRules;
  readonly promotionOrder?: readonly StageRequest[] | undefined;
  readonly pace: Pace;
  /** Every package is swept once in so many minutes. */
  readonly sweepMinutes: number;
  readonly account: string;
  /** A fresh ULID. */
  readonly newId: () => string;
  readonly now: Clock;
  readonly log: Log;
}
