import { expect, test } from 'vitest';
import { miniStackEnvironment } from '../../../local/aws/ministack-environment.ts';

const made = miniStackEnvironment({
  port: 4321,
  folder: '/s',
  node: '/n/bin/node',
  path: '/usr/bin',
  extra: { SFN_WAIT_SCALE: '0.1' },
});

test('functions run with our node, whatever the machine has', () => {
  expect(made.PATH).toBe('/n/bin:/usr/bin');
});

test('it listens on the loopback and checks signatures', () => {
  expect(made).toMatchObject({ BIND_HOST: '127.0.0.1', GATEWAY_PORT: '4321', AUTH: 'true' });
});

test('what a test adds reaches it', () => {
  expect(made.SFN_WAIT_SCALE).toBe('0.1');
});

test("nothing of a developer's own AWS or Kubernetes set-up reaches functions", () => {
  expect(Object.keys(made).filter((name) => /^(AWS_|KUBE|HELM_)/.test(name))).toEqual([]);
});
