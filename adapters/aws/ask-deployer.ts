/** Asks a deployer's function something that changes nothing, and waits for what it says. */
import { InvokeCommand, type LambdaClient, LambdaServiceException } from '@aws-sdk/client-lambda';
import * as z from 'zod';

export interface AskDeployerProps {
  readonly client: LambdaClient;
  /** ARN of each deployer's alias by the deployer's name. */
  readonly deployers: ReadonlyMap<string, string>;
  /** From then on a deployer that says nothing is one that does not answer. */
  readonly timeoutMs: number;
}

export type Reply<T> =
  | { readonly answered: true; readonly answer: T }
  | { readonly answered: false; readonly known: true; readonly because: string }
  /** No deployer of that name is configured. */
  | { readonly answered: false; readonly known: false };

type Silent = Extract<Reply<never>, { known: true }>;

const Thrown = z.object({ errorType: z.string().optional(), errorMessage: z.string() });
const MAX_WORDS = 300;

/** Asks the deployer of that name for an `answer`. That it does not answer is an answer; only mistakes of ours are thrown. */
export function askDeployer<S extends z.ZodType>({ client, deployers, timeoutMs }: AskDeployerProps, answer: S) {
  return async (deployer: string, input: object): Promise<Reply<z.output<S>>> => {
    const FunctionName = deployers.get(deployer);
    if (FunctionName === undefined) return { answered: false, known: false };
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const Payload = JSON.stringify(input);
      const { FunctionError, Payload: payload } = await client.send(new InvokeCommand({ FunctionName, Payload }), {
        abortSignal: signal,
      });
      const said = readJson(payload);
      if (FunctionError !== undefined) return silent(`it ended in an error: ${wordsOf(said)}`);
      const found = answer.safeParse(said);
      return found.success ? { answered: true, answer: found.data } : silent('it says something else than asked for');
    } catch (error) {
      if (signal.aborted) return silent(`nothing within ${timeoutMs / 1000} s`);
      return trouble(error);
    }
  };
}

/** @throws what is a mistake of ours */
function trouble(error: unknown): Silent {
  if (error instanceof LambdaServiceException) return silent(`lambda:InvokeFunction answered ${error.name}`);
  if (error instanceof Error && 'code' in error) return silent(`no connection (${error.code})`);
  throw error;
}

const silent = (because: string): Silent => ({ answered: false, known: true, because });

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
