// Simulations of the projects that need no data of one's own.
import { courseSimulator } from './course.ts'
import type { Simulator } from './domain.ts'
import { financeSimulator } from './finance.ts'
import { shopSimulator } from './shop.ts'
import { socialSimulator } from './social.ts'

const simulators: readonly Simulator[] = [shopSimulator, courseSimulator, financeSimulator, socialSimulator]

/** Simulators by the names of their projects. */
export const simulatorByName: Readonly<Record<string, Simulator>> = Object.fromEntries(
  simulators.map((simulator) => [simulator.project.name, simulator]),
)

export type { Simulator } from './domain.ts'
export type { Law } from './law.ts'
export { simulate } from './simulate.ts'
export type { Simulation, SimulationRequest } from './simulate.ts'
export { trueNextEvent, trueTask } from './truth.ts'
export { plainWorld } from './world.ts'
export type { World } from './world.ts'
