/** The installation that is simulated. */
import type { Installation } from '../../lambdas/answer-request/deps.ts';

export const ACCOUNT = '111111111111';
const ARN = `arn:aws:states:eu-north-1:${ACCOUNT}:stateMachine:`;
export const MACHINES = { rollout: `${ARN}fairlead-rollout`, deployment: `${ARN}fairlead-deployment` };

const session = (role: string, name: string) => `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${name}`;
/** Who calls. */
export const CALLERS = {
  source: session('fairlead-source-webui', 'ci'),
  operator: session('fairlead-operator', 'ann'),
};

export const INSTALLATION: Installation = {
  rolePrefix: 'fairlead-',
  account: ACCOUNT,
  region: 'eu-north-1',
  chartRegistry: 'oci://charts.example',
  rolloutMachineArn: MACHINES.rollout,
  values: { prefix: '', labelOrder: ['name'], bucket: 'values' },
  deployers: ['default'],
  clusterAccounts: [],
};
