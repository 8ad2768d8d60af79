/** Sprig's functions: https://masterminds.github.io/sprig/ */
import { type Case, fails, gives } from './case.ts';

const strings: Case[] = [
  gives('{{ trim "  a " }}|{{ trimAll "$" "$5$" }}|{{ trimSuffix "-" "a-" }}|{{ trimPrefix "-" "-a" }}', 'a|5|a|a'),
  gives('{{ upper "a" }}{{ lower "B" }}{{ title "ab cd" }}{{ untitle "Ab" }}', 'AbAb Cdab'),
  gives('{{ repeat 3 "ab" }}', 'ababab'),
  gives('{{ substr 0 5 "hello world" }}', 'hello'),
  gives('{{ trunc 3 "abcdef" }} {{ trunc -3 "abcdef" }}', 'abc def'),
  gives('{{ contains "bc" "abcd" }} {{ hasPrefix "a" "abc" }} {{ hasSuffix "c" "abc" }}', 'true true true'),
  gives('{{ squote "a" "b" }}', "'a' 'b'"),
  gives('{{ cat "a" 1 true }}', 'a 1 true'),
  gives('{{ indent 2 "a\\nb" }}', '  a\n  b'),
  gives('{{ nindent 2 "a" }}', '\n  a'),
  gives(
    '{{ snakecase "FirstName" }} {{ camelcase "http_server" }} {{ kebabcase "FirstName" }}',
    'first_name HttpServer first-name',
  ),
  gives('{{ abbrev 5 "hello world" }}', 'he...'),
  gives('{{ initials "First Try" }}', 'FT'),
  gives('{{ wrap 5 "hello world" }}', 'hello\nworld'),
  gives('{{ plural "one host" "many hosts" (len .Env.hosts) }}', 'many hosts'),
  gives('{{ nospace "a b c" }}', 'abc'),
  gives('{{ toString 3 }}', '3'),
  gives('{{ splitList "," "a,b" | toJSON }}', '["a","b"]'),
  gives('{{ (split "$" "a$b")._1 }}', 'b'),
  gives('{{ sortAlpha (list "c" "a" "b") | join "" }}', 'abc'),
  gives('{{ regexMatch "^[a-z]+$" "abc" }}', 'true'),
  gives('{{ regexFind "[0-9]+" "abc123" }}', '123'),
  gives('{{ regexReplaceAll "a(x*)b" "-ab-axxb-" "${1}W" }}', '-W-xxW-'),
  gives('{{ regexSplit "z+" "pizza" -1 | toJSON }}', '["pi","a"]'),
  fails('{{ toString .Env.missing }}', 'toString was given something that has no value'),
  fails('{{ regexMatch "(" "a" | not }}{{ mustRegexMatch "(" "a" }}', 'mustRegexMatch does not work'),
];

const numbers: Case[] = [
  gives('{{ add 1 2 3 }} {{ sub 5 2 }} {{ mul 2 3 }} {{ div 7 2 }} {{ mod 7 2 }}', '6 3 6 3 1'),
  gives('{{ add1 .Env.replicas }}', '4'),
  gives('{{ max 1 5 3 }} {{ min 1 5 3 }}', '5 1'),
  gives('{{ floor 1.7 }} {{ ceil 1.2 }} {{ round 1.256 2 }}', '1 2 1.26'),
  gives('{{ int "42" }} {{ int64 3.9 }} {{ float64 "1.5" }} {{ atoi "7" }}', '42 3 1.5 7'),
  gives('{{ addf 1.5 2 }} {{ mulf 1.5 2 }}', '3.5 3'),
  gives('{{ seq 1 3 }}', '1 2 3'),
  gives('{{ untilStep 0 10 5 | toJSON }}', '[0,5]'),
  gives('{{ toDecimal "0777" }}', '511'),
  fails('{{ div 1 0 }}', 'div does not work with what it was given'),
];

const lists: Case[] = [
  gives('{{ list 1 "a" | toJSON }}', '[1,"a"]'),
  gives('{{ first .Env.hosts }} {{ last .Env.hosts }}', 'a.example b.example'),
  gives('{{ rest (list 1 2 3) | toJSON }} {{ initial (list 1 2 3) | toJSON }}', '[2,3] [1,2]'),
  gives('{{ append (list 1) 2 | toJSON }} {{ prepend (list 1) 2 | toJSON }}', '[1,2] [2,1]'),
  gives('{{ concat (list 1) (list 2) | toJSON }}', '[1,2]'),
  gives('{{ reverse (list 1 2) | toJSON }} {{ uniq (list 1 1 2) | toJSON }}', '[2,1] [1,2]'),
  gives('{{ without (list 1 2 3) 2 | toJSON }} {{ has 2 (list 1 2) }}', '[1,3] true'),
  gives('{{ compact (list "a" "" "b") | toJSON }}', '["a","b"]'),
  gives('{{ slice (list 1 2 3) 1 2 | toJSON }}', '[2]'),
  gives('{{ chunk 2 (list 1 2 3) | toJSON }}', '[[1,2],[3]]'),
  gives('{{ tuple "a" "b" | join "" }}', 'ab'),
];

