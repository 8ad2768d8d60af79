/** A plan as the comment of a pull request. */
import type { PlanResult } from './plan-result.ts';
import { renderText } from './render-text.ts';

/** At most 60 KB. Nothing that a name or a value says becomes Markdown or HTML. */
export function renderMarkdown(plan: PlanResult): string {
  return renderText(plan).join('\n');
}
