/**
 * Signals a whole process group, so that what a child started goes with it (MiniStack's Lambda workers, for one).
 * @returns false when no process of the group is left.
 */
export function killGroup(leaderPid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-leaderPid, signal);
    return true;
  } catch (error: unknown) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ESRCH') return false;
    // macOS answers EPERM for a group of which only zombies are left.
    if (code === 'EPERM') return false;
    throw error;
  }
}
