import { marshall } from '@aws-sdk/util-dynamodb';
import type { Item } from '../../domain/items.ts';

const image = (item: object) => marshall({ pk: 'p', sk: 's', ...item }, { removeUndefinedValues: true });

/** A record of the table's stream, as Lambda delivers it. */
export function aRecord(eventName: 'INSERT' | 'MODIFY' | 'REMOVE', item: Item, SequenceNumber = '1') {
  const images = {
    ...(eventName !== 'INSERT' && { OldImage: image(item) }),
    ...(eventName !== 'REMOVE' && { NewImage: image(item) }),
  };
  return {
    eventID: `e-${SequenceNumber}`,
    eventName,
    eventSource: 'aws:dynamodb',
    dynamodb: { SequenceNumber, ...images },
  };
}

/** A message of a retry queue that carries `record`. */
export function aMessage(record: unknown, messageId = 'm-1') {
  return { eventSource: 'aws:sqs', messageId, body: typeof record === 'string' ? record : JSON.stringify(record) };
}
