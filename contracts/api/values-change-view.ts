/** That a rollout brings changed layers of values: which, and who changed them. */
import * as z from 'zod';
import { Name, Time } from '../name.ts';

export const ChangedParameterView = z.object({
  name: z.string().meta({ description: "the parameter's name" }),
  version: z.int().exactOptional().meta({ description: 'absent when it was deleted' }),
  by: z.string().meta({ description: 'ARN of who changed it, as Parameter Store tells' }),
  at: Time,
});

export const ValuesChangeView = z
  .object({
    changed: z.array(ChangedParameterView).meta({ description: 'the first 20 of them' }),
    environments: z.array(Name).meta({ description: 'where one of them is used' }),
  })
  .meta({ id: 'ValuesChange', description: 'each environment keeps its version and gets the layers as they are now' });

/** Of very many changed layers a view names the first. */
export const MOST_CHANGED_SHOWN = 20;
