/** The ports of `fairlead feature` on their real adapters. */

import { chartFolder } from '../adapters/helm/chart-folder.ts';
import { checkSchemas } from '../adapters/helm/check-schema.ts';
import { readYamlText } from '../adapters/helm/read-yaml-text.ts';
import { packedEngine } from '../adapters/templates/packed-engine.ts';
import { templateEngine } from '../adapters/templates/template-engine.ts';
import type { FeaturePorts } from '../cli/feature/ports.ts';
import { readFeature } from '../contracts/feature.ts';

export function featurePorts(): FeaturePorts {
  return {
    chartIn: (folder) => chartFolder(folder, readFeature),
    engine: templateEngine({ wasm: packedEngine }),
    readYaml: readYamlText,
    checkSchemas,
  };
}
