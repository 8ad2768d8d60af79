import { ParameterChange } from '../../contracts/parameter-change.ts';
import { commit, type Patience } from '../../domain/commit.ts';
import type { ChangedParameter } from '../../domain/items/rollout.ts';
import { keys } from '../../domain/keys.ts';
import type { Clock, Log } from '../../domain/ports.ts';
import type { Table } from '../../domain/table.ts';
import { layerNamed } from '../../domain/values/layers/layer-names.ts';
import { gatherChange } from '../../domain/values-change/gather-change.ts';
import { type ParameterHistory, UNKNOWN } from '../../domain/values-change/ports.ts';

export interface Deps {
  readonly table: Pick<Table, 'get' | 'transact'>;
  readonly patience: Patience;
  readonly history: ParameterHistory;
  /** What the names of value parameters begin with. */
  readonly prefix: string;
  readonly now: Clock;
  readonly log: Log;
}

export interface Noted {
  readonly noted: boolean;
  readonly because: string;
}

/**
 * Notes that a layer was changed, by whom and to which version. Which of several events comes first does not matter: what stands in Parameter
 * Store when one is handled counts.
 * @throws what its ports throw: the event is delivered again.
 */
export function noteChange({ table, patience, history, prefix, now, log }: Deps) {
  return async (event: unknown): Promise<Noted> => {
    const { name, at } = ParameterChange.parse(event);
    const layer = layerNamed(name);
    if (layer === undefined || layer.prefix !== prefix) return idle(`${name} is no layer of this installation`);
    const last = await history.last(name);
    const changed: ChangedParameter = last === undefined ? { name, by: UNKNOWN, at } : { name, ...last };
    const answer = await commit(table, patience, async () => {
      const [pkg, change] = await Promise.all([
        table.get(keys.package(layer.package)),
        table.get(keys.change(layer.package)),
      ]);
      if (pkg === undefined) return { writes: [], result: idle(`package ${layer.package} is not registered`) };
      if (pkg.valuesRollout === 'off') return { writes: [], result: idle(`valuesRollout of ${pkg.name} is off`) };
      const { writes, because } = gatherChange(change, pkg.name, [changed], now());
      return { writes, result: { noted: writes.length > 0, because } };
    });
    log.info(answer.noted ? 'change noted' : 'change passed over', { name, because: answer.because });
    return answer;
  };
}

const idle = (because: string): Noted => ({ noted: false, because });
