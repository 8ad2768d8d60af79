import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, test } from 'vitest';
import { ociCharts, tagOf } from '../../../adapters/aws/oci-charts.ts';

const CHART_TYPE = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';
const archive = Buffer.from('pretend this is a .tgz');
const digestOf = (bytes: string | Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const manifest = JSON.stringify({
  schemaVersion: 2,
  config: { mediaType: 'application/vnd.cncf.helm.config.v1+json', digest: digestOf('{}'), size: 2 },
  layers: [{ mediaType: CHART_TYPE, digest: digestOf(archive), size: archive.length }],
});

type Files = Record<string, string | Uint8Array>;
const good: Files = {
  '/v2/charts/webui/manifests/1.0.0': manifest,
  [`/v2/charts/webui/manifests/${digestOf(manifest)}`]: manifest,
  [`/v2/charts/webui/blobs/${digestOf(archive)}`]: archive,
};

let server: Server | undefined;
afterEach(() => void server?.close());

type Guard = (request: IncomingMessage, response: ServerResponse, host: string) => boolean;

async function registry(files: Files, guard: Guard = () => false) {
  const made = createServer((request, response) => {
    if (guard(request, response, request.headers.host ?? '')) return;
    const body = files[request.url ?? ''];
    response.statusCode = body === undefined ? 404 : 200;
    response.end(body ?? '{"errors":[]}');
  });
  server = made;
  await new Promise<void>((listening) => void made.listen(0, '127.0.0.1', listening));
  const address = made.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `oci://127.0.0.1:${address.port}/charts/webui`;
}

const charts = (timeoutMs = 2000) => ociCharts({ plainHttp: true, ecr: () => new ECRClient({}), timeoutMs });

describe('resolving', () => {
  test('a version is named by the digest of its manifest', async () => {
    expect(await charts().resolve(await registry(good), '1.0.0')).toEqual({ found: true, digest: digestOf(manifest) });
  });
  test('a version that is not there is not found, and the answer says what to do', async () => {
    const answer = await charts().resolve(await registry(good), '9.9.9');
    expect(answer).toMatchObject({ found: false, code: 'chart-not-found' });
    expect(answer.found ? '' : answer.because).toContain('push the chart');
  });
  test('an image is not a chart', async () => {
    const image = JSON.stringify({
      layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: digestOf('x') }],
    });
    const answer = await charts().resolve(await registry({ '/v2/charts/webui/manifests/1.0.0': image }), '1.0.0');
    expect(answer).toMatchObject({ found: false, code: 'chart-not-found' });
  });
  test('a registry that is down is unreachable', async () => {
    const place = await registry(good);
    server?.close();
    expect(await charts().resolve(place, '1.0.0')).toMatchObject({ found: false, code: 'unreachable' });
  });
  test('a registry that never answers is unreachable', async () => {
    const place = await registry({}, () => true);
    expect(await charts(50).resolve(place, '1.0.0')).toMatchObject({ found: false, code: 'unreachable' });
    server?.closeAllConnections();
  });
  test.each([
    ['1.0.0', '1.0.0'],
    ['1.0.0+build.7', '1.0.0_build.7'],
  ])('version %s is tag %s', (version, tag) => expect(tagOf(version)).toBe(tag));
});

describe('pulling', () => {
  test('by digest, whatever the tag says by now', async () => {
    const moved = { ...good, '/v2/charts/webui/manifests/1.0.0': '{}' };
    expect(await charts().pull(await registry(moved), digestOf(manifest))).toEqual({ pulled: true, archive });
  });
  test('another manifest than the one that was planned is refused', async () => {
    const place = await registry({ ...good, [`/v2/charts/webui/manifests/${digestOf(manifest)}`]: `${manifest} ` });
    expect(await charts().pull(place, digestOf(manifest))).toMatchObject({ pulled: false, code: 'chart-changed' });
  });
  test('another archive than the one of the manifest is refused', async () => {
    const place = await registry({ ...good, [`/v2/charts/webui/blobs/${digestOf(archive)}`]: 'something else' });
    expect(await charts().pull(place, digestOf(manifest))).toMatchObject({ pulled: false, code: 'chart-changed' });
  });
  test('an archive beyond the bound is refused', async () => {
    const place = await registry({
      ...good,
      [`/v2/charts/webui/blobs/${digestOf(archive)}`]: new Uint8Array(21 << 20),
    });
    expect(await charts().pull(place, digestOf(manifest))).toMatchObject({ pulled: false, code: 'chart-not-found' });
  });
  test('what was pulled once is not pulled again', async () => {
    const place = await registry(good);
    const port = charts();
    await port.pull(place, digestOf(manifest));
    server?.closeAllConnections();
    server?.close();
    expect(await port.pull(place, digestOf(manifest))).toMatchObject({ pulled: true });
  });
});

