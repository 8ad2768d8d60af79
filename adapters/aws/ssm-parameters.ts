/** Value layers in SSM Parameter Store. */
import { GetParametersCommand, type SSMClient, ThrottlingException } from '@aws-sdk/client-ssm';
import type { Parameters, ParameterValue } from '../../domain/ports.ts';

export interface SsmParametersProps {
  /**
   * Parameter Store allows 40 calls a second an account by default; the SDK's standard retry mode scatters its pauses
   * with full jitter, so give the client attempts enough.
   */
  readonly client: SSMClient;
}

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html */
const NAMES_A_CALL = 10;
const CALLS_AT_ONCE = 4;

/**
 * The port `Parameters`. Nothing is decrypted: a SecureString among plain layers reads as its ciphertext, which is no
 * map, so that it blocks its deployments instead of leaking into them.
 */
export function ssmParameters({ client }: SsmParametersProps): Parameters {
  const ask = async (Names: string[]) => {
    const { Parameters = [] } = await client
      .send(new GetParametersCommand({ Names, WithDecryption: false }))
      .catch(throttled);
    return Parameters.flatMap(({ Name, Version, Value, Type }): [string, ParameterValue][] =>
      Name === undefined || Version === undefined || Value === undefined
        ? []
        : [[Name, { version: Version, value: Value, secret: Type === 'SecureString' }]],
    );
  };

  return {
    async latest(names) {
      const waiting = chunks([...new Set(names)], NAMES_A_CALL);
      const found = new Map<string, ParameterValue>();
      const work = async () => {
        for (let batch = waiting.shift(); batch !== undefined; batch = waiting.shift()) {
          for (const [name, parameter] of await ask(batch)) found.set(name, parameter);
        }
      };
      await Promise.all(Array.from({ length: CALLS_AT_ONCE }, work));
      return found;
    },

    async exactly(name, version) {
      const found = (await ask([`${name}:${version}`])).find(([, parameter]) => parameter.version === version);
      return found?.[1].value;
    },
  };
}

/** Its name is what a rollout's end tells when no retry has helped. */
export class ParameterStoreThrottled extends Error {
  override readonly name = 'ParameterStoreThrottled';
}

function throttled(error: unknown): never {
  if (!(error instanceof ThrottlingException)) throw error;
  const because = 'Parameter Store kept throttling this account (40 calls a second unless raised)';
  throw new ParameterStoreThrottled(`${because}: ${error.message}`, { cause: error });
}

function chunks<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}
