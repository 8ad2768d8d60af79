/** What must never become a value. */
import { type Case, fails, gives, refuses } from './case.ts';

const gone = (name: string, call: string, words: string): Case =>
  refuses(`a\n{{ ${call} }}`, 'unsupported-function', `line 2: function "${name}" ${words}`);

const unsupported: Case[] = [
  ...['uuidv4', 'now'].map((name) => gone(name, name, 'gives another value each time')),
  ...['randAlpha', 'randAlphaNum', 'randAscii', 'randNumeric', 'randBytes'].map((name) =>
    gone(name, `${name} 5`, 'gives another value each time'),
  ),
  gone('randInt', 'randInt 1 5', 'gives another value each time'),
  gone('shuffle', 'shuffle "abc"', 'gives another value each time'),
  gone('ago', 'ago 1', 'gives another value each time'),
  gone('bcrypt', 'bcrypt "x"', 'gives another value each time'),
  gone('htpasswd', 'htpasswd "u" "p"', 'gives another value each time'),
  gone('encryptAES', 'encryptAES "k" "v"', 'gives another value each time'),
  gone('genCA', 'genCA "x" 1', 'gives another value each time'),
  gone('genPrivateKey', 'genPrivateKey "rsa"', 'gives another value each time'),
  gone('genSelfSignedCert', 'genSelfSignedCert "x" nil nil 1', 'gives another value each time'),
  gone('derivePassword', 'derivePassword 1 "long" "p" "u" "s"', 'makes a secret up'),
  gone('env', 'env "HOME"', 'looks at the machine'),
  gone('expandenv', 'expandenv "$HOME"', 'looks at the machine'),
  gone('getHostByName', 'getHostByName "x"', 'looks at the machine'),
  gone('include', 'include "x" .', 'belongs to the templates of the chart itself'),
  gone('lookup', 'lookup "v1" "Pod" "a" "b"', 'belongs to the templates of the chart itself'),
  gone('tpl', 'tpl "x" .', 'belongs to the templates of the chart itself'),
  gone('required', 'required "x" .Kind', 'belongs to the templates of the chart itself'),
  gone('toYaml', 'toYaml .Env', 'is not known: did you mean "toYAML"?'),
  gone('nonsense', 'nonsense', "is not known: it is none of Go's, Sprig's or fasit's"),
  gone('fairleadGuard', 'fairleadGuard "a" "b"', 'is not known'),
  refuses('{{ if false }}{{ uuidv4 }}{{ end }}', 'unsupported-function', 'function "uuidv4"'),
];

const missing: Case[] = [
  fails('{{ .Env.missing }}', 'line 1: .Env.missing has no value here'),
  fails('{{ .Env.nothing }}', '.Env.nothing has no value here'),
  fails('zone: "{{ .Management.zone }}"', '.Management.zone has no value here', { Management: {} }),
  fails('{{ index .Configs "nope" }}', 'index .Configs "nope" has no value here'),
  fails('{{ range .Envs }}{{ .project }}{{ end }}', '.project has no value here'),
  fails('{{ .Env.l }}', '.Env.l holds something that has no value', { Env: { l: ['a', null] } }),
  fails('{{ print .Env.m }}', 'print: argument 1 has no value', { Env: { m: { a: [null] } } }),
  fails('{{ get .Env "nope" | upper | trim }}{{ first list }}', 'first list has no value here'),
  fails('{{ upper .Env.missing }}', 'there is no value where a string is expected'),
  fails('{{ .Tenant }}', '.Tenant is no value: name one of those in it'),
  fails('{{ . }}', '. is no value'),
  fails('{{ .Tenant.Id }}', 'there is no .Id: of the tenant a template sees .Name'),
  gives('{{ toJSON .Tenant }}', '{"Name":"acme"}'),
  fails('{{ len .Env.missing }}', 'len does not work with what it was given'),
  gives('{{ "<no value>" }} <no value>', '<no value> <no value>'),
  gives('{{ .Env.odd }}', '<no value>', { Env: { odd: '<no value>' } }),
  gives('{{ with .Env.nothing }}{{ . }}{{ end }}', ''),
  gives('{{ .Env.nothing | default "x" }}', 'x'),
];

const strange: Case[] = [
  gives('{{ index .Env "__proto__" }}', 'plain', { Env: JSON.parse('{"__proto__": "plain"}') }),
  gives('{{ (index .Env "__proto__").polluted }}', 'no', { Env: JSON.parse('{"__proto__": {"polluted": "no"}}') }),
  gives('{{ .Env.constructor | toJSON }}', 'null'),
  gives('{{ toJSON .Env }}', '{"__proto__":{"a":1}}', { Env: JSON.parse('{"__proto__": {"a": 1}}') }),
  gives('{{ index .Env "a b.c/d" }}', 'x', { Env: { 'a b.c/d': 'x' } }),
  gives('{{ len .Envs }} {{ toJSON .Env }}', '0 {}', { Env: {}, Envs: [] }),
  gives('{{ .Env.n }}', '9007199254740991', { Env: { n: Number.MAX_SAFE_INTEGER } }),
  gives('{{ .Env.n }}', '-1.5e-07', { Env: { n: -1.5e-7 } }),
  gives('{{ .Env.t }}', '{{ .Env.name }}', { Env: { t: '{{ .Env.name }}' } }),
  gives('{{ .Env.t }}', 'line\nline\u0000\u2028', { Env: { t: 'line\nline\u0000\u2028' } }),
  gives('{{ set .Env "name" "changed" | len }} {{ .Env.name }}', '1 changed', { Env: { name: 'dev' } }),
  gives('{{ .Env.name }}', 'dev', { Env: { name: 'dev' } }),
];

export const EDGES = {
  'functions that are not there': unsupported,
  'places without a value': missing,
  'strange data': strange,
};
