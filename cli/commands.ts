/** Every command there is, in the order in which help lists them. */
import type { Command } from './command.ts';
import { abort } from './commands/abort.ts';
import { approve, refuse } from './commands/approve.ts';
import { audit } from './commands/audit.ts';
import { clusterConnect } from './commands/cluster-connect.ts';
import { clusterDisconnect } from './commands/cluster-disconnect.ts';
import { clusterGrant } from './commands/cluster-grant.ts';
import { doctor } from './commands/doctor.ts';
import { down } from './commands/down.ts';
import { env } from './commands/env.ts';
import { environmentGet, environmentList, environmentPut } from './commands/environment.ts';
import {
  environmentValues,
  environmentValuesSet,
  environmentValuesUnset,
  environmentValuesUses,
} from './commands/environment-values.ts';
import { events } from './commands/events.ts';
import { evidence } from './commands/evidence.ts';
import { featureCheck } from './commands/feature-check.ts';
import { featureRender } from './commands/feature-render.ts';
import { environmentDelete, packageDelete } from './commands/forget.ts';
import { freezeAdd, freezeLift, freezeList } from './commands/freeze.ts';
import { disable, hold, lift } from './commands/hold.ts';
import { packageGet, packageList, packagePut } from './commands/package.ts';
import { packagePush } from './commands/package-push.ts';
import { plan, planShow } from './commands/plan.ts';
import { recover } from './commands/recover.ts';
import { report } from './commands/report.ts';
import { retry } from './commands/retry.ts';
import { rollback } from './commands/rollback.ts';
import { rollout } from './commands/rollout.ts';
import { status } from './commands/status.ts';
import { resume, stop } from './commands/stop.ts';
import { up } from './commands/up.ts';
import { valuesApply, valuesChanges } from './commands/values-changes.ts';
import { valuesCompare } from './commands/values-compare.ts';
import { valuesDelete } from './commands/values-delete.ts';
import { valuesDiff } from './commands/values-diff.ts';
import { valuesEdit } from './commands/values-edit.ts';
import { valuesGet } from './commands/values-get.ts';
import { valuesHistory } from './commands/values-history.ts';
import { valuesList } from './commands/values-list.ts';
import { valuesPut } from './commands/values-put.ts';
import { valuesRestore } from './commands/values-restore.ts';
import { valuesSet, valuesUnset } from './commands/values-set.ts';
import { valuesShow } from './commands/values-show.ts';

export const COMMANDS: readonly Command[] = [
  up,
  down,
  env,
  doctor,
  packagePut,
  packagePush,
  packageGet,
  packageList,
  packageDelete,
  environmentPut,
  environmentGet,
  environmentList,
  environmentDelete,
  environmentValues,
  environmentValuesSet,
  environmentValuesUnset,
  environmentValuesUses,
  valuesList,
  valuesPut,
  valuesGet,
  valuesEdit,
  valuesSet,
  valuesUnset,
  valuesDiff,
  valuesHistory,
  valuesRestore,
  valuesCompare,
  valuesDelete,
  valuesShow,
  valuesChanges,
  valuesApply,
  featureCheck,
  featureRender,
  clusterConnect,
  clusterDisconnect,
  clusterGrant,
  plan,
  planShow,
  rollout,
  retry,
  rollback,
  hold,
  disable,
  lift,
  freezeAdd,
  freezeList,
  freezeLift,
  stop,
  resume,
  status,
  events,
  evidence,
  abort,
  approve,
  refuse,
  report,
  audit,
  recover,
];
