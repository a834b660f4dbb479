// The log of a Moodle site as its report page downloads it: latest first, days before months, names as users.
import { createRandom } from '../../../../features/random.ts'
import { DAY_MS, csvOf, dayAs, skewed } from './an-export.ts'
import type { Export } from './an-export.ts'

const random = createRandom(104)
const FIRST = ['Anna', 'Bela', 'Chen', 'Dora', 'Emre', 'Fatou', 'Goran', 'Hana'] as const
const LAST = ['Abel', 'Baros', 'Cruz', 'Dinh', 'Eder', 'Fox', 'Gomez', 'Huber', 'Ito', 'Jansen'] as const
const ACTIONS = [
  ['System', 'Course viewed', 'Course: Introduction to Statistics'],
  ['File', 'Course module viewed', 'File: Lecture notes'],
  ['Quiz', 'Quiz attempt started', 'Quiz: Weekly quiz'],
  ['Quiz', 'Quiz attempt submitted', 'Quiz: Weekly quiz'],
  ['Forum', 'Discussion viewed', 'Forum: Questions and answers'],
  ['Assignment', 'A submission has been submitted.', 'Assignment: Homework'],
] as const

function rows(): string[][] {
  const found: { at: number; row: string[] }[] = []
  for (let student = 0; student < 80; student += 1) {
    const name = `${FIRST[student % 8] ?? ''} ${LAST[Math.floor(student / 8)] ?? ''}`
    const address = `84.${random.integer(255)}.${random.integer(255)}.${random.integer(255)}`
    let at = Date.UTC(2024, 1, 3, 7)
    const pace = 0.5 + 3 * random.next()
    while (at < Date.UTC(2024, 4, 28)) {
      const [component, action, context] = ACTIONS[skewed(random, 6)] ?? ACTIONS[0]
      const part = component === 'System' ? '' : ` ${1 + random.integer(12)}`
      const clock = new Date(at).toISOString().slice(11, 16)
      found.push({
        at,
        row: [
          `${dayAs(at, 'D/M/y')}, ${clock}`,
          name,
          component === 'Assignment' ? name : '-',
          `${context}${part}`,
          component,
          action,
          `The user with id '${2000 + student}' has done this with the course module id '${300 + random.integer(60)}'.`,
          random.next() < 0.97 ? 'web' : 'ws',
          random.next() < 0.9 ? address : `10.0.0.${random.integer(50)}`,
        ],
      })
      at += random.exponential(1 / (pace * DAY_MS))
    }
  }
  return found.toSorted((a, b) => b.at - a.at).map(({ row }) => row)
}

const HEADER = [
  'Time',
  'User full name',
  'Affected user',
  'Event context',
  'Component',
  'Event name',
  'Description',
  'Origin',
  'IP address',
]

export const moodleLog: Export = {
  name: 'log of Moodle',
  files: { 'logs_STAT101_20240528-1012.csv': csvOf([HEADER, ...rows()]) },
  columns: {
    'logs_STAT101_20240528-1012.csv': {
      Time: 'time',
      'User full name': 'id',
      'Affected user': ['id', 'category'],
      'Event context': ['category', 'id'],
      Component: 'category',
      'Event name': 'category',
      Description: 'text',
      Origin: 'category',
      'IP address': ['id', 'category'],
    },
  },
  roles: {
    kind: 'events',
    user: ['User full name'],
    item: ['Event context'],
    time: ['Time'],
    type: ['Event name', 'Component'],
  },
}
