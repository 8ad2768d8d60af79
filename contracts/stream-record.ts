/**
 * What reaches the readers of the table's stream: records of the stream, or messages of a retry queue that carry one.
 * Only the few attributes that matter are read, in DynamoDB's own notation.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html
 */
import * as z from 'zod';
import type { Delivery } from '../domain/handle-each.ts';
import { Name, RolloutId } from './name.ts';

/** A text attribute that fits `schema`. */
const text = <T>(schema: z.ZodType<T, string>) => z.object({ S: schema }).transform(({ S }) => S);
const number = z.object({ N: z.string().regex(/^\d{1,15}$/) }).transform(({ N }) => Number(N));
const type = <T extends string>(name: T) => text(z.literal(name));

const run = z.object({ type: type('run'), rolloutId: text(RolloutId), run: number });
const plan = z.object({ type: type('plan'), id: text(RolloutId), package: text(Name) });
const rollout = z.object({ type: type('rollout'), id: text(RolloutId), rev: number });
const open = z.object({ type: type('open'), rolloutId: text(RolloutId), package: text(Name), sequence: number });
/** A place, and whether it names environments. */
const place = open.extend({ environments: z.unknown().optional() });

const freeze = z.object({ type: type('freeze'), name: text(Name) });

/** A new `RUN#n`: an execution is asked for. */
export const RunInserted = z
  .object({ eventName: z.literal('INSERT'), dynamodb: z.object({ NewImage: run }) })
  .transform(({ dynamodb }) => dynamodb.NewImage);

/** A new plan: an execution is asked for. */
export const PlanInserted = z
  .object({ eventName: z.literal('INSERT'), dynamodb: z.object({ NewImage: plan }) })
  .transform(({ dynamodb }) => dynamodb.NewImage);

/** What asks for an execution. */
export const StartAsked = z.union([RunInserted, PlanInserted]);

/** A rollout as it is now. */
const rolloutChanged = z
  .object({ eventName: z.literal('MODIFY'), dynamodb: z.object({ NewImage: rollout }) })
  .transform(({ dynamodb }) => dynamodb.NewImage);

/** A place in a queue that was given up, or gave something up, or was `planned`: it names its environments now and did not before. */
const placeChanged = z
  .union([
    z.object({
      eventName: z.literal('MODIFY'),
      dynamodb: z.object({ NewImage: place, OldImage: place.pick({ environments: true }).optional() }),
    }),
    z.object({ eventName: z.literal('REMOVE'), dynamodb: z.object({ OldImage: open }) }),
  ])
  .transform(({ dynamodb }) => {
    if (!('NewImage' in dynamodb)) return { ...dynamodb.OldImage, planned: false };
    const { environments, ...now } = dynamodb.NewImage;
    return { ...now, planned: environments !== undefined && dynamodb.OldImage?.environments === undefined };
  });

export type PlaceChanged = z.infer<typeof placeChanged>;

/** A freeze that is another one now, or was lifted. */
const freezeChanged = z
  .union([
    z.object({ eventName: z.literal('MODIFY'), dynamodb: z.object({ NewImage: freeze }) }),
    z.object({ eventName: z.literal('REMOVE'), dynamodb: z.object({ OldImage: freeze }) }),
  ])
  .transform(({ dynamodb }) => ('NewImage' in dynamodb ? dynamodb.NewImage : dynamodb.OldImage));

/** What can end a wait. */
export const WaitMayEnd = z.union([rolloutChanged, placeChanged, freezeChanged]);

const streamRecord = z.looseObject({
  eventSource: z.literal('aws:dynamodb'),
  dynamodb: z.looseObject({ SequenceNumber: z.string() }),
});
const message = z.object({ eventSource: z.literal('aws:sqs'), messageId: z.string(), body: z.string() });

/** What a reader is called with, as deliveries. A record's own shape is looked at when it is handled, so that one that is strange spoils only itself. */
export const Batch = z
  .object({ Records: z.array(z.discriminatedUnion('eventSource', [streamRecord, message])) })
  .transform(({ Records }) => Records.map(deliveryOf));

function deliveryOf(record: z.infer<typeof streamRecord> | z.infer<typeof message>): Delivery {
  if (record.eventSource === 'aws:dynamodb') return { id: record.dynamodb.SequenceNumber, from: 'stream', record };
  return { id: record.messageId, from: 'queue', record: fromJson(record.body) };
}

/** A body that is not JSON stays the text it is, which no record looks like. */
function fromJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    if (error instanceof SyntaxError) return body;
    throw error;
  }
}
