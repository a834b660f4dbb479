import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  DAY_MS,
  absent,
  category,
  count,
  defineProject,
  hasEvents,
  label,
  longestHorizonMs,
  nextEvent,
  number,
  occurs,
  sameMeaning,
  total,
} from '../../features/project.ts'
import type { AmountAnswer, ChoiceAnswer, ProbabilityAnswer } from '../../features/heads/head.ts'
import type { AnswerTo } from '../../features/heads/kinds.ts'
import type {
  Attribute,
  EventDeclaration,
  CountTask,
  NextEventTask,
  OccursTask,
  Project,
  Task,
  Within,
} from '../../features/project.ts'

const events = { view: { item: true }, purchase: { value: true } } as const
const week: Within = { withinDays: 7 }

interface Declared {
  readonly name?: string
  readonly events?: Readonly<Record<string, EventDeclaration>>
  readonly tasks?: Readonly<Record<string, Task>>
}

/** A project whose names the compiler does not know, as where it is written in JavaScript. */
function declare(overrides: Declared = {}): Project {
  return defineProject<Readonly<Record<string, Task>>, Readonly<Record<string, EventDeclaration>>>({
    name: 'shop',
    events,
    tasks: { next: nextEvent() },
    ...overrides,
  })
}

describe('defineProject', () => {
  it('fills in what a declaration leaves out', () => {
    expect(defineProject({ name: 'shop', events, tasks: { next: nextEvent() } })).toEqual({
      name: 'shop',
      events,
      user: {},
      item: {},
      context: {},
      tasks: { next: { kind: 'nextEvent', horizonMs: null } },
      asked: 'anytime',
      source: undefined,
    })
  })

  it('compiles no task about an event type that is not declared', () => {
    const define = {
      occurs: () =>
        // @ts-expect-error the type is called 'purchase'
        defineProject({ name: 'shop', events, tasks: { buys: occurs('purchases', week) } }),
      total: () =>
        // @ts-expect-error the type is called 'purchase'
        defineProject({ name: 'shop', events, tasks: { spend: total('purchases', week) } }),
      count: () =>
        // @ts-expect-error the type is called 'purchase'
        defineProject({ name: 'shop', events, tasks: { buys: count('purchases', week) } }),
      besideAnother: () => {
        const views = occurs('view', week)
        // @ts-expect-error one task that is right does not make up for the other
        return defineProject({ name: 'shop', events, tasks: { views, sells: occurs('sale', week) } })
      },
      withoutEvents: () =>
        // @ts-expect-error there is nothing to ask about
        defineProject({ name: 'shop', tasks: { buys: occurs('purchase', week) } }),
    }
    // JavaScript runs it all the same, and is told.
    for (const [name, misspelled] of Object.entries(define))
      expect(misspelled, name).toThrow("Project 'shop': ")
  })

  it('compiles no attribute that is neither number, category nor text', () => {
    // @ts-expect-error there are no dates
    const user = { born: { kind: 'date' } } satisfies Readonly<Record<string, Attribute>>
    expect(Object.keys(user)).toEqual(['born'])
  })

  it('keeps all names as literal types', () => {
    const project = defineProject({
      name: 'shop',
      events,
      user: { plan: category() },
      item: { price: number() },
      context: { device: category() },
      tasks: { buys: occurs('purchase', week), next: nextEvent(), views: count('view', week) },
    })
    expectTypeOf(project).toEqualTypeOf<
      Project<
        'view' | 'purchase',
        'plan',
        'price',
        'device',
        {
          readonly buys: OccursTask<'purchase'>
          readonly next: NextEventTask
          readonly views: CountTask<'view'>
        }
      >
    >()
    expectTypeOf(project).toExtend<Project>()
    expectTypeOf<AnswerTo<typeof project.tasks.buys>>().toEqualTypeOf<ProbabilityAnswer>()
    expectTypeOf<AnswerTo<typeof project.tasks.next>>().toEqualTypeOf<ChoiceAnswer>()
    expectTypeOf<AnswerTo<typeof project.tasks.views>>().toEqualTypeOf<AmountAnswer>()
    expect(Object.keys(project.tasks)).toEqual(['buys', 'next', 'views'])
  })

  it.each<readonly [string, Declared]>([
    ["Project 'Shop': its name must be lower-case", { name: 'Shop' }],
    ["Project '': its name must be", { name: '' }],
    [`Project '${'s'.repeat(64)}': its name must be`, { name: 's'.repeat(64) }],
    ['it declares no task', { tasks: {} }],
    ['it declares no events', { events: {} }],
    ["task 'buys' asks about 'sale', which is no event", { tasks: { buys: occurs('sale', week) } }],
    ["task 'spend' totals 'view', which carries no value", { tasks: { spend: total('view', week) } }],
    ["task '2nd': a task's name must be letters", { tasks: { '2nd': nextEvent() } }],
    ["task 'a b': a task's name must be letters", { tasks: { 'a b': nextEvent() } }],
    ['it declares no events', { events: {}, tasks: { kind: label(['a', 'b']), next: nextEvent() } }],
  ])('refuses, saying "%s"', (message, overrides) => {
    expect(() => declare(overrides)).toThrow(message)
  })
})

