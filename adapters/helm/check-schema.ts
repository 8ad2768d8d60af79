/**
 * Do values fit a chart's `values.schema.json`, and those of the charts packed inside? Asked before helm is, which asks again
 * (https://helm.sh/docs/topics/charts/#schema-files). What this validator cannot judge is left to helm.
 */
import { type OutputUnit, type SchemaDraft, Validator } from '@cfworker/json-schema';
import { at, isMap, type JsonMap } from '../../domain/json.ts';
import type { ChartContent, ChartSchema, ChartSwitch } from '../../domain/values/chart-content.ts';
import { mergeLayers } from '../../domain/values/layers/merge-layers.ts';
import { withDefaults, withoutNulls } from '../../domain/values/layers/with-defaults.ts';
import type { SchemaFault } from '../../domain/values/schema-fault.ts';
import { faultsIn } from './read-schema-errors.ts';
import { draftOf, foreignReference, judged } from './schema-draft.ts';

/**
 * `values` are what helm is given beside the chart's own. Each fault names a key and what the schema wants there, and never what stands
 * there; none when the values fit.
 */
export function checkSchemas(chart: ChartContent, values: JsonMap): readonly SchemaFault[] {
  const all = withDefaults(chart.values, values);
  return chart.schemas.flatMap((one) => (isOn(one.switches ?? [], all) ? checkOne(one, all) : []));
}

function checkOne({ at: place, schema }: ChartSchema, all: JsonMap): readonly SchemaFault[] {
  if (schema === true) return [];
  if (schema === false) return [{ path: place, because: 'has a schema that allows nothing' }];
  const foreign = foreignReference(schema);
  if (foreign !== undefined) {
    const because = `cannot be checked: its values.schema.json refers to ${foreign}, which is not fetched. Put it into the schema's own definitions`;
    return [{ path: place, because }];
  }
  const draft = draftOf(schema);
  const errors = errorsOf(judged(schema, draft), draft, seenAt(place, all));
  return faultsIn(errors, place);
}

/** As helm hands them to a chart: a packed one also sees what is global, and none of the nulls. */
function seenAt(place: readonly string[], all: JsonMap): unknown {
  if (place.length === 0) return all;
  const own = withoutNulls(at(all, ...place));
  const values = isMap(own) ? own : {};
  const [global, ownGlobal] = [all['global'], values['global']].map((one) => (isMap(one) ? one : {}));
  return { ...values, global: mergeLayers([ownGlobal ?? {}, global ?? {}]) };
}

/** None when the validator gives up on the schema, such as on a pattern that only Go knows: then it is helm who decides. */
function errorsOf(schema: JsonMap, draft: SchemaDraft, values: unknown): readonly OutputUnit[] {
  try {
    return new Validator(schema, draft, false).validate(values).errors;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError || error instanceof RangeError) return [];
    if (error instanceof Error && /^(Unresolved \$ref|Duplicate schema URI)/.test(error.message)) return [];
    throw error;
  }
}

/** Whether helm takes all the packed charts on the way there along (https://helm.sh/docs/topics/charts/#tags-and-condition-fields-in-dependencies). */
function isOn(switches: readonly ChartSwitch[], all: JsonMap): boolean {
  return switches.every(({ at: place, conditions, tags }) => {
    const said = conditions.map((one) => at(all, ...place, ...one.split('.'))).find((one) => typeof one === 'boolean');
    if (said !== undefined) return said;
    const tagged = tags.map((tag) => at(all, 'tags', tag));
    return tagged.includes(true) || !tagged.includes(false);
  });
}
