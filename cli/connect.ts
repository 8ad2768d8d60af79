/** Finds out where the calls go, says so first, and hands out the API. */
import type { Call } from './command.ts';
import { type FairleadApi, fairleadApi } from './fairlead-api.ts';
import { destinationOf, text } from './flags.ts';
import type { Ports } from './ports.ts';

/** Says where this call goes, for commands that speak to AWS beside the API. */
export async function announce(call: Call, { destination, terminal }: Ports): Promise<void> {
  const { endpoint, because } = await destination(destinationOf(call));
  terminal.err(`fairlead: ${endpoint} (${because})`);
}

/** The API of this call's destination, which is printed on stderr. */
export async function connect(call: Call, { destination, terminal, interrupted }: Ports): Promise<FairleadApi> {
  const { endpoint, because, client } = await destination(destinationOf(call));
  terminal.err(`fairlead: ${endpoint} (${because})`);
  const reason = text(call.flags, 'break-glass');
  const why = reason === undefined ? {} : { 'fairlead-break-glass': encodeURIComponent(reason) };
  return fairleadApi({
    // Ctrl-C ends what only reads; what changes something is heard to its end, so that nobody has to guess whether it did.
    call: (request) =>
      client.call(
        request.method === 'GET'
          ? { signal: interrupted, ...request }
          : { ...request, headers: { ...request.headers, ...why } },
      ),
  });
}

/** Prints `value` as JSON, or `lines` for people. */
export function answer(call: Call, { terminal }: Ports, value: unknown, lines: () => readonly string[]): void {
  if (call.json) terminal.out(JSON.stringify(value, undefined, 2));
  else for (const line of lines()) terminal.out(line);
}
