// Simulations of the projects that need no data of one's own.
import type { Simulator } from './domain.ts'
import { shopSimulator } from './shop.ts'

const simulators: readonly Simulator[] = [shopSimulator]

/** Simulators by the names of their projects. */
export const simulatorByName: Readonly<Record<string, Simulator>> = Object.fromEntries(
  simulators.map((simulator) => [simulator.project.name, simulator]),
)

export type { Simulator } from './domain.ts'
export { simulate } from './simulate.ts'
export type { Simulation, SimulationRequest } from './simulate.ts'
export { trueNextEvent, trueTask } from './truth.ts'
