/** What nais/fasit-deploy v4 sends and reads (https://github.com/nais/fasit-deploy). Its client looks at the status, at `id` and `state`, and shows other bodies as they are. */
import * as z from 'zod';
import { ASSIGNMENT_STATES } from '../../domain/fasit/assignment-of.ts';
import { ChartVersion, Labels, RolloutId } from '../name.ts';
import { ChartPlace } from './package.ts';

const part = z.string().regex(/^[\w.-]{1,100}$/, 'letters, digits, dots and dashes');

/** `repo` is the name alone; `ref` is the commit. */
const Ref = z
  .strictObject({ owner: part, repo: part, ref: z.string().min(1).max(300) })
  .meta({ description: 'must be the repository that the token is of' });

export const AssignmentBody = z
  .strictObject({
    chart: ChartPlace,
    version: ChartVersion,
    ref: Ref,
    target: Labels.meta({ description: 'every environment whose labels contain all of these' }),
    description: z.string().max(1000).optional(),
  })
  .meta({ id: 'AssignmentBody' });
export type AssignmentBody = z.infer<typeof AssignmentBody>;

export const AssignmentCreated = z.object({ id: RolloutId }).meta({ id: 'AssignmentCreated' });

export const AssignmentView = z
  .object({
    id: RolloutId,
    state: z.enum(ASSIGNMENT_STATES),
    reason: z.string().optional().meta({ description: 'why, or what it waits on' }),
    url: z.url().optional().meta({ description: 'its execution in the Step Functions console' }),
  })
  .meta({ id: 'Assignment' });
export type AssignmentView = z.infer<typeof AssignmentView>;
