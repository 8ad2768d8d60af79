/** The examination: who calls, where, what for, and how it is where the packages go. */

import type { PackageView } from '../../contracts/api/package.ts';
import type { WhoAmI } from '../../contracts/looks.ts';
import { callerRole } from '../../domain/doctor/caller-role.ts';
import type { Finding } from '../../domain/doctor/finding.ts';
import { inOrder } from '../../domain/doctor/in-order.ts';
import { judgeClock } from '../../domain/doctor/judge-clock.ts';
import { checksBeyond } from './checks-beyond.ts';
import type { DoctorRun } from './doctor-run.ts';
import { examineCaller } from './examine-caller.ts';
import { examineEndpoint, isFairlead } from './examine-endpoint.ts';
import { examinePackage } from './examine-package.ts';
import { examineTrust, type TrustAsked } from './examine-trust.ts';
import { type Chosen, listRegistered } from './list-registered.ts';
import type { Configured, DoctorPorts } from './ports.ts';
import { type Check, type CheckRun, runChecks } from './run-checks.ts';
import { trustAsked } from './trust-asked.ts';

export interface Examination extends Chosen {
  readonly trust: TrustAsked;
  /** Of the chart of the one package that is named. @default the newest */
  readonly version: string | undefined;
  readonly configured: Configured | undefined;
  readonly now: () => Date;
  readonly run: CheckRun;
}

/** Everything that was found. What hangs on something that failed is not asked. */
export async function examine(ports: DoctorPorts, examination: Examination): Promise<readonly Finding[]> {
  const { configured, version, now, run } = examination;
  const asked = ports.whoAmI();
  const first = await runChecks(
    [
      { area: 'caller', check: 'identity', run: async () => examineCaller(await asked) },
      { area: 'endpoint', check: 'network', run: async () => await reach(ports, now) },
    ],
    run,
  );
  const me = await asked.catch((): WhoAmI => ({ known: false, code: 'unreachable', because: 'STS did not say' }));
  const caller = me.known ? callerRole(me.arn) : undefined;
  const doctorRun: DoctorRun = { ports, interrupted: run.interrupted, configured, version, caller };
  const trust: Check = {
    area: 'trust',
    check: 'role',
    run: async () => await examineTrust(doctorRun, trustAsked(examination.trust, caller, configured)),
  };
  // Who cannot ask STS may still be known to the API.
  const signs = me.known || me.code === 'unreachable';
  const rest = signs && isFairlead(first) ? await beyond(doctorRun, examination, trust) : await runChecks([trust], run);
  return inOrder([...first, ...rest]);
}

async function reach(ports: DoctorPorts, now: () => Date): Promise<readonly Finding[]> {
  const reached = await ports.reach(`${ports.endpoint.replace(/\/$/, '')}/packages`);
  const clock = reached.as === 'answer' ? [judgeClock(reached.headers['date'], now())] : [];
  return [...clock, ...examineEndpoint(ports, reached)];
}

async function beyond(run: DoctorRun, examination: Examination, trust: Check): Promise<readonly Finding[]> {
  const registered = await listRegistered(run, examination);
  const seen = new Map<string, PackageView | undefined>(registered.packages.map((name) => [name, undefined]));
  const packages = registered.packages.map(
    (name): Check => ({
      area: 'package',
      of: name,
      check: 'registry',
      run: async () => {
        const { pkg, findings } = await examinePackage(run, name);
        seen.set(name, pkg);
        return findings;
      },
    }),
  );
  const second = await runChecks([trust, ...packages], examination.run);
  const found = [...seen.values()].filter((pkg) => pkg !== undefined);
  const third = await runChecks(checksBeyond(run, found, registered, examination), examination.run);
  return [...registered.findings, ...second, ...third];
}
