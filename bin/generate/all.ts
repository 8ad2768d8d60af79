import { action } from './action.ts';
import { claimSchema } from './claim-schema.ts';
import { commandLine } from './command-line.ts';
import { configSchema } from './config-schema.ts';
import { exitCodes } from './exit-codes.ts';
import { featureSchema } from './feature-schema.ts';
import type { Generated } from './generated.ts';
import { machinePictures } from './machine-pictures.ts';
import { openapi } from './openapi.ts';
import { rights } from './rights.ts';

/** Every file of the repository that is made from its code. A new generator is one more line here. */
export function generateAll(): readonly Generated[] {
  return [
    action(),
    claimSchema(),
    commandLine(),
    configSchema(),
    exitCodes(),
    featureSchema(),
    machinePictures(),
    openapi(),
    rights(),
  ].flat();
}
