import { describe, expect, test, vi } from 'vitest';
import { packedEngine } from '../../../adapters/templates/packed-engine.ts';
import { templateEngine } from '../../../adapters/templates/template-engine.ts';

// The first test to run waits until the engine has started.
vi.setConfig({ testTimeout: 60_000 });

const engine = templateEngine({ wasm: packedEngine, deadlineMs: 20_000 });

/** What a template reads, as dotted texts; a dot inside a key is shown as a middle dot. */
async function readsOf(template: string): Promise<string[]> {
  const [answer] = await engine.parse([{ key: 'k', template }]);
  if (answer?.ok !== true) throw new Error(JSON.stringify(answer));
  return answer.reads.map((path) => path.map((key) => key.replaceAll('.', '·')).join('.'));
}

describe('what a template reads, told from its text', () => {
  test.each<[string, string[]]>([
    ['no more than text', []],
    ['{{ .Env.project }}', ['Env.project']],
    ['{{ .Management.zone }}-{{ .Tenant.Name }}-{{ .Kind }}', ['Kind', 'Management.zone', 'Tenant.Name']],
    ['{{ $.Env.project }}', ['Env.project']],
    ['{{ .Env.db.host }}', ['Env.db.host']],
    ['{{ (.Env.db).host }}', ['Env.db.host']],
    ['{{ index .Env "group-a" }}', ['Env.group-a']],
    ['{{ (index .Env "a" "b").c }}', ['Env.a.b.c']],
    ['{{ index .Configs "image.tag" }}', ['Configs.image·tag']],
    ['{{ .Configs.replicas }}', ['Configs.replicas']],
    ['{{ get .Env "a" }}', ['Env.a']],
    ['{{ if hasKey .Env "a" }}{{ end }}', ['Env.a']],
    ['{{ .Env.a | upper | quote }}', ['Env.a']],
    ['{{ default .Management.a .Env.a }}', ['Env.a', 'Management.a']],
    ['{{ .Env.a | default "x" | quote }}', ['Env.a']],
    ['{{ if .Env.a }}{{ .Env.b }}{{ else }}{{ .Env.c }}{{ end }}', ['Env.a', 'Env.b', 'Env.c']],
    ['{{ if eq .Env.name "x" }}{{ end }}', ['Env.name']],
    ['{{ with .Env }}{{ .a }}{{ end }}', ['Env.a']],
    ['{{ with .Env.db }}{{ .host }}{{ $.Kind }}{{ end }}', ['Env.db', 'Env.db.host', 'Kind']],
    ['{{ with $d := .Env.db }}{{ $d.host }}{{ end }}', ['Env.db', 'Env.db.host']],
    ['{{ with .Env.a }}{{ else with .Env.b }}{{ .c }}{{ end }}', ['Env.a', 'Env.b', 'Env.b.c']],
    ['{{ $e := .Env }}{{ $e.a }}', ['Env.a']],
    ['{{ $x := .Env.a }}{{ if true }}{{ $x = .Env.b }}{{ end }}{{ $x }}', ['Env.a', 'Env.b']],
    ['{{ $x := "" }}{{ range .Envs }}{{ $x }}{{ $x = .a }}{{ end }}', ['Envs.a']],
    ['{{ range .Envs }}{{ .name }}{{ end }}', ['Envs.name']],
    ['{{ range $i, $e := .Envs }}{{ $i }}{{ $e.name }}{{ .zone }}{{ end }}', ['Envs.name', 'Envs.zone']],
    ['{{ range .Envs }}{{ toJSON . }}{{ end }}', ['Envs']],
    ['{{ range $k, $v := .Env }}{{ $k }}{{ end }}', ['Env']],
    ['{{ range .Env.hosts }}{{ . }}{{ end }}', ['Env.hosts']],
    ['{{ (index .Envs 0).name }}', ['Envs.name']],
    ['{{ (first .Envs).name }}', ['Envs.name']],
    ['{{ len .Envs }}', []],
    ['{{ index .Env .Kind }}', ['Env', 'Kind']],
    ['{{ toJSON .Env }}', ['Env']],
    ['{{ toJSON . }}', ['Configs', 'Env', 'Envs', 'Kind', 'Management', 'Tenant']],
    ['{{ prefixedValues .Env "a_" }}', ['Env']],
    ['{{ eachOf .Envs "domain" | join "," }}', ['Envs.domain']],
    ['{{ mapOf "name" "project" .Envs | mapJoin "=" }}', ['Envs.name', 'Envs.project']],
    ['{{ .Envs | filter "kind" .Kind | mapOf "name" "a" | toJSON }}', ['Envs.a', 'Envs.kind', 'Envs.name', 'Kind']],
    ['{{ range exclude "name" .Env.name .Envs }}{{ .ip }}{{ end }}', ['Env.name', 'Envs.ip', 'Envs.name']],
    ['{{ environmentsAsMap "a, b" .Envs | toYAML }}', ['Envs.a', 'Envs.b', 'Envs.name']],
    ['{{ subdomain . "x" }}', ['Env.name', 'Kind', 'Tenant.Name']],
    ['{{ define "t" }}{{ .host }}{{ end }}{{ template "t" .Env.db }}', ['Env.db.host']],
    ['{{ define "t" }}{{ template "t" .a }}{{ end }}{{ template "t" .Env }}', ['Env.a']],
    ['{{ block "b" .Env }}{{ .a }}{{ end }}', ['Env.a']],
    ['{{ dict "a" .Env.x "b" (list .Env.y) | toJSON }}', ['Env.x', 'Env.y']],
    ['{{ $d := dict "a" .Env.x }}{{ $d.a }}', ['Env.x']],
    ['{{ range .Env.hosts }}{{ $.Env.port }}{{ end }}', ['Env.hosts', 'Env.port']],
    ['{{ printf "%s" (index .Env "a" | upper) }}', ['Env.a']],
    ['{{ and .Env.a .Env.b }}', ['Env.a', 'Env.b']],
    ['{{ (and .Env.a .Env.b).c }}', ['Env.a', 'Env.b']],
    ['{{ pick .Env "a" }}', ['Env']],
    ['{{ dig "a" "b" "" .Env }}', ['Env']],
  ])('%s', async (template, reads) => {
    expect(await readsOf(template)).toEqual(reads);
  });
});

