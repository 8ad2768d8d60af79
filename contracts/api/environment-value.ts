/** Values that live with an environment, for templates of `Feature.yaml`. */
import * as z from 'zod';
import { environmentKeyTrouble } from '../../domain/values/feature/environment-values.ts';
import { Name, Time } from '../name.ts';

/** Name of such a value. */
export const ValueKey = z
  .string()
  .superRefine((key, { addIssue }) => {
    const trouble = environmentKeyTrouble(key);
    if (trouble !== undefined) addIssue({ code: 'custom', message: trouble });
  })
  .meta({ description: "1 to 100 of letters, digits, '_', '.' and '-'", example: 'project_id' });

/** Bytes of a value as JSON. */
const MOST_BYTES = 16 * 1024;
/** https://docs.aws.amazon.com/general/latest/gr/ssm.html#limits_ssm: of a standard parameter */
const MOST_SECRET_BYTES = 4096;

const bytesOf = (text: string) => new TextEncoder().encode(text).length;

export const EnvironmentValueBody = z
  .strictObject({
    value: z.unknown().meta({ description: 'any JSON of at most 16 KB; of a secret, its text' }),
    secret: z
      .boolean()
      .default(false)
      .meta({ description: 'keep it in a SecureString parameter: nobody but templates sees it again' }),
  })
  .superRefine(({ value, secret }, { addIssue }) => {
    const trouble = valueTrouble(value, secret);
    if (trouble !== undefined) addIssue({ code: 'custom', path: ['value'], message: trouble });
  })
  .meta({ id: 'EnvironmentValueBody' });

function valueTrouble(value: unknown, secret: boolean): string | undefined {
  if (value === undefined) return 'is missing: any JSON is expected';
  if (!secret) {
    const bytes = bytesOf(JSON.stringify(value));
    return bytes > MOST_BYTES ? `it has ${bytes} bytes as JSON, more than ${MOST_BYTES}` : undefined;
  }
  if (typeof value !== 'string' || value === '') return 'a secret is a text, and not an empty one';
  const bytes = bytesOf(value);
  return bytes > MOST_SECRET_BYTES ? `a secret has at most ${MOST_SECRET_BYTES} bytes, this one ${bytes}` : undefined;
}

export const EnvironmentValueView = z
  .object({
    environment: Name,
    key: z.string(),
    value: z.unknown().optional().meta({ description: 'absent of a secret' }),
    secret: z.boolean(),
    parameter: z.string().exactOptional().meta({ description: 'the SecureString parameter that holds the secret' }),
    version: z.int().exactOptional().meta({ description: "that parameter's version" }),
    revision: z.int().meta({ description: 'send it back as If-Match to guard against concurrent edits' }),
    updatedAt: Time,
    updatedBy: z.string(),
  })
  .meta({ id: 'EnvironmentValue' });

export const EnvironmentValueList = z
  .object({ values: z.array(EnvironmentValueView) })
  .meta({ id: 'EnvironmentValueList' });

export const ValueUses = z
  .object({
    environment: Name,
    key: z.string(),
    uses: z.array(
      z.object({
        package: Name,
        version: z.string().meta({ description: 'of the chart whose templates were read' }),
        computed: z.array(z.string()).meta({ description: "keys of the chart's values whose templates read it" }),
        environments: z.array(Name).meta({ description: 'where that version is deployed and reads it from here' }),
        certain: z.boolean().meta({ description: 'false: only when a template runs it says which keys it reads' }),
      }),
    ),
    unknown: z
      .array(Name)
      .meta({ description: 'packages deployed there whose chart was not planned yet by this version of Fairlead' }),
  })
  .meta({ id: 'ValueUses' });

export type EnvironmentValueBody = z.infer<typeof EnvironmentValueBody>;
export type EnvironmentValueView = z.infer<typeof EnvironmentValueView>;
export type ValueUses = z.infer<typeof ValueUses>;
