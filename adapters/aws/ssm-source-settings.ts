/** What `fairlead.yaml` says of each source, kept by the stack as one parameter a source. */
import { GetParameterCommand, ParameterNotFound, type SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod';
import type { SourceSettings } from '../../domain/callers/source-rights.ts';
import type { Clock } from '../../domain/ports.ts';

/** The parameter `{SOURCES_PREFIX}{source}`. */
export const StoredSettings = z.object({ repository: z.string(), packages: z.array(z.string()) });

export interface SsmSourceSettingsProps {
  readonly client: SSMClient;
  /** Ends in `/`. */
  readonly prefix: string;
  readonly now: Clock;
}

const KEPT_MILLISECONDS = 60_000;

/** Settings of a source by name, undefined when there is none; what was read is kept for a minute. */
export function ssmSourceSettings({ client, prefix, now }: SsmSourceSettingsProps) {
  const kept = new Map<string, { readonly until: number; readonly settings: SourceSettings | undefined }>();
  return async (source: string): Promise<SourceSettings | undefined> => {
    const known = kept.get(source);
    if (known !== undefined && known.until > now().getTime()) return known.settings;
    const settings = await read(client, `${prefix}${source}`);
    kept.set(source, { until: now().getTime() + KEPT_MILLISECONDS, settings });
    return settings;
  };
}

async function read(client: SSMClient, Name: string): Promise<SourceSettings | undefined> {
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name }));
    return StoredSettings.parse(JSON.parse(Parameter?.Value ?? ''));
  } catch (error) {
    if (error instanceof ParameterNotFound) return undefined;
    throw error;
  }
}
