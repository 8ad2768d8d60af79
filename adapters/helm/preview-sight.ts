/** The port `PreviewSight` on one cluster: reading, dry runs and helm's own rendering, each as whoever would do it. */
import type { PreviewSight } from '../../domain/plan-diff/preview-sight.ts';
import { accessReviews } from '../kube/access-reviews.ts';
import { connect } from '../kube/connect.ts';
import { dryRuns } from '../kube/dry-run.ts';
import { helmReleases } from './read-release.ts';
import { kindsInCrds, type RenderProps, renderRelease } from './render-release.ts';

export interface PreviewSightProps extends RenderProps {
  /** As whom objects are read, if not as ourselves. */
  readonly lookingAs?: string | undefined;
}

/** Connects lazily. */
export function previewSight(props: PreviewSightProps): PreviewSight {
  const { server, ca, token, actAs, lookingAs } = props;
  const kube = connect({ server, ca, token, actAs: lookingAs });
  const dryRun = dryRuns({ server, ca, token, actAs });
  const reviews = accessReviews({ server, ca, token });
  return {
    kube,
    releases: helmReleases(kube),
    dryRun,
    render: (inputs, isUpgrade, how) => renderRelease({ ...props, ...how }, inputs, isUpgrade),
    kindsInCrds: (inputs) => kindsInCrds(props, inputs),
    may: (right) => reviews.may(right, actAs),
    placeOf: reviews.placeOf,
    close: () => {
      kube.close();
      dryRun.close();
      reviews.close();
    },
  };
}
