import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderMarkdown } from '../../../domain/plan-diff/render-markdown.ts';
import { renderText } from '../../../domain/plan-diff/render-text.ts';
import { summarisePlan } from '../../../domain/plan-diff/summarise-plan.ts';
import { aDiff, aSummary, deleted, image, planned } from '../../support/plan-diffs.ts';

describe('for a terminal', () => {
  test('groups come first, then values, hooks and problems', () => {
    expect(renderText(aSummary())).toEqual([
      '1 environment: no change (dev)',
      '2 environments: changes (prod-eu, qa)',
      '  Deployment webui image 1.4.1 → 1.4.2',
      '  prod-eu also:',
      '    ConfigMap old deleted',
      '1 environment: cannot be reached (far)',
      'values that change:',
      "  image.tag 1.4.1 → 1.4.2 (the chart's own values) — prod-eu, qa",
      'hooks that run:',
      '  pre-upgrade Job migrate',
      'blocked by:',
      '  no answer within 10 s — far',
      'mind:',
      '  ConfigMap old: it would be deleted — prod-eu',
      'left out:',
      "  lab: the chart's Feature.yaml is not for environments of kind lab",
    ]);
  });

  test('of many that do not change only a few are named', () => {
    const many = Array.from({ length: 37 }, (_, index) => aDiff(`e${String(index).padStart(2, '0')}`));
    expect(renderText(summarisePlan(planned, many))).toEqual([
      '37 environments: no change (e00, e01, e02, e03, e04, e05, … and 31 more)',
    ]);
  });

  test('changes of one object stand in one line', () => {
    const both = image('1.4.1', '1.4.2');
    const replicas = { path: 'spec.replicas', from: { value: 2 }, to: { value: 3 } };
    const objects = [{ ...both, fields: [...both.fields, replicas] }];
    expect(renderText(summarisePlan(planned, [aDiff('a', { state: 'changes', objects })]))).toContain(
      '  Deployment webui image 1.4.1 → 1.4.2, replicas 2 → 3',
    );
  });

  test('nothing that others wrote steers the terminal', () => {
    const nasty = '\u001b[2J\u0007\u202Eevil\nnext';
    const lines = renderText(
      summarisePlan(planned, [
        aDiff('a', {
          state: 'changes',
          objects: [deleted(nasty)],
          hooks: [nasty],
          values: [{ key: nasty, to: { value: nasty }, origin: nasty }],
          problems: [{ code: 'deletion', blocks: true, because: nasty, object: nasty }],
        }),
      ]),
    );
    expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(lines.join('')).toContain('[2J evil next');
  });
});

/** What is left of a comment outside of its fenced code. */
function outsideFences(markdown: string): string {
  const left: string[] = [];
  let fence: string | undefined;
  for (const line of markdown.split('\n')) {
    const run = /^ {0,3}(`{3,})([^`]*)$/.exec(line);
    if (fence === undefined && run?.[1] !== undefined) fence = run[1];
    else if (fence !== undefined && run?.[1] !== undefined && run[2]?.trim() === '' && run[1].length >= fence.length) {
      fence = undefined;
    } else if (fence === undefined) left.push(line);
  }
  if (fence !== undefined) throw new Error('a fence stays open');
  return left.join('\n');
}

describe('for a pull request', () => {
  test('a table of counts, and details that fold', () => {
    const text = renderMarkdown(aSummary());
    expect(text).toContain(
      '### Plan of webui 1.4.2\n\n| | environments |\n|---|---:|\n| no change | 1 |\n| changes | 2 |\n',
    );
    expect(text).toContain(
      '<details open><summary>2 environments: changes (prod-eu, qa)</summary>\n\n```text\nDeployment webui image 1.4.1 → 1.4.2\nprod-eu also:\n  ConfigMap old deleted\n```\n\n</details>\n',
    );
    expect(text).toMatch(/plan `01JD0Z5Q6X3N8V7T2K4M9R1B0C`, digest `hmac-sha256:d{64}`\n$/);
  });

  const nasty = fc.string({
    unit: fc.constantFrom(
      '`',
      '```',
      '~~~',
      '<b>',
      '</details>',
      '|',
      '@acme/team',
      '](http://x)',
      '\n',
      '\r',
      '#',
      ' ',
      'a',
      '\u2028',
    ),
    maxLength: 12,
  });
  test('whatever names and values say, they say it inside of fenced code', () => {
    fc.assert(
      fc.property(nasty, nasty, (one, other) => {
        const said = { key: `K${one}`, from: { value: `V${other}` }, origin: `O${one}` };
        const plan = summarisePlan(
          { ...planned, version: `1.0${one}`, leftOut: [{ environment: 'left', because: `L${one}` }] },
          [
            aDiff('a', {
              state: 'changes',
              objects: [{ ...image('1', '2'), name: `N${one}` }, deleted(`D${other}`)],
              hooks: [`H${other}`],
              values: [said],
              problems: [{ code: 'conflict', blocks: true, because: `B${one}`, object: `C${other}`, fields: [one] }],
            }),
          ],
        );
        const outside = outsideFences(renderMarkdown(plan));
        expect(outside).not.toMatch(/@|\]\(|<b>|\n#(?!## Plan)/);
        expect(outside.match(/<\/details>/g)?.length).toBe(outside.match(/<details/g)?.length);
      }),
    );
  });

  test('it never is longer than GitHub takes, and says what it left out', () => {
    const diffs = Array.from({ length: 500 }, (_, index) =>
      aDiff(`environment-${index}`, {
        state: 'changes',
        objects: Array.from({ length: 10 }, (_, other) => deleted(`config-${index}-${other}-é`)),
      }),
    );
    const text = renderMarkdown(summarisePlan(planned, diffs));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(60_000);
    expect(Buffer.byteLength(text)).toBeGreaterThan(50_000);
    expect(text).toMatch(/… and \d+ more sections: see the plan itself/);
    expect(() => outsideFences(text)).not.toThrow();
    expect(text).toMatch(/digest `hmac-sha256:d{64}`\n$/);
  });
});
