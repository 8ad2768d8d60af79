import { defineConfig } from 'vitest/config';

/** One project per layer, so that `npm run test:unit` starts nothing and `test:e2e` starts everything once. */
const layer = (name: string, include: string[], extra: object = {}) => ({
  test: { name, include, environment: 'node', sequence: { shuffle: true }, ...extra },
});

export default defineConfig({
  test: {
    projects: [
      layer(
        'unit',
        ['test/{domain,contracts,adapters,lambdas,statemachines,cli,action,local,docs,faults}/**/*.test.ts'],
        {
          exclude: ['test/**/*.stack.test.ts'],
        },
      ),
      layer('infra', ['test/lib/**/*.test.ts', 'test/bin/**/*.test.ts'], { testTimeout: 120_000 }),
      layer('e2e', ['test/e2e/**/*.test.ts', 'test/**/*.stack.test.ts'], {
        globalSetup: 'test/support/running-stack.ts',
        testTimeout: 240_000,
        hookTimeout: 600_000,
        fileParallelism: false,
      }),
    ],
  },
});
