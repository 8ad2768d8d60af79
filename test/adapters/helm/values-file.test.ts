import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readLayerText } from '../../../adapters/helm/read-layer.ts';
import { valuesFile } from '../../../adapters/helm/values-file.ts';

test.each(['\u007f', '\u0085', '\u009f', '\u2028', '\ufeff', '\uffff', '\ud83d\ude00', 'å'])(
  'a value with %j comes to helm as it is, in characters that YAML takes',
  (character) => {
    const values = { [`key${character}`]: `a${character}b` };
    expect(JSON.parse(valuesFile(values))).toEqual(values);
    expect(readLayerText(valuesFile(values))).toMatchObject({ ok: true, values });
  },
);

test('whatever stands in values is what stands in the file', () => {
  const anything = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ noUnicodeString: false }));
  fc.assert(
    fc.property(anything, (values) => {
      expect(JSON.parse(valuesFile(values))).toEqual(JSON.parse(JSON.stringify(values)));
    }),
  );
});
