import { expect, test } from 'vitest';
import { judgeRecordSize, MOST_RECORD_BYTES } from '../../../domain/release/record-size.ts';

const parts = new Map([
  ['files/dashboard.json', 900_000],
  ['everything rendered', 1_200_000],
  ...Array.from({ length: 9 }, (_, n): [string, number] => [`templates/${n}.yaml`, n]),
]);

test.each([
  [0, 'fine', 0],
  [MOST_RECORD_BYTES * 0.7 - 1, 'fine', 69],
  [Math.ceil(MOST_RECORD_BYTES * 0.7), 'large', 70],
  [MOST_RECORD_BYTES - 1, 'large', 99],
  [MOST_RECORD_BYTES, 'too-large', 100],
  [MOST_RECORD_BYTES * 3, 'too-large', 300],
])('%d bytes are %s', (bytes, is, percent) => expect(judgeRecordSize({ bytes, parts })).toMatchObject({ is, percent }));

test('the biggest parts are named, biggest first, and no more than five', () => {
  const judged = judgeRecordSize({ bytes: MOST_RECORD_BYTES, parts });
  expect(judged).toMatchObject({
    because: expect.stringContaining(
      'everything rendered (1172 KiB), files/dashboard.json (879 KiB), templates/8.yaml (1 KiB), templates/7.yaml (1 KiB), templates/6.yaml (1 KiB).',
    ),
  });
});
