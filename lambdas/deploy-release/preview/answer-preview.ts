/** What plans and views ask: nothing is claimed, written to the table, or changed in the cluster. */
import type { ValuesAnswer } from '../../../contracts/api/effective.ts';
import type { DiffAnswer } from '../../../contracts/plan-diff.ts';
import { PreviewInput } from '../../../contracts/preview.ts';
import type { Deps } from '../deps.ts';
import { hushedCall } from '../hush.ts';
import { hushedAnswer } from '../hushed-answer.ts';
import { chartsOnce } from './charts-once.ts';
import { diff } from './diff.ts';
import type { DiffDeps } from './preview-deps.ts';
import { readyToDiff } from './ready-to-diff.ts';
import { showValues } from './show-values.ts';

/** No secret leaves it, whatever goes wrong. @throws whatever is a bug or the platform's trouble. */
export function answerPreview(deps: Deps, of: Pick<DiffDeps, 'look' | 'recordSize'>) {
  const once = chartsOnce(deps);
  return async (event: unknown): Promise<ValuesAnswer | DiffAnswer> => {
    const input = PreviewInput.parse(event);
    return await hushedCall(deps, async (hushed, hush) => {
      if (input.operation !== 'values') return diff(readyToDiff({ ...hushed, ...once }, of))(input);
      return hushedAnswer(await showValues(hushed)(input), hush.redact);
    });
  };
}
