import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { connectMapRoles, disconnectMapRoles } from '../../../../adapters/kube/aws-auth/edit-map-roles.ts';
import { deployersEntry } from '../../../../domain/aws-auth/map-role.ts';

const ROLE = 'arn:aws:iam::123456789012:role/fairlead-deployer';
const ENTRY = deployersEntry(ROLE);
const JSON_ENTRY = JSON.stringify(ENTRY);
const NODE = `- groups:
  - system:bootstrappers
  - system:nodes
  rolearn: arn:aws:iam::123456789012:role/node
  username: system:node:{{EC2PrivateDNSName}}
`;
const OURS_LIKE_EKS = `- rolearn: ${ROLE}
  username: fairlead:{{SessionName}}
  groups:
  - fairlead:deployers
`;
const OURS = OURS_LIKE_EKS.replace('  - f', '    - f');

const connected = (text: string) => {
  const edit = connectMapRoles(text, ENTRY);
  return edit.outcome === 'changed' ? edit.text : edit;
};
const disconnected = (text: string, mapUsers?: string) => {
  const edit = disconnectMapRoles(text, ENTRY, mapUsers);
  return edit.outcome === 'changed' ? edit.text : edit;
};
const crlf = (text: string) => text.replaceAll('\n', '\r\n');
const indented = (text: string, by: string) => text.replaceAll(/^/gm, by).replaceAll(/^\s+$/gm, '');

describe('connect writes the entry', () => {
  it.each<[string, string, string]>([
    ['where there is nothing yet', '', OURS],
    ['below comments', '# nobody yet\n', `# nobody yet\n${OURS}`],
    ['below a comment without a line break', '# nobody yet', `# nobody yet\n${OURS.slice(0, -1)}`],
    ['below the line that begins a document', '---\n', `---\n${OURS}`],
    ['as the last of the lines, groups as far in as the others', NODE, NODE + OURS_LIKE_EKS],
    ['behind a last line without a line break', NODE.trimEnd(), `${NODE}${OURS_LIKE_EKS.trimEnd()}`],
    ['with the line breaks of the others', crlf(NODE), crlf(NODE + OURS_LIKE_EKS)],
    ['as far in as the others', indented(NODE, '    '), indented(NODE + OURS_LIKE_EKS, '    ')],
    [
      'with as much room behind the dash as the others',
      '-   rolearn: a\n    groups:\n        - b\n',
      `-   rolearn: a\n    groups:\n        - b\n-   rolearn: ${ROLE}\n    username: fairlead:{{SessionName}}\n    groups:\n        - fairlead:deployers\n`,
    ],
    [
      'behind comments, which stay where they are',
      `# a\n${NODE}# b\n\n  # c\n`,
      `# a\n${NODE}# b\n\n  # c\n${OURS_LIKE_EKS}`,
    ],
    ['behind text over several lines', '- rolearn: |-\n    a\n    b\n', `- rolearn: |-\n    a\n    b\n${OURS}`],
    [
      'beside anchors',
      `- &n\n  rolearn: a\n  groups: &g [b]\n- { <<: *n, rolearn: c }\n`,
      `- &n\n  rolearn: a\n  groups: &g [b]\n- { <<: *n, rolearn: c }\n${OURS}`,
    ],
    ['in empty brackets', '[]', `[${JSON_ENTRY}]`],
    ['in empty brackets with room', '[ ]\n', `[${JSON_ENTRY} ]\n`],
    ['as the first in brackets', '[{"rolearn":"a"}]', `[${JSON_ENTRY},{"rolearn":"a"}]`],
    ['on a line of its own in brackets', '[\n  {"rolearn":"a"}\n]\n', `[\n  ${JSON_ENTRY},\n  {"rolearn":"a"}\n]\n`],
    ['before a comment in brackets', '[ # who\n  {rolearn: a}, ]', `[${JSON_ENTRY}, # who\n  {rolearn: a}, ]`],
  ])('%s, and disconnect gives the old bytes back', (_what, before, after) => {
    expect(connected(before)).toBe(after);
    expect(connectMapRoles(after, ENTRY)).toMatchObject({ outcome: 'right' });
    expect(disconnected(after)).toBe(before);
    expect(disconnectMapRoles(before, ENTRY)).toMatchObject({ outcome: 'right' });
  });

  it('so that whoever reads JSON still can', () => {
    const before = JSON.stringify([{ rolearn: 'a', username: 'b', groups: ['c'] }], undefined, 2);
    expect(JSON.parse(String(connected(before)))).toEqual([ENTRY, ...JSON.parse(before)]);
  });

  it('beside 200 others', () => {
    const before = Array.from(
      { length: 200 },
      (_, i) => `- rolearn: arn:aws:iam::123456789012:role/r${i} # team ${i}\n  groups: [g${i}]\n`,
    ).join('');
    const after = String(connected(before));
    expect(after.startsWith(before)).toBe(true);
    expect(parse(after)).toEqual([...parse(before), ENTRY]);
    expect(disconnected(after)).toBe(before);
  });
});

