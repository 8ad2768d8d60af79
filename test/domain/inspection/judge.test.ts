import { describe, expect, test } from 'vitest';
import { CheckLine } from '../../../contracts/inspection.ts';
import type { Described } from '../../../domain/aws-auth/choose-way.ts';
import type { Check } from '../../../domain/inspection/check.ts';
import { judgeChart, judgeNoVersion } from '../../../domain/inspection/judge-chart.ts';
import { deployerSilent, deployerUnknown, judgeClock, judgeHelm } from '../../../domain/inspection/judge-deployer.ts';
import { judgeMapping } from '../../../domain/inspection/judge-mapping.ts';
import { judgeMode } from '../../../domain/inspection/judge-mode.ts';
import { judgeActAs, judgeKind, judgeNamespace, judgeUnknownKind } from '../../../domain/inspection/judge-rights.ts';
import { judgeWay } from '../../../domain/inspection/judge-way.ts';
import type { WaySeen } from '../../../domain/inspection/sights.ts';
import type { KubeAnswer, KubeFailure, KubeObject } from '../../../domain/kube.ts';

const NOW = new Date('2026-11-21T10:00:00Z');
const cluster = { name: 'main', account: '123456789012', region: 'eu-north-1' };
const failure = (code: KubeFailure['code'], because = 'it said so'): KubeFailure => ({ ok: false, code, because });

