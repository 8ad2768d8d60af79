/** What plans would change, as it usually is. */
import type { EnvironmentDiff, ObjectChange } from '../../domain/plan-diff/environment-diff.ts';
import type { PlanResult } from '../../domain/plan-diff/plan-result.ts';
import { summarisePlan } from '../../domain/plan-diff/summarise-plan.ts';
import { ROLLOUT } from './items.ts';

export const planned = {
  ...{ planId: ROLLOUT, package: 'webui', version: '1.4.2', leftOut: [] },
  digest: `hmac-sha256:${'d'.repeat(64)}`,
};

export const aDiff = (environment: string, given: Partial<EnvironmentDiff> = {}): EnvironmentDiff => ({
  ...{ v: 1, environment, stage: 'everyone', state: 'unchanged', because: 'nothing changes', version: '1.4.2' },
  ...{ objects: [], same: 2, values: [], hooks: [], problems: [], notes: [] },
  ...given,
});

/** The Deployment `webui` with another image. */
export const image = (from: string, to: string): ObjectChange => ({
  ...{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'webui', change: 'update' },
  fields: [
    {
      path: 'spec.template.spec.containers[name=webui].image',
      from: { value: `webui:${from}` },
      to: { value: `webui:${to}` },
    },
  ],
});

export const deleted = (name: string): ObjectChange => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap', name, change: 'delete', fields: [] },
});

/** `dev` unchanged, `qa` and `prod-eu` with another image, `prod-eu` with a deletion too, `far` out of reach. */
export function aSummary(): PlanResult {
  const update = image('1.4.1', '1.4.2');
  const changes = { state: 'changes' as const, because: '1 of 3 objects would change', objects: [update] };
  const problem = {
    code: 'unreachable',
    blocks: true,
    because: 'no answer within 10 s',
    outcome: 'unreachable',
  } as const;
  const value = {
    key: 'image.tag',
    from: { value: '1.4.1' },
    to: { value: '1.4.2' },
    origin: "the chart's own values",
  };
  const deletion = {
    code: 'deletion',
    blocks: false,
    because: 'it would be deleted',
    object: 'ConfigMap old',
  } as const;
  const out = [{ environment: 'lab', because: "the chart's Feature.yaml is not for environments of kind lab" }];
  return summarisePlan({ ...planned, leftOut: out }, [
    aDiff('qa', { ...changes, values: [value] }),
    aDiff('prod-eu', {
      ...{ ...changes, objects: [update, deleted('old')], values: [value], problems: [deletion] },
      hooks: ['pre-upgrade Job migrate'],
    }),
    aDiff('dev'),
    aDiff('far', { state: 'unreachable', because: problem.because, same: 0, problems: [problem] }),
  ]);
}
