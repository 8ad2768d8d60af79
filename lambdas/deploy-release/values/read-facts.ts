/** What templates may know of environments, as it was frozen, and those of its secrets that they read. */
import { TenantFacts } from '../../../contracts/facts.ts';
import type { Inputs } from '../../../domain/items/deployment.ts';
import type { Feature } from '../../../domain/values/feature/feature.ts';
import { neededSecrets } from '../../../domain/values/feature/needed-secrets.ts';
import type { Secrets } from '../../../domain/values/ports.ts';
import { secretFactId } from '../../../domain/values/resolve-input.ts';
import type { Deps } from '../deps.ts';
import { type Trouble, trouble } from './trouble.ts';

export interface Facts {
  readonly ok: true;
  readonly facts?: TenantFacts;
  /** By `secretFactId`. */
  readonly secretFacts: ReadonlyMap<string, string>;
}

const NOTHING: Facts = { ok: true, secretFacts: new Map() };

/** Nothing for charts without a `Feature.yaml`. `environment` is the one whose values are worked out. */
export async function readFacts(
  { plans, digest, engine }: Pick<Deps, 'plans' | 'digest' | 'engine'>,
  {
    inputs: { facts: frozen },
    environment: into,
  }: { readonly inputs: Pick<Inputs, 'facts'>; readonly environment: string },
  feature: Feature | undefined,
  secrets: Secrets,
): Promise<Facts | Trouble> {
  if (frozen === undefined || feature === undefined) return NOTHING;
  const copy = await plans.get(frozen.copy);
  if (copy === undefined || (await digest(copy)) !== frozen.digest) {
    return trouble('values-missing', `what was planned of the environments' values is gone: start a new rollout`);
  }
  const facts = TenantFacts.parse(JSON.parse(new TextDecoder().decode(copy)));
  const templates = feature.values.flatMap(({ key, computed }) =>
    computed === undefined ? [] : [{ key, template: computed.template }],
  );
  const parsed = await engine.parse(templates);
  const secretFacts = new Map<string, string>();
  for (const { environment, key, pointer } of neededSecrets(facts, parsed, into)) {
    const { parameter: name, version, digest: ciphertext } = pointer;
    const answer = await secrets.frozen({ name, version, digest: ciphertext });
    if (!answer.ok) return trouble(answer.code, `value ${key} of environment ${environment}: ${answer.because}`);
    secretFacts.set(secretFactId(environment, key), answer.text);
  }
  return { ok: true, facts, secretFacts };
}
