import { describe, expect, test } from 'vitest';
import { archiveCharts } from '../../../adapters/aws/archive-charts.ts';
import { chartsByPlace } from '../../../adapters/aws/charts-by-place.ts';
import { memoryObjects } from '../../../adapters/memory/memory-objects.ts';
import { chartArchive } from '../../support/chart-archive.ts';

const PLACE = 'https://charts.example.com/web';

/** A repository whose archives change as its keeper likes. */
function aRepository() {
  const held = new Map([['1.0.0', chartArchive({ 'values.yaml': 'a: 1' })]]);
  const copies = memoryObjects();
  const archivesAt = () => ({
    fetch: async (_: string, version: string) => {
      const archive = held.get(version);
      if (archive !== undefined) return { found: true as const, archive };
      return { found: false as const, code: 'chart-not-found' as const, because: 'not there' };
    },
    newest: async () => ({ found: true as const, version: '1.0.0' }),
  });
  return { held, copies, archivesAt, charts: archiveCharts({ copies, archivesAt }) };
}

async function resolved(charts: ReturnType<typeof archiveCharts>): Promise<string> {
  const answer = await charts.resolve(PLACE, '1.0.0');
  if (!answer.found) throw new Error(answer.because);
  return answer.digest;
}

describe('what is planned', () => {
  test('is what is rolled out, whatever the repository makes of the version later', async () => {
    const { held, charts, copies } = aRepository();
    const archive = held.get('1.0.0');
    const digest = await resolved(charts);
    held.set('1.0.0', chartArchive({ 'values.yaml': 'a: 2' }));
    // Deployers read copies, and nothing else.
    expect(await archiveCharts({ copies }).pull(PLACE, digest)).toEqual({ pulled: true, archive });
    held.clear();
    expect(await charts.pull(PLACE, digest)).toEqual({ pulled: true, archive });
  });

  test('has the same digest as long as it is the same', async () => {
    const { charts } = aRepository();
    expect(await resolved(charts)).toBe(await resolved(charts));
  });

  test('is gone when its copy is', async () => {
    const { charts } = aRepository();
    const gone = await charts.pull(PLACE, `sha256:${'0'.repeat(64)}`);
    expect(gone).toMatchObject({ pulled: false, code: 'chart-not-found', because: expect.stringContaining('is gone') });
  });

  test('is not used when its copy is another', async () => {
    const digest = `sha256:${'1'.repeat(64)}`;
    const { charts, copies } = aRepository();
    await copies.putOnce(`charts/${digest.replace(':', '-')}.tgz`, 'something else');
    expect(await charts.pull(PLACE, digest)).toMatchObject({ pulled: false, code: 'chart-changed' });
  });
});

test('a version that is not there is not found, and copies nothing', async () => {
  const { charts } = aRepository();
  expect(await charts.resolve(PLACE, '2.0.0')).toMatchObject({ found: false, because: 'not there' });
});

test('each place is asked where it belongs', async () => {
  const asked: string[] = [];
  const oci = {
    resolve: async (place: string) => {
      asked.push(place);
      return { found: true as const, digest: 'sha256:oci' };
    },
    pull: async () => ({ pulled: true as const, archive: new Uint8Array() }),
    newest: async () => ({ found: true as const, version: '7.0.0' }),
  };
  const { charts, archivesAt } = aRepository();
  const all = chartsByPlace({ oci, copied: charts, archivesAt });
  await all.resolve('oci://registry.example/web', '1.0.0');
  await all.resolve(PLACE, '1.0.0');
  expect(asked).toEqual(['oci://registry.example/web']);
  expect(await all.newest('oci://registry.example/web')).toMatchObject({ version: '7.0.0' });
  expect(await all.newest(PLACE)).toMatchObject({ version: '1.0.0' });
  expect(await chartsByPlace({ oci, copied: charts }).newest(PLACE)).toMatchObject({ found: false });
});
