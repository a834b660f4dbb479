// Online education: who drops out, who completes a lesson soon, what a learner does next.
import {
  absent,
  category,
  defineProject,
  nextEvent,
  number,
  occurs,
  text,
  total,
} from '../features/project.ts'

export const course = defineProject({
  name: 'course',
  events: {
    watch: { item: true },
    // The value is the score, from 0 to 100.
    exercise: { item: true, value: true },
    complete: { item: true },
    post: {},
  },
  user: { plan: category(), background: category({ fixed: true }), age: number({ fixed: true }) },
  item: {
    subject: category({ fixed: true }),
    difficulty: number({ fixed: true }),
    title: text({ fixed: true }),
  },
  context: { device: category() },
  tasks: {
    dropsOutWithin14Days: absent({ withinDays: 14 }),
    nextActivity: nextEvent(),
    completesWithin7Days: occurs('complete', { withinDays: 7 }),
    points14Days: total('exercise', { withinDays: 14 }),
  },
})
