/** What plans and views ask: nothing is claimed, written to the table, or changed in the cluster. */
import type { ValuesAnswer } from '../../../contracts/api/effective.ts';
import type { DiffAnswer } from '../../../contracts/plan-diff.ts';
import { PreviewInput } from '../../../contracts/preview.ts';
import type { Deps } from '../deps.ts';
import { chartsOnce } from './charts-once.ts';
import { diff } from './diff.ts';
import type { DiffDeps } from './preview-deps.ts';
import { readyToDiff } from './ready-to-diff.ts';
import { showValues } from './show-values.ts';

/** @throws whatever is a bug or the platform's trouble. */
export function answerPreview(deps: Deps, of: Pick<DiffDeps, 'look' | 'recordSize'>) {
  const show = showValues(deps);
  const compare = diff(readyToDiff({ ...deps, ...chartsOnce(deps) }, of));
  return async (event: unknown): Promise<ValuesAnswer | DiffAnswer> => {
    const input = PreviewInput.parse(event);
    return input.operation === 'values' ? show(input) : compare(input);
  };
}
