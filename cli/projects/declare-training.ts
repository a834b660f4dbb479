// Writes how models are trained into the text of a project: the key `training` alone changes.
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'
import type { TrainingDeclaration } from '../../features/project.ts'
import { afterBlank, argumentOf } from './object-text.ts'
import { literalOf, write } from './typescript-text.ts'

/** The lines that declare it, as one may paste them. */
export function trainingText({ family, settings = {} }: TrainingDeclaration): string {
  const object = Object.entries(settings).map(([name, value]) => ({
    name,
    value: typeof value === 'string' ? literalOf(value) : String(value),
  }))
  return write({
    object: [
      { name: 'family', value: literalOf(family) },
      { name: 'settings', value: { object } },
    ],
  })
}

/** The text with another `training`; why it cannot be changed safely, as words about the file. */
export function withTraining(text: string, training: TrainingDeclaration): Result<string, string> {
  const object = argumentOf(text, 'defineProject')
  if (!object.ok) return object
  const { members } = object.value
  const newline = text.includes('\r\n') ? '\r\n' : '\n'
  const value = (indent: string): string => indented(trainingText(training), { indent, newline })
  const own = members.filter(({ name }) => name === 'training')
  if (own.length > 1) return fail('it declares training twice')
  const [before] = own
  if (before !== undefined) {
    if (before.valueStart === undefined) return fail('its training is declared elsewhere')
    const indent = indentAt(text, before.start) ?? '  '
    return succeed(text.slice(0, before.valueStart) + value(indent) + text.slice(before.end))
  }
  const tasks = members.find(({ name }) => name === 'tasks')
  if (tasks === undefined) return fail('its tasks are declared elsewhere')
  const indent = indentAt(text, tasks.start)
  const commaEnd = tasks.hasComma ? text.indexOf(',', afterBlank(text, tasks.end)) + 1 : tasks.end
  const lineRest = /^[ \t]*(\/\/[^\r\n]*)?(?=\r?\n)/.exec(text.slice(commaEnd))
  const at = indent === undefined || lineRest === null ? commaEnd : commaEnd + lineRest[0].length
  const entry = `training: ${value(indent ?? '  ')}`
  const inserted = indent === undefined ? ` ${entry}` : `${newline}${indent}${entry}`
  const comma = tasks.hasComma ? '' : ','
  const after = tasks.hasComma ? ',' : ''
  return succeed(
    text.slice(0, tasks.end) + comma + text.slice(tasks.end, at) + inserted + after + text.slice(at),
  )
}

/** What stands before it on its line, if that is blank. */
function indentAt(text: string, at: number): string | undefined {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at)
  return /^[ \t]*$/.test(line) ? line : undefined
}

/** Lines of two blanks a level as lines of such a file. */
function indented(
  lines: string,
  { indent, newline }: { readonly indent: string; readonly newline: string },
): string {
  return lines
    .split('\n')
    .map((line, place) => {
      const level = /^(  )*/.exec(line)?.[0].length ?? 0
      return (place === 0 ? '' : indent + (indent || '  ').repeat(level / 2)) + line.slice(level)
    })
    .join(newline)
}
