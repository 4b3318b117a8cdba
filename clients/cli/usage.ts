/** A command that was called in a way it cannot be: exit 2. */
export class UsageError extends Error {}
