import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const ROOMS = '{action,adapters,bin,charts,cli,contracts,docs,domain,examples,lambdas,lib,local,statemachines,test}';
const found = (...patterns: string[]) => patterns.flatMap((pattern) => globSync(pattern, { cwd: ROOT })).sort();
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
/** Text without what stands in code, which links nowhere. */
const prose = (path: string) =>
  read(path)
    .replaceAll(/^```[\s\S]*?^```/gm, '')
    .replaceAll(/`[^`\n]*`/g, 'code');

const documents = found('*.md', `${ROOMS}/**/*.md`);
const links = documents.flatMap((from) =>
  [...prose(from).matchAll(/\]\(([^)\s]+)\)/g)].map(([, to = '']) => ({ from, to })),
);
const inside = links.filter(({ to }) => !/^[a-z]+:/.test(to));

/** As GitHub names a heading: https://docs.github.com/en/get-started/writing-on-github (section links). */
const anchors = (path: string) =>
  [
    ...read(path)
      .replaceAll(/^```[\s\S]*?^```/gm, '')
      .matchAll(/^#+ (.+)$/gm),
  ].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );

describe('links of the documents', () => {
  test('are many', () => expect(inside.length).toBeGreaterThan(100));

  test('lead to a file, and to a heading of it', () => {
    const dead = inside.filter(({ from, to }) => {
      const [path = '', anchor] = to.split('#');
      const target = path === '' ? from : relative(ROOT, join(ROOT, dirname(from), path));
      return !existsSync(join(ROOT, target)) || (anchor !== undefined && !anchors(target).includes(anchor));
    });
    expect(dead).toEqual([]);
  });

  test('lead from the README to every guide', () => {
    const linked = links.filter(({ from }) => from === 'README.md').map(({ to }) => to.split('#')[0]);
    expect(found('docs/*.md').filter((guide) => !linked.includes(guide))).toEqual([]);
  });
});

describe('decisions', () => {
  const decisions = found('docs/adr/*.md').map((path) => path.slice('docs/adr/'.length, -'.md'.length));

  test('are counted without a gap, each by its own number', () => {
    expect(decisions.map((name) => Number(name.slice(0, 4)))).toEqual(decisions.map((_, i) => i + 1));
    const titles = decisions.map((name) => /^# (\d+)\. /.exec(read(`docs/adr/${name}.md`))?.[1]);
    expect(titles).toEqual(decisions.map((_, i) => String(i + 1)));
  });

  test('that are named anywhere by their number are there', () => {
    const numbers = decisions.map((name) => name.slice(0, 4));
    const named = found(`${ROOMS}/**/*.{ts,md,json,yml,yaml}`)
      .filter((path) => !/node_modules|action\/dist|test\/docs\/links/.test(path))
      .flatMap((path) => [...read(path).matchAll(/\badr\/(\d{4})/gi)].map(([, number = '']) => ({ path, number })));
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter(({ number }) => !numbers.includes(number))).toEqual([]);
  });
});
