// A bound on every wait, so that no request hangs on a store that does not answer.

/** Rejects with `error` unless the work settles within `timeoutMs`. The work itself goes on. */
export async function withTimeout<Value>(
  work: PromiseLike<Value>,
  { timeoutMs, error }: { readonly timeoutMs: number; readonly error: () => Error },
): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | null = null
  const expiry = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(error()), timeoutMs)
  })
  try {
    return await Promise.race([work, expiry])
  } finally {
    clearTimeout(timer)
  }
}
