/** What all checks of one examination share. */
import type { CallerRole } from '../../domain/doctor/caller-role.ts';
import type { Configured, DoctorPorts } from './ports.ts';

export interface DoctorRun {
  readonly ports: DoctorPorts;
  readonly interrupted: AbortSignal;
  readonly configured: Configured | undefined;
  /** Of the chart; the newest one when there is none. */
  readonly version: string | undefined;
  /** Who calls, once that is known. */
  readonly caller: CallerRole | undefined;
}
