// Learners: plan, background and age; lessons of three subjects and rising difficulty. Hard lessons
// and many exercises without a completion tire; completing and posting bring people back.
import { course } from '../projects/course.ts'
import { defineSimulator, drawOne } from './domain.ts'

const titleWords = {
  maths: ['fractions', 'vectors', 'limits', 'proofs'],
  language: ['verbs', 'greetings', 'stories', 'idioms'],
  programming: ['loops', 'types', 'tests', 'recursion'],
} as const
type Subject = keyof typeof titleWords

/** How much more a background likes a subject than its popularity says. */
const liking: Readonly<Record<string, Partial<Record<Subject, number>>>> = {
  school: { maths: 2.5 },
  university: { programming: 2.5 },
  work: { programming: 1.5, language: 2 },
}

export const courseSimulator = defineSimulator({
  project: course,
  defaults: { userCount: 2_000, days: 160, world: { idsByArrival: true, newcomersAllAlong: true } },
  itemCount: 120,
  wanted: 'complete',
  visitGapMinutes: 8,
  sameItem: ['exercise', 'complete'],

  drawUser: (random) => ({
    plan: drawOne({ free: 60, paid: 40 }, random),
    background: drawOne({ school: 35, university: 35, work: 30 }, random),
    age: random.next() < 0.15 ? null : Math.round(Math.min(75, 16 + random.exponential(1 / 12))),
  }),
  drawItem: (random) => {
    const subject = drawOne({ maths: 35, language: 30, programming: 35 }, random)
    const words = titleWords[subject]
    const difficulty = 1 + random.integer(5)
    return { subject, difficulty, title: `${words[random.integer(words.length)] ?? ''} part ${difficulty}` }
  },
  drawContext: (user, random) => ({
    device: drawOne(
      user['background'] === 'work' ? { phone: 3, desktop: 7 } : { phone: 6, desktop: 4 },
      random,
    ),
  }),
  taste: (user) => String(user['background']),
  appeal: (taste, item) => liking[taste]?.[item['subject'] as Subject] ?? 1,
  drawValue: (_type, { item, random }) =>
    Math.round(100 * (1 - 0.12 * Number(item['difficulty'] ?? 1) * random.next())),

  behaviour: (user) => {
    const paid = user['plan'] === 'paid' ? 1 : 0
    const works = user['background'] === 'work' ? 1 : 0
    const age = (Number(user['age'] ?? 28) - 28) / 12
    return {
      stay: (now) => {
        const onPhone = now.context['device'] === 'phone' ? 0.4 : 0
        const done = now.last === 'complete' ? 1 : 0
        return 1.2 - onPhone - done * (1 - 0.5 * paid) + (now.last === 'exercise' ? 0.3 : 0)
      },
      awayDays: (now) =>
        28 *
        Math.exp(
          0.3 * works -
            1.1 * paid -
            0.2 * age -
            0.2 * now.month.any -
            0.15 * now.week.complete -
            0.15 * now.month.post,
        ),
      inVisit: (now) => {
        const hard = (Number(now.item['difficulty'] ?? 3) - 3) / 2
        const onPhone = now.context['device'] === 'phone' ? 1 : 0
        const practised = now.last === 'exercise' ? 1 : 0
        return {
          watch: 1 + (now.last === 'complete' ? 2 : 0) + 0.3 * onPhone,
          exercise: (now.last === 'watch' ? 1.4 : 0) + practised * (0.3 + 0.7 * hard) - 0.5 * onPhone,
          complete:
            practised * (1.6 - 0.8 * hard + 0.5 * paid) - 1.5 + (now.beforeLast === 'exercise' ? 0.5 : 0),
          post: -1 + 0.7 * hard + 0.5 * now.month.post,
        }
      },
      newVisit: (now) => ({
        watch: 1.5,
        exercise: (now.last === 'watch' ? 0.8 : 0) + 0.4 * paid,
        complete: -2,
        post: -0.8 + 0.6 * now.month.post,
      }),
    }
  },
})
