/** What plans and views ask: nothing is claimed, written to the table, or changed in the cluster. */
import type { ValuesAnswer } from '../../../contracts/api/effective.ts';
import { PreviewInput } from '../../../contracts/preview.ts';
import type { Deps } from '../deps.ts';
import { showValues } from './show-values.ts';

/** A preview that this deployer does not know: an older one behind a newer planner. */
export class PreviewUnknown extends Error {
  override readonly name = 'PreviewUnknown';
}

/** @throws PreviewUnknown, and whatever is a bug or the platform's trouble. */
export function answerPreview(deps: Deps) {
  const show = showValues(deps);
  return async (event: unknown): Promise<ValuesAnswer> => {
    const input = PreviewInput.parse(event);
    if (input.operation === 'values') return show(input);
    throw new PreviewUnknown(`this deployer knows no operation ${input.operation}`);
  };
}
