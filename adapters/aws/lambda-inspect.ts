/** Asks a deployer's function to look at a cluster, and waits for what it says. */
import { InvokeCommand, type LambdaClient, LambdaServiceException } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { type Inspect, InspectAnswer, type InspectReply } from '../../contracts/inspection.ts';

export interface LambdaInspectProps {
  readonly client: LambdaClient;
  /** ARN of each deployer's alias by the deployer's name. */
  readonly deployers: ReadonlyMap<string, string>;
  /** From then on a deployer that says nothing is one that does not answer. */
  readonly timeoutMs: number;
}

const Thrown = z.object({ errorType: z.string().optional(), errorMessage: z.string() });
const MAX_WORDS = 300;

/** The port `Inspect`. That a deployer does not answer is an answer; only mistakes of ours are thrown. */
export function lambdaInspect({ client, deployers, timeoutMs }: LambdaInspectProps): Inspect {
  return async (deployer, input) => {
    const FunctionName = deployers.get(deployer);
    if (FunctionName === undefined) return { answered: false, known: false };
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const Payload = JSON.stringify(input);
      const { FunctionError, Payload: payload } = await client.send(new InvokeCommand({ FunctionName, Payload }), {
        abortSignal: signal,
      });
      return replyIn(readJson(payload), FunctionError !== undefined);
    } catch (error) {
      if (signal.aborted) return silent(`nothing within ${timeoutMs / 1000} s`);
      return trouble(error);
    }
  };
}

function replyIn(said: unknown, isError: boolean): InspectReply {
  if (isError) return silent(`it ended in an error: ${wordsOf(said)}`);
  const answer = InspectAnswer.safeParse(said);
  return answer.success ? { answered: true, answer: answer.data } : silent('it says something else than asked for');
}

/** @throws what is a mistake of ours */
function trouble(error: unknown): InspectReply {
  if (error instanceof LambdaServiceException) return silent(`lambda:InvokeFunction answered ${error.name}`);
  if (error instanceof Error && 'code' in error) return silent(`no connection (${error.code})`);
  throw error;
}

const silent = (because: string) => ({ answered: false as const, known: true as const, because });

function readJson(payload: Uint8Array | undefined): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return undefined; // no JSON, so no answer of ours: said by the caller
  }
}

function wordsOf(said: unknown): string {
  const { data } = Thrown.safeParse(said);
  return (data?.errorMessage ?? 'without a word').split('\n')[0]?.slice(0, MAX_WORDS) ?? '';
}