describe('disconnect takes the entry out', () => {
  it.each<[string, string, string]>([
    ['between others', NODE + OURS_LIKE_EKS + NODE, NODE + NODE],
    ['between comments of others', `# a\n${OURS}# b\n${NODE}`, `# a\n# b\n${NODE}`],
    [
      'in another order and other quotes',
      `- {"groups": ["fairlead:deployers"], username: 'fairlead:{{SessionName}}', "roleARN": "${ROLE}"}\n${NODE}`,
      NODE,
    ],
    ['as the last in brackets', `[{"rolearn":"a"}, ${JSON_ENTRY}]`, '[{"rolearn":"a"}]'],
    [
      'between others in brackets',
      `[{"rolearn":"a"},\n ${JSON_ENTRY} ,{"rolearn":"b"}]`,
      '[{"rolearn":"a"} ,{"rolearn":"b"}]',
    ],
    ['as the first in brackets, with a comma further on', `[${JSON_ENTRY}\n ,{"rolearn":"b"}]`, '[{"rolearn":"b"}]'],
  ])('%s', (_what, before, after) => {
    expect(disconnected(before)).toBe(after);
  });
});

describe('mapRoles is left alone, and told why, when it', () => {
  it.each<[string, string, RegExp]>([
    ['is not YAML', '- a: [\n', /^mapRoles is not YAML at line 2, column 1: /],
    [
      'is indented by tabs',
      '- rolearn: a\n\tgroups: [b]\n',
      /^mapRoles is not YAML at line 2, column 2: the line is indented by a tab/,
    ],
    [
      'names a field twice',
      '- rolearn: a\n  rolearn: b\n',
      /^mapRoles is not YAML at line 2, column 3: map keys must be unique/,
    ],
    ['has an alias of nothing', '- *nobody\n', /^mapRoles is not YAML/],
    ['is a map', 'rolearn: a\n', /^mapRoles is no list but a map/],
    ['is a word', 'nobody', /^mapRoles is no list but 'nobody'/],
    ['is null', '~', /^mapRoles is no list but 'null'/],
    ['is quotes', '""', /^mapRoles is no list but ''/],
    ['is several documents', '- a\n---\n- b\n', /^mapRoles is not YAML/],
    ['ends the document', `${NODE}...\n`, /ends with '\.\.\.'/],
    ['ends with text over several lines that does not end', '- username: |\n    a', /cannot be edited line by line/],
  ])('%s', (_what, text, because) => {
    for (const edit of [connectMapRoles, disconnectMapRoles]) {
      const found = edit(text, ENTRY);
      if (edit === disconnectMapRoles && found.outcome === 'right') continue;
      expect(found).toEqual({ outcome: 'refused', because: expect.stringMatching(because) });
    }
  });
});
