/** Who changed which parameter last. */
import {
  GetParameterHistoryCommand,
  type ParameterHistory as HistoryLine,
  ParameterNotFound,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import { type LastChange, type ParameterHistory, UNKNOWN } from '../../domain/values-change/ports.ts';

export interface SsmHistoryProps {
  readonly client: SSMClient;
}

/** At most 100 versions are kept, 50 a page (https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameterHistory.html). */
const MOST_PAGES = 4;

/** The port `ParameterHistory`. Nothing is decrypted, and values are not looked at. */
export function ssmHistory({ client }: SsmHistoryProps): ParameterHistory {
  const page = async (name: string, token: string | undefined) => {
    const ask = { Name: name, WithDecryption: false, MaxResults: 50, ...(token !== undefined && { NextToken: token }) };
    const { Parameters = [], NextToken } = await client.send(new GetParameterHistoryCommand(ask));
    return { lines: Parameters.map(changeOf), next: NextToken };
  };
  return {
    async last(name) {
      const all: LastChange[] = [];
      let token: string | undefined;
      try {
        for (let pages = 0; pages < MOST_PAGES; pages++) {
          const { lines, next } = await page(name, token);
          all.push(...lines);
          if (next === undefined) break;
          token = next;
        }
      } catch (error) {
        if (error instanceof ParameterNotFound) return undefined;
        throw error;
      }
      // In which order versions come is nowhere promised.
      return all.toSorted((a, b) => a.version - b.version).at(-1);
    },
  };
}

function changeOf({ Version = 0, LastModifiedUser = UNKNOWN, LastModifiedDate }: HistoryLine): LastChange {
  return { version: Version, by: LastModifiedUser, at: (LastModifiedDate ?? new Date(0)).toISOString() };
}
