/**
 * Items as DynamoDB holds them. A rollout's own values may be anything that JSON can say; DynamoDB cannot hold all of
 * it (numbers beyond its range, more than 32 levels, empty keys), so they are stored as JSON text.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
import { parseItem } from '../../contracts/items.ts';
import type { Item, Items, ItemType } from '../../domain/items.ts';
import { indexAttributes } from '../../domain/keys.ts';

type Row = Readonly<Record<string, unknown>>;

/** The attributes of `item` beside its key. */
export function toRow(item: Item): Row {
  const held = item.type === 'request' ? { ...item, values: JSON.stringify(item.values) } : item;
  return { ...indexAttributes(item), ...held };
}

/** The item of `type` that a row holds; one that does not fit is a bug and throws. */
export function fromRow<T extends ItemType>(type: T, row: Row): Items[T] {
  const { values } = row;
  return parseItem(type, typeof values === 'string' ? { ...row, values: JSON.parse(values) } : row);
}