/** Every line that is not well says what to do, and every line is one that the contract takes. */
function line(check: Check | undefined): Check | undefined {
  if (check === undefined) return undefined;
  expect(CheckLine.parse(check)).toEqual(check);
  expect(check.fix === undefined).toBe(check.state === 'ok');
  expect(check.says).not.toMatch(/undefined|\[object/);
  return check;
}

describe('the way to an API server', () => {
  const asked = { environment: 'dev', server: 'https://api.example:6443', isPrivate: false };
  const told = (seen: WaySeen, more = {}) => judgeWay({ ...asked, ...more }, seen, NOW).map((check) => line(check));

  test('that is open is two good lines, and says until when the certificate holds', () => {
    expect(told({ is: 'open', certificateEnds: new Date('2027-06-01T00:00:00Z') })).toMatchObject([
      { check: 'network', state: 'ok' },
      { check: 'tls', state: 'ok', says: expect.stringContaining('2027-06-01') },
    ]);
  });

  test('whose certificate is nearly over is a warning', () => {
    expect(told({ is: 'open', certificateEnds: new Date('2026-11-25T10:00:00Z') })[1]).toMatchObject({
      state: 'warn',
      says: expect.stringContaining('over in 4 days'),
    });
  });

  test.each([
    ['no-name', /its name has no address \(ENOTFOUND\)/, /endpoint as it is now, or look at the DNS/],
    ['refused', /refuses the connection/, /nothing listens there: register environment dev/],
    ['silent', /no connection/, /public access CIDRs, security groups, routes/],
    ['broken', /the connection broke/, /public access CIDRs, security groups, routes/],
  ] as const)('that ends at the network (%s) says nothing of the certificate', (is, says, fix) => {
    const lines = told({ is, because: 'ENOTFOUND' });
    expect(lines).toEqual([
      { check: 'network', state: 'fail', says: expect.stringMatching(says), fix: expect.stringMatching(fix) },
    ]);
  });

  test.each(['no-name', 'silent', 'broken'] as const)(
    'to a private endpoint (%s) asks for a deployer in its VPC',
    (is) => {
      expect(told({ is, because: 'x' }, { isPrivate: true })[0]?.fix).toMatch(/deployer in the cluster's VPC/);
    },
  );

  test.each([
    ['untrusted', /not signed by the CA that is registered/, /certificateAuthority/],
    ['other-name', /for another name/, /endpoint that the certificate names/],
    ['expired', /is over/, /renew/],
    ['not-yet-valid', /not valid yet/, /renew/],
    ['no-tls', /does not speak TLS/, /something else listens there/],
  ] as const)('that ends at TLS (%s) says that the network is good', (is, says, fix) => {
    expect(told({ is, because: 'CODE' })).toEqual([
      { check: 'network', state: 'ok', says: expect.any(String) },
      { check: 'tls', state: 'fail', says: expect.stringMatching(says), fix: expect.stringMatching(fix) },
    ]);
  });
});

describe('the mapping', () => {
  const told = (answer: Parameters<typeof judgeMapping>[1]) =>
    line(judgeMapping({ environment: 'dev', cluster: 'main' }, answer));
  const user = (...groups: string[]) => told({ ok: true, value: { username: 'fairlead:r', groups } });

  test('is good for one of fairlead:deployers', () => {
    expect(user('fairlead:deployers', 'system:authenticated')).toEqual({
      check: 'mapping',
      state: 'ok',
      says: 'the cluster knows the deployer as fairlead:r, of group fairlead:deployers',
    });
  });

  test('of another group fails, and says which', () => {
    expect(user('viewers', 'system:authenticated')).toMatchObject({
      state: 'fail',
      says: expect.stringContaining('of viewers, system:authenticated, but not of fairlead:deployers'),
      fix: 'fairlead cluster connect dev',
    });
  });

  test('to system:masters is a warning: it is wider than anybody needs', () => {
    expect(user('system:masters', 'fairlead:deployers')).toMatchObject({ state: 'warn' });
  });

  test.each([
    ['unauthorised', 'fail', /^fairlead cluster connect dev$/],
    ['unreachable', 'fail', /try again/],
    ['forbidden', 'fail', /endpoint of environment dev/],
    ['refused', 'fail', /endpoint of environment dev/],
    ['not-found', 'warn', /1\.28/],
  ] as const)('that cannot be asked because of %s is a %s', (code, state, fix) => {
    expect(told(failure(code))).toMatchObject({ state, fix: expect.stringMatching(fix) });
  });

  test('of a role that is not known names the cluster, for tokens hold for one name only', () => {
    expect(told(failure('unauthorised'))?.says).toContain('another name than main');
  });
});

describe('the authentication mode', () => {
  const own = { ...cluster, endpoint: 'https://api.example', ca: 'x' };
  const told = (seen: Described, place: Parameters<typeof judgeMode>[1] = cluster) =>
    line(judgeMode('dev', place, seen));

  test.each([
    ['API', /access entries$/],
    ['CONFIG_MAP', /aws-auth$/],
    ['API_AND_CONFIG_MAP', /access entries, or the ConfigMap aws-auth$/],
  ])('%s is good', (mode, says) => {
    expect(told({ seen: 'mode', mode })).toMatchObject({ state: 'ok', says: expect.stringMatching(says) });
  });

  test('that nobody knows fails', () => {
    expect(told({ seen: 'mode', mode: 'NEITHER' })).toMatchObject({
      state: 'fail',
      fix: expect.stringContaining('API_AND'),
    });
  });

  test.each([
    ['not-found', cluster, 'fail'],
    ['not-found', own, 'ok'],
    ['nothing', cluster, 'fail'],
    ['nothing', own, 'warn'],
  ] as const)('when EKS says %s of it counts for more where the entry has no endpoint', (seen, place, state) => {
    expect(told({ seen, because: 'eks said so' }, place)).toMatchObject({ check: 'authentication-mode', state });
  });

  test('that may not be asked names the right that is missing', () => {
    expect(told({ seen: 'nothing', because: 'AccessDenied' })?.fix).toContain(
      'eks:DescribeCluster on arn:aws:eks:eu-north-1:123456789012:cluster/main',
    );
  });
});

describe('the rights of a package', () => {
  const deployer = { environment: 'dev', package: 'webui', namespace: 'web', landsIn: 'web-dev' };
  const team = { ...deployer, actAs: 'system:serviceaccount:web-dev:web-team' };
  const platform = { ...deployer, actAs: 'system:serviceaccount:fairlead-system:fairlead-platform' };
  const object = (metadata = {}): KubeAnswer<KubeObject> => ({
    ok: true,
    value: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'web-dev', ...metadata } },
  });

  test.each([
    [object(), 'ok', undefined],
    [failure('not-found'), 'fail', 'fairlead cluster grant --environment dev --namespace web'],
    [failure('forbidden'), 'fail', 'fairlead cluster grant --environment dev --namespace web'],
    [failure('unreachable'), 'fail', 'try again'],
    [object({ deletionTimestamp: '2026-11-21T10:00:00Z' }), 'fail', expect.stringMatching(/^wait until it is gone/)],
  ] as const)('begin with its namespace', (answer, state, fix) => {
    expect(line(judgeNamespace(deployer, answer))).toEqual({
      check: 'namespace',
      state,
      says: expect.any(String),
      ...(fix !== undefined && { fix }),
    });
  });

  test('of the platform need a namespace that is made by hand: the platform account is granted none of packages', () => {
    expect(judgeNamespace(platform, failure('not-found')).fix).toBe('kubectl create namespace web-dev');
  });

  test('need nobody to act as where the deployer itself does it', () => {
    expect(judgeActAs(deployer, { may: { ok: true, value: false }, account: failure('not-found') })).toBeUndefined();
  });

  test.each([
    [team, true, object(), 'ok', undefined],
    [team, true, failure('not-found'), 'warn', '--namespace web --team web-team'],
    [team, false, object(), 'fail', '--namespace web --team web-team'],
    [platform, false, object(), 'fail', 'fairlead cluster grant --environment dev --platform'],
  ] as const)('need the right to act as the account that is named', (asked, may, account, state, fix) => {
    const told = line(judgeActAs(asked, { may: { ok: true, value: may }, account }));
    expect(told).toMatchObject({ check: 'act-as', state });
    if (fix !== undefined) expect(told?.fix).toContain(fix);
  });

  test('of an account that cannot be asked for fail, for nobody knows', () => {
    const seen = { may: failure('unreachable'), account: object() };
    expect(line(judgeActAs(team, seen))).toMatchObject({ state: 'fail', says: 'it said so' });
  });

  test('are told kind by kind, as whom and where', () => {
    expect(line(judgeKind(deployer, { kind: 'Deployment', namespace: 'web-dev' }, []))).toEqual({
      check: 'rbac:Deployment',
      state: 'ok',
      says: 'the deployer may get, create, patch and delete Deployment in web-dev',
    });
  });

  test.each([
    [
      'by a grant of the namespace',
      deployer,
      { kind: 'Ingress', namespace: 'web-dev' },
      /^fairlead cluster grant .* --namespace web$/,
    ],
    [
      'by a Role for the team',
      team,
      { kind: 'Ingress', namespace: 'web-dev' },
      /bind a Role .* service account web-dev\/web-team/,
    ],
    ['in another namespace by staying at home', deployer, { kind: 'Role', namespace: 'other' }, /make it in web-dev/],
    ['in the whole cluster by the platform', deployer, { kind: 'ClusterRole' }, /register webui as a platform package/],
  ])('that are missing are given %s', (_, asked, kind, fix) => {
    const told = line(judgeKind(asked, kind, ['create', 'delete']));
    expect(told).toMatchObject({ state: 'fail', fix: expect.stringMatching(fix) });
    expect(told?.says).toMatch(/may not create, delete/);
  });

  test('to a kind that the cluster does not have fail, unless the chart brings kinds along', () => {
    const kind = { apiVersion: 'acme.io/v1', kind: 'Widget' };
    expect(line(judgeUnknownKind(kind, false))).toMatchObject({ check: 'rbac:Widget', state: 'fail' });
    expect(line(judgeUnknownKind(kind, true))).toMatchObject({ check: 'rbac:Widget', state: 'warn' });
  });
});

