// What every handler finds in its context.

export interface AppEnv {
  readonly Bindings: Env
  readonly Variables: { requestId: string }
}
