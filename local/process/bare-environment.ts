/** The variables that any program needs and none is steered by. */
const BARE = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'USER', 'SHELL'] as const;

/**
 * The user's environment without everything that steers tools: an AWS_PROFILE or HTTPS_PROXY that is right for the user's own work would send our
 * tools to another account, or the loopback's traffic to a proxy.
 */
export function bareEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(BARE.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}
