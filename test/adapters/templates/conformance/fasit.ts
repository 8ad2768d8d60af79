/** fasit's own functions: https://github.com/nais/fasit/blob/main/docs/feature.md#template-funcs */
import { type Case, fails, gives } from './case.ts';

const PEERS = [
  { name: 'one', address: '10.0.0.1', kind: 'tenant' },
  { name: 'two', address: '10.0.0.2', kind: 'onprem' },
  { name: 'three', kind: 'tenant' },
];

const b64enc: Case[] = [
  gives('{{ b64enc "swordfish" }}', 'c3dvcmRmaXNo'),
  gives('{{ .Env.name | b64enc }}', 'ZGV2'),
  gives('{{ b64enc "" }}', ''),
  gives('[{{ .Env.missing | b64enc }}]', '[]'),
  gives('{{ b64enc "blåbær" }}', 'YmzDpWLDpnI='),
  fails('{{ b64enc 3 }}', 'b64enc needs a text, and not a number'),
];

const lists: Case[] = [
  gives('{{ eachOf .Envs "domain" | join "," }}', 'dev.acme.test,acme.test,site.acme.test'),
  gives('{{ eachOf .Envs "project" | toJSON }}', '["acme-dev","acme-prod"]'),
  gives('{{ eachOf .Envs "nowhere" | toJSON }}', '[]'),
  gives('{{ eachOf .Envs "name" | toJSON }}', '[]', { Envs: [] }),
  fails('{{ eachOf .Env "name" }}', 'eachOf needs a list, and not a map'),
  fails('{{ eachOf .Env.hosts "name" }}', 'eachOf: item 1 of the list needs a map, and not a text'),
  fails('{{ eachOf .Env.missing "name" }}', 'eachOf needs a list, and not a missing value'),
  gives('{{ filter "kind" "onprem" .Envs | toJSON }}', '[{"domain":"site.acme.test","kind":"onprem","name":"site"}]'),
  gives('{{ filter "kind" "legacy" .Envs | len }}', '0'),
  gives(
    '{{ .Envs | filter "kind" "tenant" | mapOf "name" "project" | toJSON }}',
    '{"dev":"acme-dev","prod":"acme-prod"}',
  ),
  gives('{{ filter "port" 80 .Env.doors | toJSON }}', '[{"port":80}]', {
    Env: { doors: [{ port: 80 }, { port: 81 }] },
  }),
  gives('{{ eachOf (filter "on" true .Env.l) "n" | toJSON }}', '["a"]', {
    Env: { l: [{ n: 'a', on: true }, { n: 'b' }] },
  }),
  gives('{{ filter "tags" (list "x") .Env.l | len }}', '1', { Env: { l: [{ tags: ['x'] }, { tags: ['y'] }] } }),
  fails('{{ filter "kind" "x" "text" }}', 'filter needs a list, and not a text'),
  gives('{{ range exclude "name" .Env.name .Envs }}{{ .name }} {{ end }}', 'prod site '),
  gives('{{ exclude "kind" "tenant" .Envs | len }}', '1'),
  gives('{{ exclude "project" "acme-dev" .Envs | len }}', '2'),
  fails('{{ exclude "kind" "x" .Env.name }}', 'exclude needs a list, and not a text'),
  gives('{{ join "," .Env.hosts }}', 'a.example,b.example'),
  gives('{{ .Env.hosts | join " + " }}', 'a.example + b.example'),
  gives('{{ join "-" (list 1 2 true "x") }}', '1-2-true-x'),
  gives('[{{ join "," list }}]', '[]'),
  fails('{{ join "," .Env.name }}', 'join needs a list, and not a text'),
  fails('{{ join "," .Env.l }}', 'join: item 2 of the list has no value', { Env: { l: ['a', null] } }),
];

