/** What templates of a `Feature.yaml` see in one environment, and the same with something else in place of each secret. */
import type { Labels } from '../../target.ts';
import { otherThan } from '../secrets/other-than.ts';
import { type EnvironmentFacts, MANAGEMENT, type TemplateData, type TenantFacts } from './facts.ts';

/** One configured value. */
export interface Configured {
  readonly value: unknown;
  readonly secret: boolean;
}

export interface DataParts {
  readonly environment: {
    readonly name: string;
    readonly kind?: string | undefined;
    readonly tenant?: string | undefined;
    readonly labels: Labels;
  };
  readonly facts?: TenantFacts | undefined;
  /** By key as `Feature.yaml` writes it. */
  readonly configs: ReadonlyMap<string, Configured>;
  /** The text of a secret environment value; undefined leaves it out. */
  readonly secretOf: (environment: string, key: string) => string | undefined;
}

/** `probe` is absent when there is no secret to see. */
export function templateData(parts: DataParts): { readonly data: TemplateData; readonly probe?: TemplateData } {
  const seen = { secret: false };
  const data = dataWith(parts, (value) => {
    seen.secret = true;
    return value;
  });
  return seen.secret ? { data, probe: dataWith(parts, otherThan) } : { data };
}

/** Values, and how a secret is shown among them. */
function dataWith(parts: DataParts, secret: (value: unknown) => unknown): TemplateData {
  const { environment, facts, configs, secretOf } = parts;
  const all = facts?.environments ?? [];
  const own = all.find(({ name }) => name === environment.name) ?? alone(parts);
  const view = (of: EnvironmentFacts) => environmentView(of, secretOf, secret);
  const management = own.kind === MANAGEMENT ? own : all.find(({ kind }) => kind === MANAGEMENT);
  return {
    Kind: own.kind ?? '',
    Tenant: { Name: environment.tenant ?? facts?.tenant ?? '' },
    Management: management === undefined ? {} : view(management),
    Env: view(own),
    Envs: (all.length === 0 ? [own] : all).filter(({ kind }) => kind !== MANAGEMENT).map(view),
    Configs: Object.fromEntries(
      [...configs].map(([key, { value, secret: isSecret }]) => [key, isSecret ? secret(value) : value]),
    ),
  };
}

function alone({ environment: { name, kind, tenant, labels } }: DataParts): EnvironmentFacts {
  const of = { ...(kind !== undefined && { kind }), ...(tenant !== undefined && { tenant }) };
  return { name, ...of, labels, values: {}, secrets: {} };
}

function environmentView(
  { name, kind, labels, values, secrets }: EnvironmentFacts,
  secretOf: DataParts['secretOf'],
  secret: (value: unknown) => unknown,
): Readonly<Record<string, unknown>> {
  const hidden = Object.keys(secrets).flatMap((key): [string, unknown][] => {
    const text = secretOf(name, key);
    return text === undefined ? [] : [[key, secret(text)]];
  });
  // What the environment is stands above what somebody called the same.
  return Object.fromEntries([
    ...Object.entries(values),
    ...hidden,
    ['name', name],
    ['kind', kind ?? ''],
    ['labels', labels],
  ]);
}
