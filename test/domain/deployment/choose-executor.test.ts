import { describe, expect, test } from 'vitest';
import { chooseExecutor, type ExecutorSeen } from '../../../domain/deployment/choose-executor.ts';
import { executorOf } from '../../../domain/deployment/executor-of.ts';
import { waysOf } from '../../../domain/deployment/ways-of.ts';
import { aDeployment, aRelease } from '../../support/items.ts';

const project = 'fairlead-deployer';
const way = { project, alwaysBuilds: false, limitSeconds: 900 };
const none = { alwaysBuilds: false, limitSeconds: 900 };
const seen = (given: Partial<ExecutorSeen> = {}): ExecutorSeen => ({
  package: 'webui',
  environment: 'prod',
  deployer: 'default',
  way,
  ...given,
});

describe('helm runs', () => {
  test.each<[string, Partial<ExecutorSeen>, object]>([
    ['in the function, when nothing speaks against it', {}, { executor: 'lambda' }],
    ['in the function, when the package leaves it open', { executor: 'lambda' }, { executor: 'lambda' }],
    [
      'in a build, when the package asks for it',
      { executor: 'codebuild' },
      { executor: 'codebuild', because: 'package webui asks for it' },
    ],
    [
      'in a build, when the deployer knows nothing else',
      { way: { ...way, alwaysBuilds: true } },
      { executor: 'codebuild', because: 'deployer default runs helm in builds only' },
    ],
    ['in the function, when the last operation left time', { lastSeconds: 629 }, { executor: 'lambda' }],
    [
      'in a build, when the last operation came near the limit',
      { lastSeconds: 630 },
      {
        executor: 'codebuild',
        because: 'the last operation of webui in prod took 630 s, near the 900 s of the function',
      },
    ],
    [
      'in a build sooner, where functions have less time',
      { lastSeconds: 84, way: { ...way, limitSeconds: 120 } },
      { executor: 'codebuild' },
    ],
    [
      'in the function, when it came near the limit but there are no builds',
      { lastSeconds: 800, way: none },
      { executor: 'lambda', because: expect.stringContaining('but deployer default has no builds') },
    ],
    [
      'nowhere, when the package asks for builds that are not there',
      { executor: 'codebuild', way: none },
      {
        executor: 'none',
        because:
          "package webui asks for it, but deployer default has no builds: take 'builds: false' from deployers.default of fairlead.yaml, or executor from the package",
      },
    ],
  ])('%s', (_, given, expected) => {
    expect(chooseExecutor(seen(given))).toMatchObject(expected);
  });
});

describe('by what Begin has seen', () => {
  const ways = waysOf(['default', 'slow', 'quick', 'brief'], { slow: 'builds', quick: 'function', brief: 2 }, 'acme');
  const chosen = (deployer: string, lastSeconds = 0) =>
    executorOf({ deployment: aDeployment({ deployer }), release: aRelease({ lastSeconds }), ways });

  test.each([
    ['default', 0, { executor: 'lambda', project: 'acme-deployer' }],
    ['default', 700, { executor: 'codebuild', project: 'acme-deployer' }],
    ['slow', 0, { executor: 'codebuild', project: 'acme-deployer-slow' }],
    ['quick', 700, { executor: 'lambda' }],
    ['brief', 90, { executor: 'codebuild', project: 'acme-deployer-brief' }],
    ['unknown', 700, { executor: 'lambda' }],
  ])('deployer %s, after %d seconds', (deployer, seconds, expected) => {
    expect(chosen(deployer, seconds)).toMatchObject(expected);
  });

  test('a deployer without builds names no project', () => {
    expect(chosen('quick')).not.toHaveProperty('project');
  });
});
