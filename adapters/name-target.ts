import { createHash } from 'node:crypto';
import type { NameTarget } from '../domain/rollout/assignments.ts';
import { canonicalJson } from './canonical-json.ts';

/** A target's name in the table: a short hash of its canonical JSON, so that the order of its labels does not matter. */
export const nameTarget: NameTarget = (target) =>
  createHash('sha256').update(canonicalJson(target)).digest('hex').slice(0, 32);
