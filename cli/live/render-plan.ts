/** A plan for people: what would change where, and what to do with it. */
import type { PlanView } from '../../contracts/api/plan.ts';
import type { RolloutView } from '../../contracts/api/rollout.ts';
import { renderMarkdown } from '../../domain/plan-diff/render-markdown.ts';
import { renderText } from '../../domain/plan-diff/render-text.ts';
import type { Paint } from '../paint.ts';
import { plain } from '../plain.ts';

export const PLAN_FORMATS = ['text', 'markdown', 'json'] as const;
export type PlanFormat = (typeof PLAN_FORMATS)[number];

/** Enough of a keyed digest for people to compare. */
export const shortDigest = (digest: string): string => `${digest.slice(0, digest.indexOf(':') + 9)}…`;

/** The whole plan, in the form that was asked for; ends without a line break. */
export function renderPlan(plan: PlanView, format: PlanFormat): string {
  if (format === 'json') return JSON.stringify(plan, undefined, 2);
  const { result, resultKey } = plan;
  if (result === undefined) {
    const where =
      resultKey === undefined ? plan.because : `too much for one answer: it is object ${resultKey} of the plans bucket`;
    return `${plan.package} ${plan.version}: ${plain(where)}`;
  }
  return format === 'markdown' ? renderMarkdown(result) : renderText(result).map(plain).join('\n');
}

/** One clear last line: how it stands, and the command that carries it out. */
export function lastLine(plan: PlanView): string {
  const { id, package: pkg, version, state, because, digest, changed, valuesChanged } = plan;
  if (state === 'working') return `plan ${id} is being worked out: see it with fairlead plan show ${pkg} ${id}`;
  if (state !== 'ready' || digest === undefined) return `plan ${id} is ${state}: ${plain(because)}`;
  const said = `plan ${id} (digest ${shortDigest(digest)}): ${plain(because)}`;
  if (changed === 0) return `${said}; there is nothing to roll out`;
  const way =
    valuesChanged === undefined
      ? `fairlead rollout ${pkg} --version ${version} --plan ${id}`
      : `fairlead values apply ${pkg}`;
  return `${said}; roll it out: ${way}`;
}

/** Which plan a rollout carries out, where it does. */
export function plannedLines(paint: Paint, { planned }: Pick<RolloutView, 'planned'>): string[] {
  if (planned === undefined) return [];
  return [paint('dim', `carries out plan ${planned.id} (digest ${shortDigest(planned.digest)})`)];
}
