import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type StsFront, startStsFront, stsHosts } from '../../../local/cluster/sts-front.ts';
import { callerIdentityJson, stsErrorJson } from '../../../local/cluster/sts-json.ts';
import { newAuthority } from '../../../local/tls/authority.ts';

const XML = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
  <Arn>arn:aws:sts::000000000000:assumed-role/deployer/a&amp;b</Arn><UserId>AROA:a</UserId><Account>000000000000</Account>
  </GetCallerIdentityResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></GetCallerIdentityResponse>`;
const DENIED =
  '<ErrorResponse><Error><Type>Sender</Type><Code>SignatureDoesNotMatch</Code><Message>no</Message></Error></ErrorResponse>';

test('the identity is taken out of the XML as STS writes it in JSON', () => {
  expect(callerIdentityJson(XML)).toEqual({
    GetCallerIdentityResponse: {
      GetCallerIdentityResult: {
        Account: '000000000000',
        Arn: 'arn:aws:sts::000000000000:assumed-role/deployer/a&b',
        UserId: 'AROA:a',
      },
      ResponseMetadata: { RequestId: 'r-1' },
    },
  });
});

test('what is not an identity is none, and an error keeps its code', () => {
  expect(callerIdentityJson(DENIED)).toBeUndefined();
  expect(callerIdentityJson('')).toBeUndefined();
  expect(stsErrorJson(DENIED)).toEqual({ Error: { Code: 'SignatureDoesNotMatch', Message: 'no', Type: 'Sender' } });
});

const authority = newAuthority('a cluster', new Date());
const hosts = stsHosts('eu-west-1');
let heard: { url: string | undefined; headers: IncomingMessage['headers'] }[];
let reply: { status: number; body: string };
let front: StsFront;
let sts: ReturnType<typeof createServer>;

beforeEach(async () => {
  heard = [];
  reply = { status: 200, body: XML };
  sts = createServer((asked, answer) => {
    heard.push({ url: asked.url, headers: asked.headers });
    answer.writeHead(reply.status).end(reply.body);
  }).listen(0, '127.0.0.1');
  await once(sts, 'listening');
  const endpoint = `http://127.0.0.1:${(sts.address() as AddressInfo).port}`;
  front = await startStsFront({ endpoint, certificate: authority.issue({ name: 'sts', hosts }), hosts });
});
afterEach(async () => {
  await front.close();
  sts.closeAllConnections();
  sts.close();
});

/** A tunnel through the front, as Go's HTTPS_PROXY makes it. */
async function tunnel(host: string): Promise<{ status: number | undefined; socket: Socket }> {
  const asked = request(front.proxy, { method: 'CONNECT', path: `${host}:443` });
  asked.end();
  const [answer, socket] = (await once(asked, 'connect')) as [IncomingMessage, Socket];
  return { status: answer.statusCode, socket };
}

async function get(host: string, path: string) {
  const { socket } = await tunnel(host);
  const secure = connect({ socket, servername: host, ca: authority.ca });
  const asked = request({ host, path, headers: { host, 'x-k8s-aws-id': 'dev' }, createConnection: () => secure });
  asked.end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return { status: answer.statusCode, body: JSON.parse(Buffer.concat(await answer.toArray()).toString()) };
}

test('a request to STS arrives at the STS behind with its host and signed headers untouched, and comes back as JSON', async () => {
  const answer = await get('sts.eu-west-1.amazonaws.com', '/?Action=GetCallerIdentity');
  expect(answer).toMatchObject({
    status: 200,
    body: { GetCallerIdentityResponse: { GetCallerIdentityResult: { UserId: 'AROA:a' } } },
  });
  expect(heard).toMatchObject([
    { url: '/?Action=GetCallerIdentity', headers: { host: 'sts.eu-west-1.amazonaws.com', 'x-k8s-aws-id': 'dev' } },
  ]);
});

test('a refusal of STS stays a refusal, and an answer that cannot be read is no identity', async () => {
  reply = { status: 403, body: DENIED };
  expect(await get('sts.amazonaws.com', '/')).toMatchObject({
    status: 403,
    body: { Error: { Code: 'SignatureDoesNotMatch' } },
  });
  reply = { status: 200, body: '<html>' };
  expect(await get('sts.amazonaws.com', '/')).toMatchObject({ status: 502 });
});

test('no tunnel leads anywhere else', async () => {
  const { status, socket } = await tunnel('example.com');
  expect(status).toBe(403);
  socket.destroy();
  expect(heard).toEqual([]);
});
