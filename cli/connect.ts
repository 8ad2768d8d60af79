/** Finds out where the calls go, says so first, and hands out the API. */
import { TOKEN_AUDIENCE, TOKEN_HEADER } from '../contracts/api/github-token.ts';
import type { Call } from './command.ts';
import { Failed } from './failure.ts';
import { type FairleadApi, fairleadApi } from './fairlead-api.ts';
import { destinationOf, given, text } from './flags.ts';
import type { Ports } from './ports.ts';

const EXIT_ERROR = 2;

/** Says where this call goes, for commands that speak to AWS beside the API. */
export async function announce(call: Call, { destination, terminal }: Ports): Promise<void> {
  const { endpoint, because } = await destination(destinationOf(call));
  terminal.err(`fairlead: ${endpoint} (${because})`);
}

/** The API of this call's destination, which is printed on stderr. */
export async function connect(call: Call, ports: Ports): Promise<FairleadApi> {
  const { destination, terminal, interrupted } = ports;
  const { endpoint, because, client } = await destination(destinationOf(call));
  terminal.err(`fairlead: ${endpoint} (${because})`);
  const reason = text(call.flags, 'break-glass');
  const why = reason === undefined ? {} : { 'fairlead-break-glass': encodeURIComponent(reason) };
  const proof = await proofOf(call, ports);
  return fairleadApi({
    // Ctrl-C ends what only reads; what changes something is heard to its end, so that nobody has to guess whether it did.
    call: (request) =>
      client.call(
        request.method === 'GET'
          ? { signal: interrupted, ...request, headers: { ...request.headers, ...proof } }
          : { ...request, headers: { ...request.headers, ...why, ...proof } },
      ),
  });
}

/** The header that proves the job, where `--github-token` asks for it. @throws Failed */
async function proofOf({ flags }: Call, { jobToken }: Ports): Promise<Readonly<Record<string, string>>> {
  if (!given(flags, 'github-token')) return {};
  const read = await jobToken(TOKEN_AUDIENCE);
  if (read.given) return { [TOKEN_HEADER]: read.token };
  throw new Failed(`--github-token: ${read.because}`, EXIT_ERROR);
}

/** Prints `value` as JSON, or `lines` for people. */
export function answer(call: Call, { terminal }: Ports, value: unknown, lines: () => readonly string[]): void {
  if (call.json) terminal.out(JSON.stringify(value, undefined, 2));
  else for (const line of lines()) terminal.out(line);
}
