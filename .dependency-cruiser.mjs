/** Who may import whom. One rule a room; `test/support/arch-canary` proves that a forbidden import fails. */
const ROOMS = '^(domain|contracts|adapters|lambdas|lib|cli|action|local|console|bin|test)/';

const only = (room, ...allowed) => ({
  name: `${room} may import only ${['itself', ...allowed].join(', ')}`,
  severity: 'error',
  from: { path: `^${room}/` },
  to: { path: ROOMS, pathNot: [room, ...allowed].map((r) => `^${r}/`) },
});

export default {
  forbidden: [
    only('domain'),
    only('contracts', 'domain'),
    only('adapters', 'domain', 'contracts'),
    only('lambdas', 'domain', 'contracts', 'adapters'),
    only('lib', 'domain', 'contracts', 'lambdas'),
    only('cli', 'domain', 'contracts'),
    only('action', 'domain', 'contracts', 'adapters'),
    only('local', 'domain', 'contracts', 'adapters'),
    { name: 'domain is pure', severity: 'error', from: { path: '^domain/' }, to: { dependencyTypes: ['npm', 'core'] } },
    {
      name: 'contracts know no AWS',
      severity: 'error',
      from: { path: '^contracts/' },
      to: { path: 'node_modules/(@aws-sdk|@smithy|aws-cdk-lib)/' },
    },
    {
      name: 'the command line is handed its ports',
      severity: 'error',
      from: { path: '^cli/' },
      to: { path: 'node_modules/(@aws-sdk|aws-cdk-lib)/' },
    },
    {
      name: 'lambdas are strangers',
      severity: 'error',
      from: { path: '^lambdas/([^/]+)/' },
      to: { path: '^lambdas/', pathNot: '^lambdas/$1/' },
    },
    {
      name: 'handlers see ports, not adapters',
      severity: 'error',
      from: { path: '^lambdas/', pathNot: '/(index|build|wire)\\.ts$' },
      to: { path: '^adapters/' },
    },
    {
      name: 'lib reads only env.ts of a lambda',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^lambdas/', pathNot: '/env\\.ts$' },
    },
    { name: 'bin is not imported', severity: 'error', from: { pathNot: '^(bin|test)/' }, to: { path: '^bin/' } },
    { name: 'tests are not imported', severity: 'error', from: { pathNot: '^test/' }, to: { path: '^test/' } },
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: { doNotFollow: { path: 'node_modules' }, parser: 'swc', tsPreCompilationDeps: true },
};
