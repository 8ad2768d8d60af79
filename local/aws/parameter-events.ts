/** What AWS tells by EventBridge when a parameter changes, and MiniStack does not: worked out by looking at all of them again and again. */
import { PARAMETER_CHANGE } from '../../contracts/parameter-change.ts';

/** How a parameter stands: other text, another version or time. */
export type Standing = ReadonlyMap<string, string>;

export interface ParameterEvent {
  readonly operation: (typeof PARAMETER_CHANGE.operations)[number];
  readonly name: string;
}

/** What happened between two looks. Two edits between them are one event, as they may be on AWS when events come late. */
export function parameterEvents(before: Standing, now: Standing): readonly ParameterEvent[] {
  const changed = [...now].flatMap(([name, how]): ParameterEvent[] => {
    const known = before.get(name);
    if (known === how) return [];
    return [{ operation: known === undefined ? 'Create' : 'Update', name }];
  });
  const gone = [...before.keys()].filter((name) => !now.has(name));
  return [...changed, ...gone.map((name): ParameterEvent => ({ operation: 'Delete', name }))];
}

/** As EventBridge hands it to a function (https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-cwe.html). */
export function asAwsTells(
  { operation, name }: ParameterEvent,
  { at, region, account }: { readonly at: Date; readonly region: string; readonly account: string },
): object {
  return {
    version: '0',
    id: `${name}-${at.getTime()}`,
    'detail-type': PARAMETER_CHANGE.detailType,
    source: PARAMETER_CHANGE.source,
    account,
    time: at.toISOString().replace(/\.\d+Z$/, 'Z'),
    region,
    resources: [`arn:aws:ssm:${region}:${account}:parameter${name.startsWith('/') ? '' : '/'}${name}`],
    detail: { operation, name, type: 'String' },
  };
}
