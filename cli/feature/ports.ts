/** What looking at a chart's folder needs of the world; nothing of it asks AWS. */
import type { JsonMap } from '../../domain/json.ts';
import type { ChartContent, ReadChart } from '../../domain/values/chart-content.ts';
import type { ReadYaml } from '../../domain/values/feature/compute-values.ts';
import type { TemplateEngine } from '../../domain/values/ports.ts';
import type { SchemaFault } from '../../domain/values/schema-fault.ts';

/** A chart's folder, as its archive would have it. */
export interface ChartFolderSeen {
  /** By path below the folder, with forward slashes. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly chart: ReturnType<ReadChart>;
}

export interface FeaturePorts {
  /** @throws Failed when the folder cannot be read, or is too large for a chart */
  readonly chartIn: (folder: string) => Promise<ChartFolderSeen>;
  readonly engine: TemplateEngine;
  readonly readYaml: ReadYaml;
  readonly checkSchemas: (chart: ChartContent, values: JsonMap) => readonly SchemaFault[];
}
