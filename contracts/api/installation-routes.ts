/** What the command line asks before it reads or writes layers of values itself. */
import { InstallationView } from './installation.ts';
import type { Route } from './route.ts';

export const INSTALLATION_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/installation',
    operation: 'getInstallation',
    who: ['operator', 'approver', 'reader'],
    summary: 'How the installation names its layers of values.',
    answers: { 200: { says: 'its settings', body: InstallationView } },
    problems: [],
  },
];