describe('logging in', () => {
  test('a registry that wants a token gets the one its challenge points at', async () => {
    const place = await registry(good, (request, response, host) => {
      if (request.url?.startsWith('/token?service=reg&scope=pull')) response.end('{"token":"t0"}');
      else if (request.headers.authorization !== 'Bearer t0') {
        const realm = `Bearer realm="http://${host}/token",service="reg",scope="pull"`;
        response.writeHead(401, { 'www-authenticate': realm }).end();
      } else return false;
      return true;
    });
    expect(await charts().resolve(place, '1.0.0')).toMatchObject({ found: true });
  });
  test('a registry that wants a password is not found, saying why', async () => {
    const place = await registry(good, (_, response) => {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
      return true;
    });
    const answer = await charts().resolve(place, '1.0.0');
    expect(answer).toMatchObject({ found: false, code: 'chart-not-found', because: expect.stringContaining('login') });
  });
  test('ECR is given the token of its region, once for many calls', async () => {
    const ecr = mockClient(ECRClient);
    ecr.on(GetAuthorizationTokenCommand).resolves({ authorizationData: [{ authorizationToken: 'QVdTOnNlY3JldA==' }] });
    const seen: (string | null)[] = [];
    const answering: typeof fetch = async (_, init) => {
      seen.push(new Headers(init?.headers).get('authorization'));
      return new Response(manifest);
    };
    const regions: string[] = [];
    const port = ociCharts({
      plainHttp: false,
      fetch: answering,
      ecr: (region) => {
        regions.push(region);
        return new ECRClient({});
      },
    });
    const chart = 'oci://123456789012.dkr.ecr.eu-north-1.amazonaws.com/charts/webui';
    await port.resolve(chart, '1.0.0');
    await port.resolve(chart, '1.0.0');
    expect(seen).toEqual(['Basic QVdTOnNlY3JldA==', 'Basic QVdTOnNlY3JldA==']);
    expect(regions).toEqual(['eu-north-1']);
  });
});

describe('a registry that sends us elsewhere', () => {
  const asked: { url: string; redirect: unknown; authorization: string | null }[] = [];
  /** A registry behind TLS: answers by URL, and follows what it is asked to follow, as the real fetch does. */
  const pretend =
    (answers: Record<string, () => Response>): typeof fetch =>
    async (url, init) => {
      asked.push({
        url: String(url),
        redirect: init?.redirect,
        authorization: new Headers(init?.headers).get('authorization'),
      });
      const answer = answers[String(url)]?.() ?? new Response('', { status: 404 });
      const location = answer.headers.get('location');
      return location === null || init?.redirect === 'manual' ? answer : await pretend(answers)(location, init);
    };
  const to = (location: string, status = 307) => new Response('', { status, headers: { location } });
  const resolved = (answers: Record<string, () => Response>) => {
    asked.length = 0;
    return ociCharts({ plainHttp: false, ecr: () => new ECRClient({}), fetch: pretend(answers) }).resolve(
      'oci://r.example/charts/webui',
      '1.0.0',
    );
  };
  const FIRST = 'https://r.example/v2/charts/webui/manifests/1.0.0';

  test('is followed to another place behind TLS', async () => {
    const answers = { [FIRST]: () => to('https://s3.example/x'), 'https://s3.example/x': () => new Response(manifest) };
    expect(await resolved(answers)).toEqual({ found: true, digest: digestOf(manifest) });
  });

  test.each([
    'http://127.0.0.1:9001/2018-06-01/runtime/invocation/next',
    'http://169.254.170.2/v2/credentials',
    'file:///proc/self/environ',
    'data:application/json,{}',
    'http://[',
  ])('is not followed to %s', async (location) => {
    const answer = await resolved({ [FIRST]: () => to(location), [location]: () => new Response(manifest) });
    expect(answer).toMatchObject({ found: false, code: 'chart-not-found' });
    expect(asked.map(({ url }) => url)).toEqual([FIRST]);
  });

  test('does not take our login there', async () => {
    const challenge = { 'www-authenticate': 'Bearer realm="https://r.example/token"' };
    let calls = 0;
    const answers = {
      [FIRST]: () =>
        calls++ === 0 ? new Response('', { status: 401, headers: challenge }) : to('https://s3.example/x'),
      'https://r.example/token': () => new Response('{"token":"ours"}'),
      'https://s3.example/x': () => new Response(manifest),
    };
    expect(await resolved(answers)).toMatchObject({ found: true });
    expect(asked.map(({ authorization }) => authorization)).toEqual([null, null, 'Bearer ours', null]);
  });

  test('is not followed by its login either', async () => {
    const challenge = { 'www-authenticate': 'Bearer realm="https://r.example/token"' };
    const answers = {
      [FIRST]: () => new Response('', { status: 401, headers: challenge }),
      'https://r.example/token': () => to('http://127.0.0.1:9001/'),
    };
    expect(await resolved(answers)).toMatchObject({ found: false });
    expect(asked.map(({ url }) => url)).toEqual([FIRST, 'https://r.example/token']);
  });

  test('on and on is not followed for ever', async () => {
    expect(await resolved({ [FIRST]: () => to(FIRST) })).toMatchObject({ found: false, code: 'chart-not-found' });
    expect(asked).toHaveLength(6);
  });
});

describe('the newest version', () => {
  const tags = (...tags: string[]) => ({
    '/v2/charts/webui/tags/list?n=1000': JSON.stringify({ name: 'webui', tags }),
  });
  const newest = async (files: Files) =>
    ociCharts({ plainHttp: true, ecr: () => new ECRClient({}) }).newest(await registry(files));

  test('is that of the tags, read as versions', async () => {
    expect(await newest(tags('1.9.0', '1.10.0_build.7', 'latest', 'sha256-abc.sig'))).toEqual({
      found: true,
      version: '1.10.0+build.7',
    });
  });

  test.each([
    ['a repository that is not there', {}],
    ['one without versions', tags('latest')],
    ['one without tags', { '/v2/charts/webui/tags/list?n=1000': '{"tags":null}' }],
    ['one that does not say JSON', { '/v2/charts/webui/tags/list?n=1000': '<html>' }],
  ])('of %s is not found', async (_, files) => {
    expect(await newest(files)).toMatchObject({ found: false, code: 'chart-not-found' });
  });

  test('of a registry that does not answer is unknown', async () => {
    const charts = ociCharts({ plainHttp: true, ecr: () => new ECRClient({}), timeoutMs: 500 });
    expect(await charts.newest('oci://127.0.0.1:1/charts/webui')).toMatchObject({ found: false, code: 'unreachable' });
  });
});
