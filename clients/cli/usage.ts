/** A command that was called in a way it cannot be: exit 2. */
export class UsageError extends Error {}

/** How the person can call us again: a checkout has no `kinmesh` on the path. */
export function programName(): string {
  return process.env['npm_lifecycle_event'] === undefined ? 'kinmesh' : 'npm run -s kinmesh --'
}
