// The law of a simulation: everything that decides what its users do, but for chance. Simulating and
// telling the truth share it.
import type { Attributes } from '../features/attributes.ts'
import { DAY_MS } from '../features/project.ts'
import { createRandom } from '../features/random.ts'
import { DRIFT_SHARE, afterDrift } from './behaviour-drift.ts'
import { createCatalogue } from './catalogue.ts'
import type { Catalogue, SimulatedItem } from './catalogue.ts'
import type { AttributeChange, Behaviour, Simulator } from './domain.ts'
import { drawItems } from './items.ts'
import { plainWorld } from './world.ts'
import type { World } from './world.ts'

export interface LawRequest {
  readonly simulator: Simulator
  readonly seed: number
  /** How much time the log spans; the simulator's default where absent. */
  readonly days?: number | undefined
  /** The end of the log, Unix milliseconds. */
  readonly endMs: number
  /** What is to be switched on or off; the simulator's default for the rest. */
  readonly world?: Partial<World> | undefined
  /** Where behaviour drifts, from when on, Unix milliseconds; after 60 % of the time where absent. */
  readonly driftMs?: number | undefined
}

export interface Law {
  readonly simulator: Simulator
  readonly world: World
  readonly items: readonly SimulatedItem[]
  readonly catalogue: Catalogue
  /** What changes in users while time passes, by the name of its switch. */
  readonly changes: Readonly<Record<string, AttributeChange>>
  readonly startMs: number
  readonly endMs: number
  /** From this moment on behaviour has drifted; Infinity where it never does. */
  readonly driftMs: number
  /** How somebody with these attributes behaves at a moment. */
  behaviour(user: Attributes, atMs: number): Behaviour
}

/** Throws where an attribute is to change that the simulator does not declare. */
export function createLaw({ simulator, seed, endMs, ...rest }: LawRequest): Law {
  const days = rest.days ?? simulator.defaults.days
  const world = { ...plainWorld, ...simulator.defaults.world, ...rest.world }
  const startMs = endMs - days * DAY_MS
  const drifts = rest.driftMs ?? Math.round(startMs + DRIFT_SHARE * days * DAY_MS)
  const driftMs = world.behaviourDrift ? drifts : Infinity
  const random = createRandom(seed)
  const items = drawItems({ simulator, random, startMs, endMs, turnover: world.itemTurnover })
  return {
    simulator,
    world,
    items,
    catalogue: createCatalogue(simulator, items),
    changes: changesOf(simulator, world),
    startMs,
    endMs,
    driftMs,
    behaviour(user, atMs) {
      const usual = simulator.behaviour(user)
      return atMs < driftMs ? usual : afterDrift(usual, simulator)
    },
  }
}

function changesOf(simulator: Simulator, world: World): Record<string, AttributeChange> {
  const declared = { followingAttribute: simulator.following, driftingAttribute: simulator.drifting }
  const names = (Object.keys(declared) as (keyof typeof declared)[]).filter((name) => world[name])
  return Object.fromEntries(
    names.map((name) => {
      const change = declared[name]
      if (change === undefined) {
        throw new Error(`Project '${simulator.project.name}' has no ${name} to switch on`)
      }
      return [name, change]
    }),
  )
}