const maps: Case[] = [
  gives('{{ dict "b" 1 "a" 2 | toJSON }}', '{"a":2,"b":1}'),
  gives('{{ get .Env.labels "ring" }} {{ hasKey .Env "nope" }}', 'canary false'),
  gives('{{ set (dict "a" 1) "b" 2 | toJSON }} {{ unset (dict "a" 1) "a" | toJSON }}', '{"a":1,"b":2} {}'),
  gives(
    '{{ pick .Env.db "host" | toJSON }} {{ omit .Env.db "host" | toJSON }}',
    '{"host":"db.internal"} {"port":5432}',
  ),
  gives('{{ merge (dict "a" 1) (dict "a" 2 "b" 3) | toJSON }}', '{"a":1,"b":3}'),
  gives('{{ mergeOverwrite (dict "a" 1) (dict "a" 2) | toJSON }}', '{"a":2}'),
  gives('{{ keys (dict "c" 1 "a" 2 "b" 3) | join "," }}', 'a,b,c'),
  gives('{{ values (dict "c" 1 "a" 2 "b" 3) | join "," }}', '2,3,1'),
  gives('{{ dig "db" "host" "none" .Env }} {{ dig "db" "nope" "none" .Env }}', 'db.internal none'),
  gives('{{ pluck "name" (index .Envs 0) (index .Envs 1) | toJSON }}', '["dev","prod"]'),
  gives('{{ deepCopy .Env.db | toJSON }}', '{"host":"db.internal","port":5432}'),
];

const choices: Case[] = [
  gives('{{ default "x" .Env.missing }} {{ .Env.name | default "x" }}', 'x dev'),
  gives('{{ default 1 .Env.zero }}', '1'),
  gives('{{ empty .Env.empty }} {{ empty .Env.name }}', 'true false'),
  gives('{{ coalesce .Env.missing .Env.empty .Env.name }}', 'dev'),
  gives('{{ ternary "a" "b" .Env.on }} {{ .Env.off | ternary "a" "b" }}', 'a b'),
  gives('{{ all .Env.on .Env.name }} {{ any .Env.off .Env.zero }}', 'true false'),
  gives('{{ kindOf .Env.hosts }} {{ kindIs "map" .Env.db }} {{ typeOf "a" }}', 'slice true string'),
  gives('{{ deepEqual (list 1) (list 1) }}', 'true'),
  fails('{{ fail "set zone for this environment" }}', 'line 1: fail: set zone for this environment'),
  fails('{{ fail (printf "bad %s" .Env.name) }}', 'its message is made of values and not shown'),
];

const encodings: Case[] = [
  gives('{{ b64dec "YQ==" }} {{ b32enc "a" }} {{ b32dec "ME======" }}', 'a ME====== a'),
  gives('{{ sha256sum "a" }}', 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'),
  gives('{{ sha1sum "a" }} {{ adler32sum "a" }}', '86f7e437faa5a7fce15d1ddcb9eaeaea377667b8 6422626'),
  gives('{{ toJson .Env.db }} {{ (fromJson "{\\"a\\": 1}").a }}', '{"host":"db.internal","port":5432} 1'),
  gives('{{ toPrettyJson (dict "a" 1) }}', '{\n  "a": 1\n}'),
  gives('{{ toRawJson "<" }}', '"<"'),
  gives('{{ base "a/b.txt" }} {{ dir "a/b.txt" }} {{ ext "a/b.txt" }} {{ clean "a//b" }}', 'b.txt a .txt a/b'),
  gives('{{ semverCompare "^1.2" "1.4.2" }} {{ (semver "1.4.2").Minor }}', 'true 4'),
  gives('{{ (urlParse "https://a.example/p?q=1").host }}', 'a.example'),
  gives(
    '{{ date "2006-01-02" 86400 }} {{ dateInZone "15:04" 0 "UTC" }} {{ htmlDate 0 }}',
    '1970-01-02 00:00 1970-01-01',
  ),
  gives('{{ toDate "2006-01-02" "2026-03-01" | date "02.01.2006" }}', '01.03.2026'),
  gives('{{ duration "95" }} {{ durationRound "2h10m5s" }}', '1m35s 2h'),
  gives('{{ dateInZone "2006-01-02 15:04 MST" 1770000000 "Europe/Oslo" }}', '2026-02-02 03:40 CET'),
  gives('{{ htmlDateInZone 1770000000 "America/Los_Angeles" }}', '2026-02-01'),
  fails('{{ dateInZone "2006" 0 "Europe/Nowhere" }}', 'dateInZone does not know this time zone'),
  fails('{{ b64dec "not base64!" }}', 'b64dec was given something that is not encoded so'),
  fails('{{ b32dec "1" }}', 'b32dec was given something that is not encoded so'),
  fails('{{ b64dec "/w==" }}', 'what it puts out is no UTF-8 text'),
  fails('{{ semverCompare "^1" "one" }}', 'semverCompare does not work'),
  fails('{{ date "2006" .Env.missing }}', 'date needs a time or seconds since 1970'),
  fails('{{ date "2006" "2026" }}', 'date needs a time or seconds since 1970'),
  fails('{{ htmlDate "x" }}', 'htmlDate needs a time'),
  fails('{{ dateInZone "2006" "x" "UTC" }}', 'dateInZone needs a time'),
  fails('{{ durationRound (toDate "2006" "2026") }}', 'durationRound of a time gives another value each time'),
];

export const SPRIG = {
  "Sprig's strings": strings,
  "Sprig's numbers": numbers,
  "Sprig's lists": lists,
  "Sprig's maps": maps,
  "Sprig's choices": choices,
  "Sprig's encodings, paths, versions and dates": encodings,
};
