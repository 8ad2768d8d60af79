/** Which repositories may serve themselves, kept by the stack as one parameter. */
import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod';
import type { SelfService } from '../../domain/callers/claim-rules.ts';
import type { Clock } from '../../domain/ports.ts';

const texts = z.array(z.string());

/** `selfService` of `fairlead.yaml`, read tolerantly: a newer stack may write more. */
export const StoredSelfService = z.object({
  owner: z.string(),
  ownerId: z.string(),
  claims: z.array(
    z.object({
      repositories: texts,
      packages: texts,
      namespaces: texts,
      charts: texts,
      teamRequired: z.boolean().optional(),
    }),
  ),
}) satisfies z.ZodType<SelfService>;

export interface SsmSelfServiceProps {
  readonly client: SSMClient;
  /** Of the parameter; '' when self-service is not configured. */
  readonly name: string;
  readonly now: Clock;
}

const KEPT_MILLISECONDS = 60_000;

/** The settings, undefined without any; what was read is kept for a minute. */
export function ssmSelfService({ client, name, now }: SsmSelfServiceProps) {
  let kept: { readonly until: number; readonly settings: SelfService } | undefined;
  return async (): Promise<SelfService | undefined> => {
    if (name === '') return undefined;
    if (kept !== undefined && kept.until > now().getTime()) return kept.settings;
    const { Parameter } = await client.send(new GetParameterCommand({ Name: name }));
    const settings = StoredSelfService.parse(JSON.parse(Parameter?.Value ?? ''));
    kept = { until: now().getTime() + KEPT_MILLISECONDS, settings };
    return settings;
  };
}
