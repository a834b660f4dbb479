// What fitting gives: parameters, and the tasks that are best answered with them.
import type { ParameterValues } from '../graph/parameters.ts'

export interface ParameterGroup {
  readonly tasks: readonly string[]
  readonly parameters: ParameterValues
  /** When they were so: examples seen over examples there were. */
  readonly epochs: number
}
