// What vitest.config.ts binds besides the Worker's own.
declare namespace Cloudflare {
  interface Env {
    readonly MIGRATIONS: import('cloudflare:test').D1Migration[]
  }
}
