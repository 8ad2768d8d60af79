/** Deployments a round: their attempts are raised in one transaction of 100 writes, with the rollout, its wait (and who wakes it) and its history. */
export const MOST_AT_ONCE = 95;
