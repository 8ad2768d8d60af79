/** What `npm run test:faults --` is told. */
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { PLANTS } from './plants.ts';

const count = z.coerce.number().int().min(1);
const Given = z.object({
  runs: count.max(1_000_000).default(5000),
  /** The first seed. */
  from: z.coerce.number().int().min(0).default(1),
  seed: z.coerce.number().int().min(0).optional(),
  plant: z
    .string()
    .refine((name) => Object.hasOwn(PLANTS, name), `a plant is one of ${Object.keys(PLANTS).join(', ')}`)
    .optional(),
  jobs: count.max(64).default(2),
});
export type Given = z.infer<typeof Given>;

/** @throws ZodError, or what `parseArgs` throws, for what it does not know */
export function readArguments(args: readonly string[]): Given {
  const option = { type: 'string' as const };
  const options = { runs: option, from: option, seed: option, plant: option, jobs: option };
  const { values } = parseArgs({ args: [...args], options, strict: true });
  return Given.parse(values);
}

/** The command that replays `seed`. */
export function replay(seed: number, plant: string | undefined): string {
  return `npm run test:faults -- --seed ${seed}${plant === undefined ? '' : ` --plant ${plant}`}`;
}
