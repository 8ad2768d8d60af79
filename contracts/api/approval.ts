/** What people and checks say about a stage before it starts, and how its gate stands. */
import * as z from 'zod';
import { Name, RolloutId, Time } from '../name.ts';

const Reason = z.string().trim().min(1, 'say why').max(1000);

export const ApprovalBody = z
  .strictObject({
    decision: z.enum(['approve', 'refuse']),
    reason: Reason.exactOptional().meta({ description: 'needed for a refusal' }),
    planDigest: z
      .string()
      .max(200)
      .exactOptional()
      .meta({ description: 'of the plan that was looked at: refused with 409 when it is another by now' }),
  })
  .refine(({ decision, reason }) => decision === 'approve' || reason !== undefined, {
    error: 'a refusal needs a reason',
    path: ['reason'],
  })
  .meta({ id: 'ApprovalBody' });

export const StatusBody = z
  .strictObject({
    state: z.enum(['pending', 'success', 'failure']),
    description: z.string().trim().min(1).max(500).exactOptional(),
    url: z
      .url({ protocol: /^https?$/, error: 'a URL begins with https:// or http://' })
      .max(1000)
      .exactOptional()
      .meta({ description: 'where one can read more' }),
  })
  .meta({ id: 'StatusBody' });

export const ApprovalView = z
  .object({
    identity: z.string().meta({ description: 'what was proved: role/NAME, or github/owner/name:environment' }),
    by: z.string().meta({ description: 'the name that people know' }),
    decision: z.enum(['approve', 'refuse']),
    reason: z.string().exactOptional(),
    breakGlass: z.string().exactOptional(),
    at: Time,
    until: Time.meta({ description: 'an approval counts until then' }),
    counts: z.boolean().meta({ description: 'whether it counts now' }),
  })
  .meta({ id: 'Approval' });

export const StatusView = z
  .object({
    name: Name,
    state: z.enum(['pending', 'success', 'failure']),
    description: z.string().exactOptional(),
    url: z.string().exactOptional(),
    by: z.string(),
    at: Time,
  })
  .meta({ id: 'Status' });

export const GateView = z
  .object({
    state: z
      .enum(['open', 'closed', 'passed'])
      .meta({ description: 'passed: the stage has begun, nobody is asked any more' }),
    because: z.string(),
    approvals: z.int().meta({ description: 'how many different identities must approve' }),
    who: z.string().meta({ description: 'who may approve' }),
    given: z.array(ApprovalView),
    statuses: z.array(z.string()).meta({ description: 'that must be success' }),
    reported: z.array(StatusView),
    since: Time.exactOptional().meta({ description: 'since when it is waited for' }),
    hours: z.number().meta({ description: 'how long it is waited for, and how long an approval counts' }),
  })
  .meta({ id: 'GateState' });

const about = { id: RolloutId, package: Name };

export const ApprovalAnswer = z
  .object({ ...about, stage: Name, approval: ApprovalView, gate: GateView })
  .meta({ id: 'ApprovalAnswer' });

export const StatusAnswer = z.object({ ...about, status: StatusView }).meta({ id: 'StatusAnswer' });

export type ApprovalAnswer = z.infer<typeof ApprovalAnswer>;
export type StatusAnswer = z.infer<typeof StatusAnswer>;
export type GateView = z.infer<typeof GateView>;
export type ApprovalView = z.infer<typeof ApprovalView>;
export type StatusView = z.infer<typeof StatusView>;
