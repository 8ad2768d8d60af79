import type { Operation } from '../../contracts/api/route.ts';
import type { Operate } from './call.ts';
import { abortRollout } from './operations/abort-rollout.ts';
import { claimPackage } from './operations/claim-package.ts';
import { createAssignment } from './operations/create-assignment.ts';
import { deleteEnvironment } from './operations/delete-environment.ts';
import { deleteFreeze } from './operations/delete-freeze.ts';
import { deletePackage } from './operations/delete-package.ts';
import { deleteEnvironmentValue, listEnvironmentValues, putEnvironmentValue } from './operations/environment-values.ts';
import { getAssignment } from './operations/get-assignment.ts';
import { getEvidence } from './operations/get-evidence.ts';
import { getInstallation } from './operations/get-installation.ts';
import { getRollout } from './operations/get-rollout.ts';
import { inspectEnvironment } from './operations/inspect-environment.ts';
import { deleteHold, liftAll } from './operations/lift.ts';
import { listAudit } from './operations/list-audit.ts';
import { listChanges } from './operations/list-changes.ts';
import { listEvents } from './operations/list-events.ts';
import { listOpenRollouts } from './operations/list-open-rollouts.ts';
import { listRollouts } from './operations/list-rollouts.ts';
import { listValueUses } from './operations/list-value-uses.ts';
import { putApproval } from './operations/put-approval.ts';
import { putEnvironment } from './operations/put-environment.ts';
import { putFreeze } from './operations/put-freeze.ts';
import { putHold } from './operations/put-hold.ts';
import { putPackage } from './operations/put-package.ts';
import { putStatus } from './operations/put-status.ts';
import { getEnvironment, listEnvironments, listReleases } from './operations/read-environments.ts';
import { getFreeze, listFreezes } from './operations/read-freezes.ts';
import { getPackage, listPackages } from './operations/read-packages.ts';
import { getPlan, listPlans } from './operations/read-plans.ts';
import { recoverRelease } from './operations/recover-release.ts';
import { retryRollout } from './operations/retry-rollout.ts';
import { showValues } from './operations/show-values.ts';
import { startPlan } from './operations/start-plan.ts';
import { startRollback } from './operations/start-rollback.ts';
import { startRollout } from './operations/start-rollout.ts';
import { startValuesRollout } from './operations/start-values-rollout.ts';

/** What each route of `ROUTES` does. */
export const OPERATIONS: Readonly<Record<Operation, Operate>> = {
  putPackage,
  getPackage,
  claimPackage,
  deletePackage,
  listPackages,
  putEnvironment,
  getEnvironment,
  deleteEnvironment,
  listEnvironments,
  listEnvironmentValues,
  putEnvironmentValue,
  deleteEnvironmentValue,
  listValueUses,
  listReleases,
  inspectEnvironment,
  showValues,
  recoverRelease,
  startRollout,
  listRollouts,
  listOpenRollouts,
  getRollout,
  listEvents,
  getEvidence,
  abortRollout,
  retryRollout,
  startRollback,
  putHold,
  deleteHold,
  liftAll,
  putApproval,
  putStatus,
  listFreezes,
  getFreeze,
  putFreeze,
  deleteFreeze,
  startPlan,
  listPlans,
  getPlan,
  listChanges,
  startValuesRollout,
  listAudit,
  getInstallation,
  createAssignment,
  getAssignment,
};
