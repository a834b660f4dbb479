// The project that reads the files of a log, as they are written.
import { defineProject, label, occurs } from '../../../../features/project.ts'
import type { Attribute, Project } from '../../../../features/project.ts'
import { createRandom } from '../../../../features/random.ts'
import type { EventColumns, QuestionColumns, VersionColumns } from '../../../../features/source.ts'
import type { Written } from './generated-case.ts'
import type { LogSheet } from './log-sheets.ts'
import { EVENT_TYPES, LABELS } from './log-truth.ts'
import type { Attributed, LogTruth } from './log-truth.ts'
import { expressionOf } from './mapped-names.ts'

const DECLARED = {
  number: { kind: 'number' },
  category: { kind: 'category' },
  text: { kind: 'text' },
} as const

interface Files {
  readonly sheets: readonly LogSheet[]
  readonly written: Written
}

export function projectOfLog(drawn: LogTruth, files: Files): Project {
  const declared = (attributes: readonly Attributed[]): Record<string, Attribute> =>
    Object.fromEntries(attributes.map(({ name, kind }) => [name, DECLARED[kind]]))
  return defineProject({
    name: 'generated',
    events: Object.fromEntries(EVENT_TYPES.map(({ name, item, value }) => [name, { item, value }])),
    user: declared(drawn.user),
    item: declared(drawn.item),
    context: declared(drawn.context),
    tasks: {
      buys: occurs('buy', { withinDays: 7 }),
      ...(drawn.questions !== undefined &&
        Object.fromEntries(LABELS.map(({ name, values }) => [name, label(values)]))),
    },
    ...(needsSource(drawn, files) && { source: { kind: 'events', ...sourceOf(drawn, files) } }),
  })
}

/** Files of the standard columns, read as they show themselves, need no word of the source. */
function needsSource({ isMapped }: LogTruth, { sheets, written }: Files): boolean {
  return (
    isMapped ||
    sheets.some(({ sheet: { role } }) => {
      const { reading = {}, dialect } = written[role] ?? {}
      return Object.keys(reading).length > 0 || (dialect?.time.kind === 'numbers' && dialect.time.isSaid)
    })
  )
}

function sourceOf({ user, context, users }: LogTruth, { sheets, written }: Files) {
  const fileOf = (role: LogSheet['sheet']['role']) => {
    const found = sheets.find(({ sheet }) => sheet.role === role)
    const file = written[role]
    if (found === undefined || file === undefined) return undefined
    const { asked, sheet } = found
    const random = createRandom(file.dialect.seed).fork('expressions')
    const named = (name: string): string =>
      expressionOf(sheet.columns[asked.findIndex((one) => one.name === name)]?.name ?? name, random)
    const { time } = file.dialect
    const unit = time.kind === 'numbers' && time.isSaid ? { timeUnit: time.unit } : {}
    const all = (names: readonly { readonly name: string }[]): Record<string, string> =>
      Object.fromEntries(names.map(({ name }) => [name, named(name)]))
    const has = (name: string): boolean => asked.some((one) => one.name === name)
    return { named, all, has, common: { reading: file.reading, ...unit } }
  }
  const [log, userFile, itemFile, questionFile] = (['events', 'users', 'items', 'questions'] as const).map(
    fileOf,
  )
  const versions = (file: typeof log, role: 'users' | 'items'): VersionColumns | undefined => {
    const attributes = sheets.find(({ sheet }) => sheet.role === role)?.asked.slice(2) ?? []
    if (file === undefined) return undefined
    return {
      ...file.common,
      id: file.named('id'),
      knownAt: file.named('knownAt'),
      attributes: file.all(attributes),
    }
  }
  if (log === undefined) throw new Error('Expected a log')
  const events: EventColumns = {
    ...log.common,
    type: log.named('type'),
    userId: log.named('userId'),
    itemId: log.named('itemId'),
    value: log.named('value'),
    occurredAt: log.named('occurredAt'),
    ...(log.has('id') && { id: log.named('id') }),
    ...(log.has('receivedAt') && { receivedAt: log.named('receivedAt') }),
    context: log.all(context),
  }
  const [ofUsers, ofItems] = [versions(userFile, 'users'), versions(itemFile, 'items')]
  const questions: QuestionColumns | undefined = questionFile && {
    ...questionFile.common,
    userId: questionFile.named('userId'),
    at: questionFile.named('at'),
    labels: questionFile.all(LABELS),
  }
  return {
    events: [events],
    ...(users === undefined && { user: log.all(user) }),
    ...(ofUsers !== undefined && { users: ofUsers }),
    ...(ofItems !== undefined && { items: ofItems }),
    ...(questions !== undefined && { questions }),
  }
}
