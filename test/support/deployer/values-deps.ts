/** What a deployer needs for values: nothing but the layers, or the real things. */
import { checkSchemas } from '../../../adapters/helm/check-schema.ts';
import { readChart } from '../../../adapters/helm/read-chart.ts';
import { readYamlText } from '../../../adapters/helm/read-yaml-text.ts';
import { releaseSize } from '../../../adapters/helm/release-size.ts';
import { packedEngine } from '../../../adapters/templates/packed-engine.ts';
import { templateEngine } from '../../../adapters/templates/template-engine.ts';
import { readFeature } from '../../../contracts/feature.ts';
import type { Deps } from '../../../lambdas/deploy-release/deps.ts';
import { aChart } from '../items.ts';

type ValuesDeps = Pick<Deps, 'readYaml' | 'readChart' | 'checkSchemas' | 'recordSize' | 'engine'>;

/** Charts without values, schemas or a `Feature.yaml`, whatever their archive is. */
export const plainValues: ValuesDeps = {
  readYaml: readYamlText,
  readChart: () => ({ ok: true, chart: aChart() }),
  checkSchemas: () => [],
  recordSize: () => ({ bytes: 0, parts: new Map() }),
  engine: {
    parse: async (templates) =>
      templates.map(({ key }) => ({ key, ok: false, code: 'failed', because: 'no engine here' })),
    render: async (templates) =>
      templates.map(({ key }) => ({ key, ok: false, code: 'failed', because: 'no engine here' })),
  },
};

/** As the deployer is wired. The engine's thread starts with the first template. */
export const realValues = (): ValuesDeps => ({
  readYaml: readYamlText,
  readChart: readChart({ readFeature }),
  checkSchemas,
  recordSize: releaseSize,
  engine: templateEngine({ wasm: packedEngine }),
});
