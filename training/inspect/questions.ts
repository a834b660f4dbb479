// What cannot be known of a log from its files: two columns that may name its users, or say when; or whether
// its rows are events at all.
import type { InspectedFile } from './inspect-file.ts'
import type { Roles } from './log-roles.ts'
import { rankTimes, rankUsers, SURE } from './roles.ts'
import type { Ranked } from './roles.ts'
import type { OpenQuestion } from './shape.ts'
import type { Told } from './told.ts'

const OPTIONS_MAX = 6
/** Scores nearer than this do not choose. */
const NEAR = 0.05
/** A label of this score would be one of a table without a doubt. */
const TABLE_LABEL = 1.2

/** About the main file of a log; the guess is the first option of each. */
export function questionsOfLog(
  { file, roles }: { readonly file: InspectedFile; readonly roles: Roles },
  told: Told,
): OpenQuestion[] {
  const questions: OpenQuestion[] = []
  if (told.kind === undefined && roles.labelScore >= TABLE_LABEL && roles.type === undefined) {
    questions.push({
      key: 'kind',
      text: `Is each row something that a user did, or does '${roles.label?.name ?? ''}' say of each row what came true?`,
      options: ['events', 'table'],
    })
  }
  const users = rankUsers(file.columns)
  if (told.user === undefined && isDoubtful(users, SURE)) {
    questions.push({ key: 'user', text: 'Which column names the user?', options: optionsOf(users) })
  }
  const times = rankTimes(file.columns)
  if (told.time === undefined && isDoubtful(times, 0)) {
    questions.push({ key: 'time', text: 'Which column says when it happened?', options: optionsOf(times) })
  }
  return questions
}

function isDoubtful([first, second]: readonly Ranked[], sure: number): boolean {
  if (first === undefined || second === undefined) return false
  return first.score < sure || first.score - second.score < NEAR
}

function optionsOf(ranked: readonly Ranked[]): string[] {
  return ranked.slice(0, OPTIONS_MAX).map(({ column }) => column.name)
}
