// What every handler finds in its context.
import type { Clock } from './clock.ts'
import type { Scope } from './db/schema.ts'

export interface AppEnv {
  readonly Bindings: Env & {
    /** 'off': answers are not logged. */
    readonly PREDICTION_LOG?: string
    /** 'request': a request may say what time it is. Of measurements alone. */
    readonly CLOCK?: string
  }
  readonly Variables: {
    requestId: string
    /** The time, as this request has it. */
    clock: Clock
    /** What the caller's key allows; set by the routes that ask for a key. */
    scopes: readonly Scope[]
    /** The public name of the caller's key; set with the scopes. */
    keyId: string
  }
}
