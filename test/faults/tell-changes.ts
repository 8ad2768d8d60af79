/** What a transaction changed, in a line of the story each. */
import type { Change } from '../../adapters/memory/memory-table.ts';
import type { DeploymentItem } from '../../domain/items/deployment.ts';
import type { LeaseItem } from '../../domain/items/release.ts';
import type { Item } from '../../domain/items.ts';
import type { Story } from './story.ts';

export function tellChanges(story: Story, who: string, changes: readonly Change[]): void {
  for (const { before, after } of changes) {
    const line = lineOf(before, after);
    if (line !== undefined) story.tell(who, () => line);
  }
}

const short = (id: string) => id.slice(-2);

function lineOf(before: Item | undefined, after: Item | undefined): string | undefined {
  if (after === undefined) return before === undefined ? undefined : `takes away the ${before.type}${of(before)}`;
  switch (after.type) {
    case 'event':
      return `says of ${short(after.rolloutId)} (${after.number}): ${after.environment ?? ''} ${after.kind}: ${after.text}`;
    case 'rollout': {
      const was = before?.type === 'rollout' ? before.state : 'nothing';
      const told = `rollout ${short(after.id)} (run ${after.run}, number ${after.sequence})`;
      return was === after.state ? `touches ${told}, ${after.state}` : `${told} goes from ${was} to ${after.state}`;
    }
    case 'deployment':
      return deploymentLine(before, after);
    case 'lease':
      return leaseLine(after);
    case 'wait':
      return `rollout ${short(after.rolloutId)} waits (${after.on}) until ${after.until}: ${after.because}`;
    case 'events':
    case 'audit':
    case 'request':
    case 'idempotency':
    case 'counter':
      return undefined;
    default:
      return `writes the ${after.type}${of(after)}`;
  }
}

function leaseLine({ namespace, release, fence, holder, operation }: LeaseItem): string {
  const by =
    holder === undefined ? 'nobody' : `${short(holder.rolloutId)} try ${holder.attempt} until ${holder.deadline}`;
  const told = `lease ${namespace}/${release}: fence ${fence}, held by ${by}, at work: `;
  if (operation === undefined) return `${told}nothing`;
  const end = operation.overAt === undefined ? `until ${operation.hardEnd}` : 'over';
  return `${told}${operation.kind} of ${operation.requestId}, fence ${operation.fence}, ${end}`;
}

function deploymentLine(before: Item | undefined, after: DeploymentItem): string {
  const was = before?.type === 'deployment' ? `${before.state} (try ${before.attempt})` : 'nothing';
  const deferred = after.deferred === undefined ? '' : `, put off until ${after.deferred.until}`;
  const what = `deployment ${short(after.rolloutId)} ${after.environment}`;
  return `${what}: ${was} → ${after.state} (try ${after.attempt})${deferred}`;
}

function of(item: Item): string {
  if ('rolloutId' in item) return ` of ${short(String(item.rolloutId))}`;
  return 'environment' in item ? ` of ${item.environment}` : '';
}
