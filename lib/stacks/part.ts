import type { Alarms } from '../constructs/alarms.ts';
import type { Installation } from '../installation.ts';
import type { Storage } from './storage.ts';

/** What every part of the stack stands on. */
export interface PartProps {
  readonly installation: Installation;
  readonly alarms: Alarms;
  readonly storage: Storage;
}
