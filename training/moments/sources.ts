// Which sources of moments a project's tasks need.
import { horizonMsOf, labelTasksOf } from '../../features/project.ts'
import type { Project } from '../../features/project.ts'

/** Whether a task looks at what comes after: then moments come from events, from the clock, or both. */
export function looksAhead(project: Project): boolean {
  return Object.values(project.tasks).some(({ kind }) => kind !== 'label')
}

/** Whether a task is told by labelled rows: then moments come from them. */
export function asksRows(project: Project): boolean {
  return labelTasksOf(project).length > 0
}

/** The shares of the moments that look ahead. */
export function sharesOf({ asked }: Project): { readonly events: number; readonly clock: number } {
  if (asked === 'anytime') return { events: 0.5, clock: 0.5 }
  return asked === 'daily' ? { events: 0, clock: 1 } : { events: 1, clock: 0 }
}

/** After this time before the end of a part no target is known any more. */
export function shortestHorizonMs(project: Project): number {
  const horizons = Object.values(project.tasks).filter(({ kind }) => kind !== 'label')
  return horizons.length === 0 ? 0 : Math.min(...horizons.map(horizonMsOf))
}
