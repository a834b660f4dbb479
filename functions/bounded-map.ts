// A map that forgets what was set longest ago.

export interface BoundedMap<Value> {
  get(key: string): Value | undefined
  /** Sets a value; the oldest goes where there would be too many. */
  set(key: string, value: Value): void
  delete(key: string): void
}

export function createBoundedMap<Value>(countMax: number): BoundedMap<Value> {
  const values = new Map<string, Value>()
  return {
    get: (key) => values.get(key),
    set(key, value) {
      values.delete(key)
      values.set(key, value)
      const [oldest] = values.keys()
      if (values.size > countMax && oldest !== undefined) values.delete(oldest)
    },
    delete: (key) => void values.delete(key),
  }
}
