import { ValueKey } from '../../contracts/api/environment-value.ts';
import type { ApiRequest } from '../../contracts/api-request.ts';
import { Name, RolloutId } from '../../contracts/name.ts';
import type { Call } from './call.ts';
import { Refused } from './refused.ts';

type Parameters = Pick<Call, 'package' | 'environment' | 'rollout' | 'stage' | 'status' | 'freeze' | 'plan' | 'key'>;

const NAMES = ['package', 'environment', 'stage', 'status', 'freeze'] as const;
const IDS = ['rollout', 'plan'] as const;

/** The path's parameters, decoded once, each a name (or a rollout's id, or `latest`). @throws Refused */
export function pathParameters({ path, pathParameters }: Pick<ApiRequest, 'path' | 'pathParameters'>): Parameters {
  if (path.length > 1 && path.endsWith('/')) throw new Refused('no-such-route', "a path does not end with '/'");
  const found = { package: '', environment: '', rollout: '', stage: '', status: '', freeze: '', plan: '', key: '' };
  for (const [name, raw] of Object.entries(pathParameters ?? {})) {
    const known = NAMES.find((one) => one === name);
    if (known !== undefined) found[known] = checked(name, raw, Name.safeParse(decoded(raw)));
    if (name === 'key') found.key = checked(name, raw, ValueKey.safeParse(decoded(raw)));
    const id = IDS.find((one) => one === name);
    if (id !== undefined) found[id] = idOf(id, decoded(raw));
  }
  return found;
}

function decoded(raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch (error) {
    if (error instanceof URIError) return raw;
    throw error;
  }
}

type Parsed = { success: true; data: string } | { success: false; error: { issues: { message: string }[] } };

function checked(what: string, raw: string, parsed: Parsed): string {
  if (parsed.success) return parsed.data;
  throw new Refused('invalid', `${what} in the path: ${parsed.error.issues[0]?.message ?? `'${raw}' is not a name`}`);
}

/** A ULID, or `latest`. */
function idOf(what: (typeof IDS)[number], text: string): string {
  if (text === 'latest') return text;
  const parsed = RolloutId.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new Refused(
    'not-found',
    `there is no ${what} '${text.slice(0, 60)}': a ${what} id is a ULID of 26 characters, or 'latest'`,
  );
}
