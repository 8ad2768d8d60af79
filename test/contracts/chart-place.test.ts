import { expect, test } from 'vitest';
import { ChartPlace } from '../../contracts/api/package.ts';
import { readChartPlace } from '../../domain/registry/chart-place.ts';

test.each([
  ['oci://123456789012.dkr.ecr.eu-north-1.amazonaws.com/charts/webui', { in: 'oci' }],
  ['oci://127.0.0.1:5000/webui', { in: 'oci' }],
  ['https://charts.example.com/web', { in: 'repository', index: 'https://charts.example.com/index.yaml', name: 'web' }],
  ['https://a.example:8443/x/y/web', { in: 'repository', index: 'https://a.example:8443/x/y/index.yaml', name: 'web' }],
  ['http://127.0.0.1:8080/web', { in: 'repository', index: 'http://127.0.0.1:8080/index.yaml', name: 'web' }],
  [
    'https://a.example/v{version}/web-{version}.tgz',
    { in: 'archive', template: 'https://a.example/v{version}/web-{version}.tgz' },
  ],
  ['s3://my-charts/web', { in: 's3', bucket: 'my-charts', prefix: '', name: 'web' }],
  ['s3://my-charts/team/a/web', { in: 's3', bucket: 'my-charts', prefix: 'team/a/', name: 'web' }],
])('%s is a place', (place, read) => {
  expect(ChartPlace.parse(place)).toBe(place);
  expect(readChartPlace(place)).toEqual(read);
});

const FORMS = /looks like oci:/;
test.each([
  ['charts.example.com/web', FORMS],
  ['oci://host/web:1.0.0', FORMS],
  ['http://charts.example.com/web', FORMS],
  ['https://ada:pw@charts.example.com/web', FORMS],
  ['https://charts.example.com/web?x=1', FORMS],
  ['https://charts.example.com', FORMS],
  ['https://charts.example.com/', /comes the name of the chart/],
  ['https://charts.example.com/index.yaml', /comes the name of the chart/],
  ['https://charts.example.com/web-1.0.0.tgz', /has \{version\} where the version stands/],
  ['s3://my-charts', FORMS],
  ['s3://my-charts/', FORMS],
  ['s3://My_Charts/web', FORMS],
  ['file:///etc/web', FORMS],
  ['git+https://github.com/acme/web', FORMS],
])('%s is none', (place, because) => {
  const parsed = ChartPlace.safeParse(place);
  expect(parsed.error?.issues.map(({ message }) => message).join()).toMatch(because);
});
