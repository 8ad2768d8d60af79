/** What a plan comes to in one environment, in one word and one sentence. */
import type { EnvironmentDiff, PlanProblem } from './environment-diff.ts';

type Seen = Pick<EnvironmentDiff, 'objects' | 'same' | 'problems'>;

/** A cluster that does not answer tells nothing; what blocks comes before what changes. */
export function judgeDiff({ objects, same, problems }: Seen): Pick<EnvironmentDiff, 'state' | 'because'> {
  const silent = problems.find(({ code }) => code === 'unreachable');
  if (silent !== undefined) return { state: 'unreachable', because: silent.because };
  const blocking = problems.filter(({ blocks }) => blocks);
  const [first] = blocking;
  if (first !== undefined) {
    const more = blocking.length === 1 ? '' : `, and ${blocking.length - 1} more`;
    return { state: 'blocked', because: `${said(first)}${more}` };
  }
  const all = objects.length + same;
  const of = `${all} object${all === 1 ? '' : 's'}`;
  if (objects.length > 0) return { state: 'changes', because: `${objects.length} of ${of} would change` };
  if (all === 0) return { state: 'unchanged', because: 'it has no objects' };
  return { state: 'unchanged', because: `nothing changes: ${of} ${all === 1 ? 'stays as it is' : 'stay as they are'}` };
}

const said = ({ object, because }: PlanProblem) => (object === undefined ? because : `${object}: ${because}`);
