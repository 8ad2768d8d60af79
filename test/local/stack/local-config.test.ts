import { describe, expect, test } from 'vitest';
import { localConfig } from '../../../local/stack/local-config.ts';

const endpoint = 'http://127.0.0.1:4000';
const source = { name: 'webui', repository: 'acme/webui', refs: ['refs/heads/main'], packages: ['webui'] };

describe('fairlead.yaml as the local stack deploys it', () => {
  test('keeps what people wrote', () => {
    expect(localConfig({ name: 'ours', sources: [source], values: { labelOrder: ['tier'] } }, endpoint)).toMatchObject({
      name: 'ours',
      sources: [source],
      values: { labelOrder: ['tier'] },
    });
  });

  test('goes into the local account, with the local registry, and can go without a trace', () => {
    const real = {
      account: '123456789012',
      region: 'eu-north-1',
      oidcProvider: 'create',
      operators: ['arn:aws:iam::123456789012:role/admin'],
      breakGlass: { who: ['arn:aws:iam::123456789012:user/ada'] },
    };
    expect(localConfig(real, endpoint)).toMatchObject({
      account: '000000000000',
      region: 'us-east-1',
      operators: ['arn:aws:iam::000000000000:root'],
      breakGlass: { who: ['arn:aws:iam::000000000000:root'] },
      charts: { registry: 'oci://127.0.0.1:4000/charts', plainHttp: true },
      oidcProvider: 'import',
      disposable: true,
    });
  });

  test('has an emergency role only when the file has one', () => {
    expect(localConfig({}, endpoint)).not.toHaveProperty('breakGlass');
  });

  test.each([['text'], [{ sorces: [] }]])('%j is refused', (written) => {
    expect(() => localConfig(written, endpoint)).toThrow();
  });

  test('an empty file is an installation without sources', () => {
    expect(localConfig(null, endpoint)).toMatchObject({ name: 'fairlead', sources: [] });
  });
});

test('nobody plays CodeBuild there: whatever a deployer is on AWS, all runs in its function', () => {
  const { deployers } = localConfig({ deployers: { default: {}, slow: { kind: 'codebuild' } } }, endpoint);
  for (const settings of Object.values(deployers)) expect(settings).toMatchObject({ kind: 'lambda', builds: false });
  expect(Object.keys(deployers)).toEqual(['default', 'slow']);
});
