/**
 * Objects that stand for themselves. kstatus' rules
 * (https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/status/core.go), stricter in two places, as
 * helm's own waiting is: a pod that failed is not current, and a load balancer needs an address.
 */
import { listAt, numberAt, textAt } from '../json.ts';
import type { KubeObject } from '../kube.ts';
import { conditionOf, current, failed, inProgress, type ObjectStatus, say } from './status.ts';

/** A Job counts as current from its start: whether it will succeed is not waited for, that it failed is seen. */
export function jobStatus(object: KubeObject): ObjectStatus {
  const failure = conditionOf(object, 'Failed');
  if (failure?.status === 'True') return failed(say(failure));
  if (conditionOf(object, 'Complete')?.status === 'True') return current('it has completed');
  if (conditionOf(object, 'Suspended')?.status === 'True') return current('it is suspended');
  if (textAt(object.status, 'startTime') === undefined) return inProgress('it has not started yet');
  const { status } = object;
  const counts = [`${numberAt(status, 'active') ?? 0} active`, `${numberAt(status, 'succeeded') ?? 0} succeeded`];
  return current(`it has started: ${counts.join(', ')}`);
}

/** The pod's own phase and readiness; what troubles its containers is asked of `podTrouble`. */
export function podStatus(object: KubeObject): ObjectStatus {
  const phase = textAt(object.status, 'phase') ?? '';
  if (phase === 'Succeeded') return current('it has completed');
  if (phase === 'Failed') {
    const why = [textAt(object.status, 'reason'), textAt(object.status, 'message')].filter(
      (part) => part !== undefined,
    );
    return failed(['it has failed', ...why].join(': '));
  }
  if (phase === 'Running' && conditionOf(object, 'Ready')?.status === 'True') return current('it is ready');
  return inProgress(phase === 'Running' ? 'it runs but is not ready' : `its phase is ${phase || 'not known yet'}`);
}

export function claimStatus(object: KubeObject): ObjectStatus {
  const phase = textAt(object.status, 'phase') ?? 'unknown';
  return phase === 'Bound' ? current('it is bound') : inProgress(`it is not bound (phase ${phase})`);
}

export function definitionStatus(object: KubeObject): ObjectStatus {
  const names = conditionOf(object, 'NamesAccepted');
  if (names?.status === 'False') return failed(say(names));
  const established = conditionOf(object, 'Established');
  if (established?.status === 'True') return current('it is established');
  if (established?.status === 'False' && established.reason !== 'Installing') return failed(say(established));
  return inProgress('it is not established yet');
}

export function serviceStatus(object: KubeObject): ObjectStatus {
  if (textAt(object.spec, 'type') !== 'LoadBalancer') return current('it exists');
  if ((textAt(object.spec, 'clusterIP') ?? '') === '') return inProgress('it has no cluster IP yet');
  const addresses = [...listAt(object.spec, 'externalIPs'), ...listAt(object.status, 'loadBalancer', 'ingress')];
  return addresses.length > 0 ? current('it has an address') : inProgress('its load balancer has no address yet');
}