describe('the chart', () => {
  const asked = { chart: 'oci://r/charts/webui', version: '1.2.3', isNewest: false };
  test('that renders is good, with its digest', () => {
    const told = line(judgeChart({ ...asked, isNewest: true }, { is: 'rendered', digest: 'sha256:abc' }));
    expect(told).toMatchObject({
      state: 'ok',
      says: 'oci://r/charts/webui:1.2.3 (the newest) can be pulled: sha256:abc',
    });
  });

  test('that needs values to render is a warning', () => {
    const told = line(judgeChart(asked, { is: 'not-rendered', digest: 'sha256:abc', because: 'needs .Values.host' }));
    expect(told).toMatchObject({ state: 'warn', says: expect.stringContaining('needs .Values.host') });
  });

  test.each([
    ['missing', /push the chart/],
    ['changed', /push the chart anew/],
    ['unreachable', /network reach the chart registry/],
  ] as const)('that is %s fails', (is, fix) => {
    expect(line(judgeChart(asked, { is, because: 'so it is' }))).toMatchObject({
      state: 'fail',
      says: 'so it is',
      fix: expect.stringMatching(fix),
    });
  });

  test('without any version fails', () => {
    expect(line(judgeNoVersion('oci://r/charts/webui', 'r has no charts/webui'))).toMatchObject({ state: 'fail' });
  });
});

describe('the deployer', () => {
  const asked = NOW;
  const answered = new Date(NOW.getTime() + 2000);
  test.each([
    [1, 'ok', /agrees/],
    [32, 'ok', /agrees/],
    [-30, 'ok', /agrees/],
    [40, 'warn', /38 seconds ahead/],
    [-40, 'warn', /40 seconds behind/],
    [-400, 'fail', /400 seconds behind/],
    [302, 'fail', /300 seconds ahead/],
  ])('whose clock is %i seconds after the call began is %s', (seconds, state, says) => {
    const at = new Date(NOW.getTime() + seconds * 1000);
    expect(line(judgeClock(at, { asked, answered }))).toMatchObject({ state, says: expect.stringMatching(says) });
  });

  test('whose helm does not start fails', () => {
    expect(line(judgeHelm({ ok: true, version: 'v4.1.4' }))).toMatchObject({ state: 'ok' });
    expect(line(judgeHelm({ ok: false, because: 'ENOENT' }))).toMatchObject({ state: 'fail' });
  });

  test('that is silent, or not one of ours, fails', () => {
    expect(line(deployerSilent('default', 'no answer within 25 s'))).toMatchObject({
      check: 'deployer',
      state: 'fail',
    });
    expect(line(deployerUnknown('far', ['default', 'near']))?.fix).toMatch(/one of default, near/);
  });
});
