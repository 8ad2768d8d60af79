import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { httpsArchives } from '../../../adapters/net/https-archives.ts';
import { chartArchive } from '../../support/chart-archive.ts';

type Reply = {
  readonly status?: number;
  readonly body?: string | Uint8Array;
  readonly to?: string;
  readonly hangs?: true;
};
const replies = new Map<string, Reply>();
const asked: { readonly path: string; readonly headers: object }[] = [];
let server: Server;
let base = '';

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push({ path, headers: request.headers });
    const { status = 200, body = '', to, hangs } = replies.get(path) ?? { status: 404 };
    if (hangs) return;
    response.writeHead(to === undefined ? status : 302, to === undefined ? {} : { location: to });
    response.end(body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  replies.clear();
  asked.length = 0;
});

const ARCHIVE = chartArchive({ 'values.yaml': 'a: 1' });
const HEX = createHash('sha256').update(ARCHIVE).digest('hex');
const archives = () => httpsArchives({ plainHttp: true, timeoutMs: 2000 });
const index = (...versions: [version: string, url: string, digest?: string][]) =>
  `apiVersion: v1\nentries:\n  other:\n  - version: 9.9.9\n    urls: [other.tgz]\n  web:\n${versions
    .map(
      ([version, url, digest]) =>
        `  - name: web\n    version: ${version}\n    urls:\n    - ${url}\n${digest ? `    digest: ${digest}\n` : ''}`,
    )
    .join('')}generated: "2026-11-21T10:00:00Z"\n`;

describe('a helm repository', () => {
  const place = () => `${base}/charts/web`;

  test.each([
    ['beside its index', 'web-1.0.0.tgz', '/charts/web-1.0.0.tgz'],
    ['below it', 'archives/web-1.0.0.tgz', '/charts/archives/web-1.0.0.tgz'],
    ['at its root', '/all/web-1.0.0.tgz', '/all/web-1.0.0.tgz'],
  ])('has archives %s', async (_, url, path) => {
    replies.set('/charts/index.yaml', { body: index(['0.9.0', 'old.tgz'], ['1.0.0', url, HEX]) });
    replies.set(path, { body: ARCHIVE });
    expect(await archives().fetch(place(), '1.0.0')).toEqual({ found: true, archive: Buffer.from(ARCHIVE) });
  });

  test('is sent nothing of ours', async () => {
    replies.set('/charts/index.yaml', { body: index(['1.0.0', 'web-1.0.0.tgz']) });
    await archives().newest(place());
    const names = Object.keys(asked[0]?.headers ?? {}).filter(
      (name) => !['accept', 'user-agent', 'host', 'connection'].includes(name),
    );
    expect(names).toEqual([]);
  });

  test('says which version is the newest', async () => {
    replies.set('/charts/index.yaml', { body: index(['1.9.0', 'a'], ['1.10.0', 'b'], ['2.0.0-rc.1', 'c']) });
    expect(await archives().newest(place())).toEqual({ found: true, version: '1.10.0' });
  });

  test('may write its index as JSON', async () => {
    const entries = { web: [{ version: '1.0.0', urls: ['web-1.0.0.tgz'] }] };
    replies.set('/charts/index.yaml', { body: JSON.stringify({ apiVersion: 'v1', entries }) });
    expect(await archives().newest(place())).toEqual({ found: true, version: '1.0.0' });
  });

  test.each<[string, string, RegExp]>([
    ['another version', index(['2.0.0', 'a.tgz']), /index\.yaml has no version 1\.0\.0 of web/],
    ['another chart', 'entries:\n  other:\n  - version: 1.0.0\n    urls: [a]\n', /index\.yaml has no chart web/],
    ['a prototype for a chart', 'entries: {}', /index\.yaml has no chart web/],
    ['no YAML', 'entries:\n  web:\n  - [', /index\.yaml is not YAML/],
    ['no index', 'hello: world', /is no index of a helm repository/],
    ['another digest', index(['1.0.0', 'web-1.0.0.tgz', '0'.repeat(64)]), /its digest is another/],
  ])('that lists %s does not have the chart', async (_, body, because) => {
    replies.set('/charts/index.yaml', { body });
    replies.set('/charts/web-1.0.0.tgz', { body: ARCHIVE });
    const answer = await archives().fetch(place(), '1.0.0');
    expect(answer).toEqual({ found: false, code: 'chart-not-found', because: expect.stringMatching(because) });
  });

  test('with twenty megabytes of other charts answers at once', async () => {
    const other = Array.from(
      { length: 1500 },
      (_, n) => `  - version: 1.0.${n}\n    urls: [a.tgz]\n    description: ${'x'.repeat(100)}\n`,
    );
    const others = Array.from({ length: 75 }, (_, n) => `  chart-${n}:\n${other.join('')}`);
    const body = `entries:\n${others.join('')}  web:\n  - version: 1.0.0\n    urls: [web.tgz]\n`;
    expect(body.length).toBeGreaterThan(15_000_000);
    replies.set('/charts/index.yaml', { body });
    const began = performance.now();
    expect(await archives().newest(place())).toEqual({ found: true, version: '1.0.0' });
    expect(performance.now() - began).toBeLessThan(3000);
  });
});

