// Submissions, assignments and enrolments of a course platform: who handed in what, and who completed.
import { createRandom } from '../../../../features/random.ts'
import { DAY_MS, csvOf, pick } from './an-export.ts'
import type { Export } from './an-export.ts'

const random = createRandom(111)
const START_MS = Date.UTC(2025, 8, 1)
const skill = (student: number): number => createRandom(student + 7).next()

function submissions(): (string | number | undefined)[][] {
  const rows: { at: number; row: (string | number | undefined)[] }[] = []
  for (let student = 0; student < 200; student += 1) {
    const own = skill(student)
    for (let assignment = 0; assignment < 24; assignment += 1) {
      if (random.next() > 0.25 + 0.7 * own - (own < 0.3 ? assignment * 0.02 : 0)) continue
      const due = START_MS + (7 + assignment * 4) * DAY_MS
      const at = due - random.next() * 4 * DAY_MS
      rows.push({
        at,
        row: [
          10_500 + student * 3,
          7_700 + assignment,
          1,
          new Date(at).toISOString().replace('.000', ''),
          Math.round(100 * Math.min(1, Math.max(0, own + 0.2 * random.normal()))),
          at > due - DAY_MS / 3 ? 'true' : 'false',
          pick(random, ['online_upload', 'online_text_entry', 'online_quiz']),
        ],
      })
    }
  }
  return rows.toSorted((a, b) => a.at - b.at).map(({ row }, index) => [990_001 + index, ...row])
}

function enrollments(): (string | number | undefined)[][] {
  return Array.from({ length: 200 }, (_, student) => [
    10_500 + student * 3,
    pick(random, ['bachelor', 'master', 'guest']),
    pick(random, ['18-24', '25-34', '35+']),
    pick(random, ['KE', 'IN', 'FI', 'BR']),
    new Date(START_MS - random.next() * 20 * DAY_MS).toISOString().slice(0, 10),
    skill(student) + 0.15 * random.normal() > 0.4 ? 'completed' : 'dropped',
  ])
}

export const courseSubmissions: Export = {
  name: 'submissions and enrolments of a course platform',
  files: {
    'submissions.csv': csvOf([
      [
        'submission_id',
        'user_id',
        'assignment_id',
        'attempt',
        'submitted_at',
        'score',
        'late',
        'submission_type',
      ],
      ...submissions(),
    ]),
    'assignments.csv': csvOf([
      ['assignment_id', 'title', 'assignment_group', 'points_possible', 'due_at'],
      ...Array.from({ length: 24 }, (_, index) => [
        7_700 + index,
        `Week ${1 + Math.floor(index / 2)}: ${index % 2 === 0 ? 'reading notes' : 'problem set'} ${index}`,
        index % 2 === 0 ? 'Reading' : 'Problems',
        [10, 20, 50][index % 3],
        new Date(START_MS + (7 + index * 4) * DAY_MS).toISOString(),
      ]),
    ]),
    'enrollments.csv': csvOf([
      ['user_id', 'programme', 'age_band', 'country', 'enrolled_on', 'outcome'],
      ...enrollments(),
    ]),
  },
  columns: {
    'submissions.csv': {
      submission_id: 'id',
      user_id: 'id',
      assignment_id: 'id',
      submitted_at: 'time',
      score: 'number',
      late: 'boolean',
      submission_type: 'category',
    },
    'assignments.csv': {
      assignment_id: 'id',
      title: 'text',
      assignment_group: 'category',
      points_possible: ['number', 'category'],
      due_at: 'time',
    },
    'enrollments.csv': {
      user_id: 'id',
      programme: 'category',
      age_band: 'category',
      country: 'category',
      enrolled_on: 'time',
      outcome: ['category', 'boolean'],
    },
  },
  roles: {
    kind: 'events',
    user: ['user_id'],
    item: ['assignment_id'],
    time: ['submitted_at'],
    value: ['score'],
    label: ['outcome'],
    users: 'enrollments.csv',
    items: 'assignments.csv',
  },
}