const maps: Case[] = [
  gives(
    '{{ environmentsAsMap "project,domain" .Envs | toJSON }}',
    '{"dev":{"domain":"dev.acme.test","project":"acme-dev"},"prod":{"domain":"acme.test","project":"acme-prod"},"site":{"domain":"site.acme.test"}}',
  ),
  gives(
    '{{ filter "kind" "onprem" .Envs | environmentsAsMap "domain" | toYAML }}',
    'site:\n    domain: site.acme.test\n',
  ),
  gives('{{ environmentsAsMap "project, kind" .Envs | toJSON }}', '{"a":{"kind":"k","project":"p"}}', {
    Envs: [{ name: 'a', project: 'p', kind: 'k', more: 1 }],
  }),
  fails('{{ environmentsAsMap "x" .Envs }}', 'environmentsAsMap: one of the list has no name', { Envs: [{ x: 1 }] }),
  fails('{{ environmentsAsMap "x" .Env }}', 'environmentsAsMap needs a list, and not a map'),
  gives('{{ mapOf "name" "address" .Env.peers | toJSON }}', '{"one":"10.0.0.1","two":"10.0.0.2"}', {
    Env: { peers: PEERS },
  }),
  gives('{{ mapOf "name" "nope" .Envs | toJSON }}', '{}'),
  gives('{{ mapOf "name" "project" .Envs | mapJoin "=" | join "," }}', 'dev=acme-dev,prod=acme-prod'),
  fails('{{ mapOf "port" "n" .Env.l }}', 'mapOf: "port" is no text in one of the list', {
    Env: { l: [{ port: 1, n: 2 }] },
  }),
  fails('{{ mapOf "a" "b" .Kind }}', 'mapOf needs a list, and not a text'),
  gives('{{ mapJoin "=" .Env.labels | toJSON }}', '["ring=canary","tier=gold"]'),
  gives('{{ .Env.db | mapJoin ":" | join " " }}', 'host:db.internal port:5432'),
  gives('{{ mapJoin "=" (dict) | toJSON }}', '[]'),
  fails('{{ mapJoin "=" .Env.hosts }}', 'mapJoin needs a map, and not a list'),
  fails('{{ mapJoin "=" .Env.m }}', 'mapJoin: "a" has no value', { Env: { m: { a: null } } }),
  gives('{{ prefixedValues .Env "group_" | toJSON }}', '["g-1","g-2"]'),
  gives('{{ prefixedValues .Env "group_" | join "," }}', 'a,b', { Env: { group_z: 'a', group_a: 'b' } }),
  gives('{{ prefixedValues .Env "nothing_" | toJSON }}', '[]'),
  gives('{{ prefixedValues .Env "" | toJSON }}', '[1,2]', { Env: { a: 2, b: 1 } }),
  fails('{{ prefixedValues .Env.hosts "x" }}', 'prefixedValues needs a map, and not a list'),
];

const texts: Case[] = [
  gives('{{ quote .Env.name }}', '"dev"'),
  gives('{{ .Env.project | quote }}', '"acme-dev"'),
  gives('{{ quote "say \\"hi\\"\\n" }}', '"say \\"hi\\"\\n"'),
  gives('[{{ quote .Env.missing }}]', '[]'),
  gives('{{ quote "" }}', '""'),
  gives('{{ .Env.replicas | toString | quote }}', '"3"'),
  fails('{{ quote .Env.replicas }}', 'quote needs a text, and not a number: write `toString` before it'),
  gives('{{ replace "a.b.c" "." "-" }}', 'a-b-c'),
  gives('{{ replace .Env.project "acme" .Tenant.Name }}', 'acme-dev'),
  gives('{{ replace "aaa" "b" "c" }}', 'aaa'),
  fails('{{ replace .Env.missing "a" "b" }}', 'there is no value where a string is expected'),
  gives('{{ subdomain . "grafana" }}', 'grafana.dev.acme.cloud.nais.io'),
  gives('{{ subdomain . "grafana" }}', 'grafana.acme.cloud.nais.io', { Kind: 'management', Env: { name: 'mgmt' } }),
  gives('{{ range list "a" "b" }}{{ subdomain $ . }} {{ end }}', 'a.dev.acme.cloud.nais.io b.dev.acme.cloud.nais.io '),
  gives('https://{{ "id" | subdomain . }}/', 'https://id.dev.acme.cloud.nais.io/'),
  fails('{{ subdomain .Env "x" }}', 'subdomain needs the whole of what a template sees'),
  fails('{{ subdomain . "x" }}', 'subdomain: the environment has no tenant', { Tenant: { Name: '' } }),
  fails('{{ subdomain . "x" }}', 'subdomain: the environment has no name', { Env: {} }),
];

const formats: Case[] = [
  gives('{{ (fromJSON .Env.json).size }}', '3'),
  gives('{{ (fromJSON .Env.json).tags | join "+" }}', 'x+y'),
  gives('{{ fromJSON "{}" | toJSON }}', '{}'),
  gives('{{ (fromJSON "{\\"n\\": 12345678}").n }}', '12345678'),
  fails('{{ fromJSON "[1]" }}', 'fromJSON needs the JSON of an object'),
  fails('{{ fromJSON "nonsense" }}', 'fromJSON needs the JSON of an object'),
  fails('{{ fromJSON "null" }}', 'fromJSON needs the JSON of an object'),
  fails('{{ fromJSON "{} {}" }}', 'fromJSON: there is more after the object'),
  gives('{{ toJSON .Env.db }}', '{"host":"db.internal","port":5432}'),
  gives('{{ toJSON .Env.nothing }}', 'null'),
  gives('{{ toJSON .Env.hosts }}', '["a.example","b.example"]'),
  gives('{{ toJSON "a" }} {{ toJSON 1 }} {{ toJSON true }}', '"a" 1 true'),
  gives('{{ toJSON "<&>" }}', '"\\u003c\\u0026\\u003e"'),
  gives('{{ toYAML .Env.db }}', 'host: db.internal\nport: 5432\n'),
  gives('{{ toYAML .Env.hosts }}', '- a.example\n- b.example\n'),
  gives('{{ toYAML "yes" }}', '"yes"\n'),
  gives('{{ toYAML (dict) }}', '{}\n'),
  gives('x:\n{{ toYAML .Env.labels | indent 2 }}', 'x:\n  ring: canary\n  tier: gold\n  '),
];

export const FASIT = {
  "fasit's b64enc": b64enc,
  "fasit's lists": lists,
  "fasit's maps": maps,
  "fasit's texts": texts,
  "fasit's JSON and YAML": formats,
};