test('functions are told by name, each once', async () => {
  const template = '{{ .Env.a | upper | quote }}{{ if eq (upper .Kind) "X" }}{{ print 1 }}{{ end }}';
  expect(await engine.parse([{ key: 'k', template }])).toMatchObject([
    { functions: ['eq', 'print', 'quote', 'upper'] },
  ]);
});

test('what cannot be parsed is told as rendering tells it', async () => {
  const templates = ['{{ if }}', 'a\n{{ uuidv4 }}', ''].map((template, i) => ({ key: `k${i}`, template }));
  expect(await engine.parse(templates)).toEqual([
    { key: 'k0', ok: false, code: 'syntax', because: 'line 1: missing value for if' },
    { key: 'k1', ok: false, code: 'unsupported-function', because: expect.stringContaining('"uuidv4"') },
    { key: 'k2', ok: true, reads: [], functions: [] },
  ]);
});

test('templates are not run: one that would not end is parsed', async () => {
  const [answer] = await engine.parse([{ key: 'k', template: '{{ range 1000000000000 }}{{ end }}{{ fail "x" }}' }]);
  expect(answer).toMatchObject({ ok: true, functions: ['fail'] });
});

test('a nesting that is deeper than any author writes ends in words, too', async () => {
  const deep = `{{ ${'('.repeat(100_000)}1${')'.repeat(100_000)} }}`;
  const [answer] = await engine.parse([{ key: 'k', template: deep }]);
  expect(answer).toMatchObject({ ok: false });
});
