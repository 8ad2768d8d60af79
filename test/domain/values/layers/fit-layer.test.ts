import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FitLayer, fitLayer } from '../../../../domain/values/layers/fit-layer.ts';
import { layerText, packed, packedForBucket } from '../../../../domain/values/layers/layer-text.ts';

const PLAIN: FitLayer = { secret: false, advanced: false };
const ADVANCED: FitLayer = { secret: false, advanced: true };

describe('a layer goes', () => {
  test.each<[string, number, FitLayer, object]>([
    ['of 4096 bytes into a parameter', 4096, PLAIN, { into: 'parameter', advanced: false }],
    [
      'of one more into the bucket',
      4097,
      PLAIN,
      { into: 'bucket', because: '4097 bytes are more than the 4096 of a parameter' },
    ],
    [
      'of 4096 bytes into a standard parameter, though advanced was asked',
      4096,
      ADVANCED,
      { into: 'parameter', advanced: false },
    ],
    ['of 8192 bytes into an advanced one when asked', 8192, ADVANCED, { into: 'parameter', advanced: true }],
    ['of one more into the bucket all the same', 8193, ADVANCED, { into: 'bucket' }],
    ['of a megabyte into the bucket', 1024 * 1024, PLAIN, { into: 'bucket', bytes: 1024 * 1024 }],
    ['of more nowhere', 1024 * 1024 + 1, PLAIN, { into: 'nowhere' }],
    [
      'of secrets into no bucket',
      4097,
      { secret: true, advanced: false },
      { into: 'nowhere', because: expect.stringContaining('--advanced') },
    ],
    [
      'of secrets into an advanced parameter',
      8192,
      { secret: true, advanced: true },
      { into: 'parameter', advanced: true },
    ],
    [
      'of long secrets nowhere',
      8193,
      { secret: true, advanced: true },
      { into: 'nowhere', because: expect.not.stringContaining('--advanced') },
    ],
  ])('%s', (_what, bytes, how, fit) => {
    expect(fitLayer('x'.repeat(bytes), how)).toMatchObject(fit);
  });

  test('counted in bytes, as it is packed', () => {
    expect(fitLayer('é'.repeat(2049), PLAIN)).toMatchObject({ into: 'bucket', bytes: 4098 });
    expect(fitLayer(`{{${'x'.repeat(3500)}`, PLAIN)).toMatchObject({
      into: 'bucket',
      content: expect.stringMatching(/^\{\{/),
    });
  });
});

describe('what is packed', () => {
  test('is what it was when it is unpacked, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('', 'base64:', 's3://', '{{', ' s3://'),
        (rest, begin) => {
          const text = begin + rest;
          for (const form of [packed(text), packedForBucket(text)]) {
            expect(layerText(form)).toEqual({ ok: true, text });
            expect(packed(text)).not.toContain('{{');
          }
        },
      ),
    );
  });

  test.each(['base64:a', 'base64:%%', `base64:${btoa('\xff')}`])('as %j is no text', (value) => {
    expect(layerText(value)).toMatchObject({ ok: false, because: expect.stringContaining('base64 of UTF-8') });
  });
});
