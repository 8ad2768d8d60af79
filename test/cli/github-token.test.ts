import { expect, it } from 'vitest';
import type { ApiRequest } from '../../contracts/api/client.ts';
import { testCli } from './support.ts';

const gate = { approvals: 1 };

it('is sent along with every call where it is asked for, and with none elsewhere', async () => {
  const cli = await testCli();
  const asked: ApiRequest[] = [];
  const audiences: string[] = [];
  const ports = {
    jobToken: async (audience: string) => {
      audiences.push(audience);
      return { given: true as const, token: 'a-token' };
    },
    destination: async () => ({
      endpoint: 'https://api.example/v1',
      because: 'told',
      client: {
        call: async (request: ApiRequest) => {
          asked.push(request);
          return { status: 404, body: {}, headers: {} };
        },
      },
    }),
  };
  await cli.run('approve webui latest prod --github-token', ports);
  await cli.run('report webui latest load-test success --github-token', ports);
  await cli.run('approve webui latest prod', ports);
  expect(audiences).toEqual(['fairlead', 'fairlead']);
  expect(asked.map(({ method, headers }) => [method, headers?.['Fairlead-Token']])).toEqual([
    ['GET', 'a-token'],
    ['PUT', 'a-token'],
    ['GET', undefined],
  ]);
});

it('is missed before anything is asked', async () => {
  const cli = await testCli();
  cli.files.set('s.json', JSON.stringify([{ name: 'all', targets: [{}], gate }]));
  await cli.run('rollout webui --version 1.0.0 --stages s.json --no-wait');
  const { code, err } = await cli.run('approve webui latest all --github-token');
  expect([code, err]).toEqual([2, expect.stringContaining('--github-token: this is no job')]);
});
