// Bindings that tell of what goes out through them.

/** A binding that tells of every call to D1 that goes out: a statement that is run, or a batch. */
export function countCalls(binding: D1Database, count: () => void): D1Database {
  const originals = new WeakMap<object, D1PreparedStatement>()
  function wrap(statement: D1PreparedStatement): D1PreparedStatement {
    const wrapped = new Proxy(statement, {
      get(target, name: keyof D1PreparedStatement) {
        if (name === 'bind') return (...values: unknown[]) => wrap(target.bind(...values))
        count()
        return target[name].bind(target)
      },
    })
    originals.set(wrapped, statement)
    return wrapped
  }
  return new Proxy(binding, {
    get(target, name: keyof D1Database) {
      if (name === 'prepare') return (query: string) => wrap(target.prepare(query))
      if (name !== 'batch') throw new Error(`Not counted: ${name}`)
      return (statements: D1PreparedStatement[]) => {
        count()
        return target.batch(statements.map((statement) => originals.get(statement) ?? statement))
      }
    },
  })
}

/** A bucket that tells of every file that is read. */
export function countReads(bucket: R2Bucket, count: (key: string) => void): R2Bucket {
  return new Proxy(bucket, {
    get(target, name: keyof R2Bucket) {
      const member = target[name]
      if (typeof member !== 'function') return member
      const bound: unknown = member.bind(target)
      if (name !== 'get') return bound
      return (key: string) => {
        count(key)
        return target.get(key)
      }
    },
  })
}

/** A bucket that gives the files under a prefix only after a while. */
export function slowly(
  bucket: R2Bucket,
  { prefix, ms }: { readonly prefix: string; readonly ms: number },
): R2Bucket {
  return new Proxy(bucket, {
    get(target, name: keyof R2Bucket) {
      if (name !== 'get') return target[name]
      return async (key: string) => {
        if (key.startsWith(prefix)) await new Promise((resolve) => setTimeout(resolve, ms))
        return target.get(key)
      }
    },
  })
}

/** A binding of which every call fails while `isDown` says so. */
export function failing<Binding extends object>(binding: Binding, fault: { isDown: boolean }): Binding {
  return new Proxy(binding, {
    get(target, name: keyof Binding & string) {
      if (fault.isDown) {
        return () => {
          throw new Error('D1_ERROR: Network connection lost')
        }
      }
      const member: unknown = target[name]
      return typeof member === 'function' ? (member.bind(target) as unknown) : member
    },
  })
}