describe('tasks', () => {
  it('hold their horizon in milliseconds', () => {
    expect(occurs('view', { withinDays: 0.5 }).horizonMs).toBe(DAY_MS / 2)
    expect(absent({ withinHours: 2 }).horizonMs).toBe(7_200_000)
    expect(total('purchase', { withinMinutes: 1 }).horizonMs).toBe(60_000)
    expect(count('view', { withinHours: 1 })).toEqual({ kind: 'count', type: 'view', horizonMs: 3_600_000 })
    // @ts-expect-error one unit, not two
    absent({ withinDays: 1, withinHours: 1 })
  })

  it.each([0, -1, NaN, Infinity])('refuse a horizon of %d days', (withinDays) => {
    expect(() => occurs('view', { withinDays })).toThrow('A horizon must be a positive length of time')
    expect(() => absent({ withinDays })).toThrow('A horizon must be a positive length of time')
    expect(() => total('view', { withinDays })).toThrow('A horizon must be a positive length of time')
  })

  it('have two label values or more, all different', () => {
    expect(() => label(['only'])).toThrow('A label needs two values or more, got 1')
    expect(() => label(['a', 'b', 'a'])).toThrow('The values of a label must differ')
    expectTypeOf(label(['a', 'b']).values).toEqualTypeOf<readonly ('a' | 'b')[]>()
  })
})

describe('longestHorizonMs', () => {
  it('is that of the task that looks ahead furthest, and 0 where none looks ahead', () => {
    const tasks = {
      soon: absent({ withinDays: 1 }),
      later: occurs('view', { withinDays: 3 }),
      next: nextEvent(),
    }
    expect(longestHorizonMs(declare({ tasks }))).toBe(3 * DAY_MS)
    expect(longestHorizonMs(declare())).toBe(0)
  })
})

describe('nextEvent', () => {
  it('takes the longest horizon of the other tasks, which stays with it', () => {
    const tasks = { soon: absent({ withinDays: 1 }), later: occurs('view', week), next: nextEvent() }
    expect(declare({ tasks }).tasks['next']).toEqual(nextEvent(week))
  })

  it('keeps a horizon of its own, whatever other tasks declare', () => {
    const tasks = { later: occurs('view', week), next: nextEvent({ withinDays: 1 }) }
    expect(declare({ tasks }).tasks['next']).toEqual(nextEvent({ withinDays: 1 }))
  })
})

describe('sameMeaning', () => {
  const questions = [
    occurs('view', week),
    occurs('purchase', week),
    occurs('view', { withinDays: 14 }),
    absent(week),
    nextEvent(),
    nextEvent(week),
    total('purchase', week),
    count('purchase', week),
    count('view', week),
    count('view', { withinDays: 14 }),
    label(['a', 'b']),
    label(['b', 'a']),
  ]

  it('tells every two different questions apart, and none from itself written again', () => {
    for (const [place, left] of questions.entries()) {
      for (const [other, right] of questions.entries()) {
        const again = JSON.parse(JSON.stringify(right)) as Task
        expect(sameMeaning(left, again), JSON.stringify([left, right])).toBe(place === other)
      }
    }
  })
})

describe('hasEvents', () => {
  it('tells logs from tables of labelled rows', () => {
    expect(hasEvents(defineProject({ name: 'visits', tasks: { buys: label(['no', 'yes']) } }))).toBe(false)
    expect(hasEvents(declare())).toBe(true)
  })

  it('lets a log have labels, which rows give at moments of their own', () => {
    expect(hasEvents(declare({ tasks: { kind: label(['a', 'b']), next: nextEvent() } }))).toBe(true)
  })
})
