import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Document, stringify } from 'yaml';
import { connectMapRoles, disconnectMapRoles } from '../../../../adapters/kube/aws-auth/edit-map-roles.ts';
import { readMapRoles } from '../../../../adapters/kube/aws-auth/read-map-roles.ts';
import { deployersEntry } from '../../../../domain/aws-auth/map-role.ts';

const ENTRY = deployersEntry('arn:aws:iam::123456789012:role/fairlead-deployer');

const role = fc.record(
  {
    rolearn: fc.stringMatching(/^arn:aws:iam::\d{12}:role\/[a-z]{1,10}$/),
    username: fc.oneof(fc.constantFrom('system:node:{{EC2PrivateDNSName}}', 'admin', 'a: b # c', '- x'), fc.string()),
    groups: fc.array(fc.oneof(fc.constantFrom('system:masters', 'system:nodes'), fc.string()), { maxLength: 3 }),
  },
  { requiredKeys: ['rolearn'] },
);
const style = fc.record({
  indentSeq: fc.boolean(),
  indent: fc.integer({ min: 1, max: 5 }),
  blockQuote: fc.constantFrom(true, 'folded' as const, false),
  flow: fc.boolean(),
});

/** Lists as people and tools write them: styles, comments, blank lines, line breaks, an end that is missing. */
const mapRoles = fc
  .record({
    roles: fc.array(role, { maxLength: 6 }),
    style,
    comments: fc.array(fc.constantFrom('# team a', '  # indented', '', '# - rolearn: x'), { maxLength: 4 }),
    crlf: fc.boolean(),
    ended: fc.boolean(),
  })
  .map(({ roles, style: { flow, indent, indentSeq, blockQuote }, comments, crlf, ended }) => {
    const document = new Document(roles);
    if (flow) document.contents = document.createNode(roles, { flow: true }) as never;
    const lines = stringify(document, { indent, indentSeq, blockQuote, lineWidth: 0 }).split('\n').slice(0, -1);
    // Comments may stand before an entry and at the end.
    const entries = lines.flatMap((line, i) =>
      line.startsWith('-') && comments[i % 5] !== undefined ? [comments[i % 5] ?? '', line] : [line],
    );
    const text = [...entries, ...comments.slice(0, 2)].join('\n') + (ended ? '\n' : '');
    return crlf ? text.replaceAll('\n', '\r\n') : text;
  });

const valuesOf = (text: string) => {
  const read = readMapRoles(text);
  return read.readable ? read.values : undefined;
};

describe('whatever the list looks like', () => {
  it('connecting changes nothing else, twice is once, and disconnecting gives the old bytes back', () => {
    let changed = 0;
    fc.assert(
      fc.property(mapRoles, (text) => {
        const edit = connectMapRoles(text, ENTRY);
        if (edit.outcome !== 'changed') {
          expect(edit.outcome).toBe('refused');
          return;
        }
        changed++;
        const [before, after] = [valuesOf(text), valuesOf(edit.text)];
        expect(after?.filter((value) => JSON.stringify(value) !== JSON.stringify(ENTRY))).toEqual(before);
        expect(after).toHaveLength((before?.length ?? 0) + 1);
        expect(connectMapRoles(edit.text, ENTRY).outcome).toBe('right');
        expect(disconnectMapRoles(edit.text, ENTRY)).toMatchObject({ outcome: 'changed', text });
      }),
      { numRuns: 400 },
    );
    expect(changed).toBeGreaterThan(300);
  });

  it('every line of others is still there, in order', () => {
    fc.assert(
      fc.property(
        mapRoles.filter((text) => !text.includes('[')),
        (text) => {
          const edit = connectMapRoles(text, ENTRY);
          if (edit.outcome !== 'changed') return;
          expect(edit.text.startsWith(text)).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('text that nobody would call a list is refused and never thrown over', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'-: \n\t[]{},#&*|>"\'a\r~!%@`?') }), (text) => {
        const edit = connectMapRoles(text, ENTRY);
        if (edit.outcome === 'changed') expect(disconnectMapRoles(edit.text, ENTRY)).toMatchObject({ text });
        else expect(edit.because).not.toBe('');
      }),
      { numRuns: 600 },
    );
  });
});
