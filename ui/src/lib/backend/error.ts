/** What a refused call carries. Words for people are found by `messageKey` in the catalogue. */
export class BackendError extends Error {
  constructor(
    readonly code: string,
    readonly messageKey: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(code);
    this.name = 'BackendError';
  }
}

/** Turns whatever a transport threw into a BackendError; unknown shapes become `host_failed`. */
export function toBackendError(thrown: unknown): BackendError {
  if (thrown instanceof BackendError) return thrown;
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown) {
    const body = thrown as { code: unknown; message_key?: unknown; details?: unknown };
    if (typeof body.code === 'string') {
      const key = typeof body.message_key === 'string' ? body.message_key : `error.${body.code}`;
      const details =
        typeof body.details === 'object' && body.details !== null
          ? (body.details as Record<string, unknown>)
          : {};
      return new BackendError(body.code, key, details);
    }
  }
  return new BackendError('host_failed', 'error.host_failed');
}
