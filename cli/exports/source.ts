// How an export is read: by its own columns, whatever files the project reads else, and word for word, for
// what a service stored is no longer to be guessed at.
import { hasEvents } from '../../features/project.ts'
import type { Project } from '../../features/project.ts'
import type { Reading, Source } from '../../features/source.ts'

const reading: Reading = { missing: [] }
const times = { timeUnit: 'ms' } as const

/** The project with the source of its exports. @param isDated whether rows of a table have times */
export function withExportSource(project: Project, isDated: boolean): Project {
  return { ...project, source: hasEvents(project) ? logSource(project) : tableSource(project, isDated) }
}

function logSource(project: Project): Source {
  const context = Object.keys(project.context).map((name) => [name, `properties ->> '$."${name}"'`])
  return {
    kind: 'events',
    reading,
    events: [
      {
        ...times,
        id: 'id',
        type: 'type',
        userId: '"userId"',
        itemId: '"itemId"',
        value: 'value',
        occurredAt: '"occurredAt"',
        receivedAt: '"receivedAt"',
        context: Object.fromEntries(context) as Readonly<Record<string, string>>,
      },
    ],
    users: { ...times, id: 'id', knownAt: '"knownAt"' },
    items: { ...times, id: 'id', knownAt: '"knownAt"' },
    questions: { ...times, userId: '"userId"', at: '"at"' },
  }
}

function tableSource(project: Project, isDated: boolean): Source {
  const tasks = Object.keys(project.tasks).map((name) => [name, `"${name}"`])
  return {
    kind: 'table',
    reading,
    id: 'id',
    ...(isDated && { at: '"at"', ...times }),
    labels: Object.fromEntries(tasks) as Readonly<Record<string, string>>,
  }
}