describe('a place with one archive a version', () => {
  const place = () => `${base}/web/v{version}/web-{version}.tgz`;

  test('is asked for that version', async () => {
    replies.set('/web/v1.0.0%2Bbuild/web-1.0.0%2Bbuild.tgz', { body: ARCHIVE });
    expect(await archives().fetch(place(), '1.0.0+build')).toMatchObject({ found: true });
  });

  test('does not list its versions', async () => {
    const because = expect.stringContaining('does not list its versions: name one');
    expect(await archives().newest(place())).toEqual({ found: false, code: 'chart-not-found', because });
  });

  test('may send us somewhere else, and its signature there is not repeated', async () => {
    replies.set('/web/v1.0.0/web-1.0.0.tgz', { to: '/store/web?signature=hunter2' });
    replies.set('/store/web?signature=hunter2', { body: ARCHIVE });
    expect(await archives().fetch(place(), '1.0.0')).toMatchObject({ found: true });
    replies.set('/store/web?signature=hunter2', { status: 403 });
    const refused = await archives().fetch(place(), '1.0.0');
    expect(refused).toMatchObject({ found: false, because: `${base}/store/web answered 403` });
  });

  test.each<[string, Reply, string, RegExp]>([
    ['is not there', { status: 404 }, 'chart-not-found', /answered 404/],
    ['is shut', { status: 401 }, 'chart-not-found', /answered 401/],
    ['is out of order', { status: 502 }, 'unreachable', /answered 502/],
    ['wants patience', { status: 429 }, 'unreachable', /answered 429/],
    ['hangs', { hangs: true }, 'unreachable', /does not answer: its time is over/],
    ['goes round in circles', { to: '/web/v1.0.0/web-1.0.0.tgz' }, 'chart-not-found', /sends us on and on/],
    [
      'is too large',
      { body: new Uint8Array(20 * 1024 * 1024 + 1) },
      'chart-not-found',
      /is larger than 20971520 bytes/,
    ],
    ['sends us to a file', { to: 'file:///etc/passwd' }, 'chart-not-found', /TLS only/],
  ])('that %s is told so', async (_, reply, code, because) => {
    replies.set('/web/v1.0.0/web-1.0.0.tgz', reply);
    const { fetch } = httpsArchives({ plainHttp: true, timeoutMs: 1000 });
    expect(await fetch(place(), '1.0.0')).toEqual({ found: false, code, because: expect.stringMatching(because) });
  });
});

describe('out in the world', () => {
  const { fetch } = httpsArchives({ plainHttp: false, timeoutMs: 2000 });
  test.each([
    ['plain HTTP', 'http://charts.example.com/web-{version}.tgz', /TLS only/],
    ['this machine', 'https://127.0.0.1/web-{version}.tgz', /no public address/],
    ['this machine by its name', 'https://localhost/web-{version}.tgz', /leads to no public address/],
    ['where functions get their credentials', 'https://169.254.169.254/web-{version}.tgz', /no public address/],
    ['a private network', 'https://10.1.2.3/web-{version}.tgz', /no public address/],
    ['an IPv6 address of our own', 'https://[::1]/web-{version}.tgz', /no public address/],
    ['an address in other clothes', 'https://[::ffff:10.0.0.1]/web-{version}.tgz', /no public address/],
    ['a number for an address', 'https://2130706433/web-{version}.tgz', /no public address/],
    ['a password', 'https://ada:hunter2@charts.example.com/web-{version}.tgz', /do not belong into a URL/],
  ])('%s is not asked', async (_, place, because) => {
    const answer = await fetch(place, '1.0.0');
    expect(answer).toEqual({ found: false, code: 'chart-not-found', because: expect.stringMatching(because) });
    expect(JSON.stringify(answer)).not.toContain('hunter2');
  });
});
