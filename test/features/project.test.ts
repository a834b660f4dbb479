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
  monotone,
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
    ["tasks.buys asks about 'sale', which is no event", { tasks: { buys: occurs('sale', week) } }],
    ["tasks.spend totals 'view', which carries no value", { tasks: { spend: total('view', week) } }],
    ["tasks['2nd']: a task's name must be letters", { tasks: { '2nd': nextEvent() } }],
    ["tasks['a b']: a task's name must be letters", { tasks: { 'a b': nextEvent() } }],
    ['it declares no events', { events: {}, tasks: { kind: label(['a', 'b']), next: nextEvent() } }],
    [
      "tasks.buys.monotone: there is no number attribute 'user.plam'",
      { tasks: { buys: monotone(occurs('purchase', week), { 'user.plam': 'rises' }) } },
    ],
    [
      'tasks.next.monotone: of several classes none can be meant',
      { tasks: { next: monotone(nextEvent(), { 'user.age': 'falls' }) } },
    ],
    [
      `tasks.buys.monotone['user.age']: expected one of "rises", "falls"`,
      { tasks: { buys: monotone(occurs('purchase', week), { 'user.age': 'up' as 'rises' }) } },
    ],
  ])('refuses, saying "%s"', (message, overrides) => {
    expect(() => declare(overrides)).toThrow(message)
  })
})

/** A log with all that can be declared; what it gets is as someone wrote whom no compiler told. */
function declareLog(overrides: object = {}, source: object = {}): Project {
  const columns = { type: "'view'", userId: 'visitor', occurredAt: 'at' }
  const declaration = {
    name: 'shop',
    events,
    user: { plan: category() },
    item: { price: number() },
    context: { device: category() },
    tasks: { buys: occurs('purchase', week), likes: label(['no', 'yes']) },
    source: {
      kind: 'events',
      events: [{ ...columns, context: { device: 'agent' }, file: ['a.csv', 'b.csv'] }],
      user: { plan: 'plan' },
      items: { id: 'sku', attributes: { price: 'cost' }, reading: { decimal: ',' } },
      questions: { userId: 'visitor', at: 'day', labels: { likes: 'liked' } },
      ...source,
    },
    ...overrides,
  }
  return defineProject(declaration as Parameters<typeof defineProject>[0])
}

describe('what no compiler told', () => {
  const columns = { type: "'view'", userId: 'visitor', occurredAt: 'at' }

  it('is taken where it is right', () => {
    expect(declareLog().source?.kind).toBe('events')
    expect(declareLog({}, { events: [{ ...columns, type: "case when x then 'a' end" }] }).name).toBe('shop')
    expect(declareLog({ source: undefined, item: undefined }).item).toEqual({})
  })

  it.each<[string, object?, object?]>([
    ["task: there is no such key; is it 'tasks'?", { task: {} }],
    ["events.view.items: there is no such key; is it 'item'?", { events: { view: { items: true } } }],
    ['events.view.item: expected true or false, got "yes"', { events: { view: { item: 'yes' } } }],
    [
      "user.plan.fixd: there is no such key; is it 'fixed'?",
      { user: { plan: { kind: 'category', fixd: true } } },
    ],
    [
      'user.plan: expected one of number(…), category(…), text(…), vector(…), got the function',
      { user: { plan: category } },
    ],
    ['item.price: expected one of number(…)', { item: { price: 'number' } }],
    ['tasks.buys: expected one of occurs(…), absent(…)', { tasks: { buys: 'purchase' } }],
    [
      "tasks.buys asks about 'purchas', which is no event; is it 'purchase'?",
      { tasks: { buys: occurs('purchas', week) } },
    ],
    ['tasks: it is missing', { tasks: undefined }],
    [
      'asked: expected one of "afterEvents", "daily", "anytime", got "dayly"; is it \'daily\'?',
      { asked: 'dayly' },
    ],
    ['source.kind: expected one of "events", "table", got undefined', { source: {} }],
    [
      "source.kind: 'table' has no events, and the project declares some",
      { source: { kind: 'table', labels: {} } },
    ],
    ['source.events: expected a list, got {}', {}, { events: {} }],
    ["source.event: there is no such key; is it 'events'?", {}, { event: [] }],
    [
      "source.events[0].occuredAt: there is no such key; is it 'occurredAt'?",
      {},
      { events: [{ ...columns, occurredAt: undefined, occuredAt: 'at' }] },
    ],
    ['source.events[1].userId: it is missing', {}, { events: [columns, { ...columns, userId: undefined }] }],
    [
      "source.events[0].type: the project declares no event 'veiw'; is it 'view'?",
      {},
      { events: [{ ...columns, type: "'veiw'" }] },
    ],
    ['source.events[0].timeUnit: expected one of', {}, { events: [{ ...columns, timeUnit: 'seconds' }] }],
    [
      "source.events[0].itemId: expected a column's name or an expression, as text, got 7",
      {},
      { events: [{ ...columns, itemId: 7 }] },
    ],
    [
      "source.events[0].context.devise: there is no such context attribute; is it 'device'?",
      {},
      { events: [{ ...columns, context: { devise: 'x' } }] },
    ],
    ["source.user.plann: there is no such user attribute; is it 'plan'?", {}, { user: { plann: 'plan' } }],
    [
      'source.items.attributes.cost: there is no such item attribute; there is price',
      {},
      { items: { id: 'sku', attributes: { cost: 'cost' } } },
    ],
    [
      'source.questions.labels.buys: there is no such label task; there is likes',
      {},
      { questions: { userId: 'u', at: 'a', labels: { buys: 'b' } } },
    ],
    [
      "source.reading.timezone: there is no such key; is it 'timeZone'?",
      {},
      { reading: { timezone: 'UTC' } },
    ],
    [
      'source.reading.skipLines: expected a whole number from 0 on, got "2"',
      {},
      { reading: { skipLines: '2' } },
    ],
    [
      'source.items.reading.decimal: expected one of ".", ","',
      {},
      { items: { id: 'sku', reading: { decimal: ';' } } },
    ],
    ['source.users.id: it is missing', {}, { users: {} }],
  ])('is refused by the path of its key: %s', (message, overrides, source) => {
    const define = (): Project => declareLog(overrides, source)
    expect(define).toThrow(`Project 'shop': ${message}`)
    expect(define).not.toThrow('\n')
  })

  it('is refused wherever a key is that nobody knows', () => {
    const keys = ['', 'a b', 'constructor', '__proto__x', 'Name']
    for (const key of keys) {
      expect(() => declareLog({ [key]: 1 })).toThrow('there is no such key')
      expect(() => declareLog({ events: { ...events, view: { [key]: true } } })).toThrow(
        'there is no such key',
      )
      expect(() => declareLog({}, { [key]: 1 })).toThrow('there is no such key')
      expect(() => declareLog({}, { events: [{ ...columns, [key]: 'x' }] })).toThrow('there is no such key')
      expect(() => declareLog({}, { user: { [key]: 'x' } })).toThrow('there is no such user attribute')
    }
  })
})

describe('tasks', () => {
  it('hold their horizon in milliseconds', () => {
    expect(occurs('view', { withinDays: 0.5 }).horizonMs).toBe(DAY_MS / 2)
    expect(absent({ withinHours: 2 }).horizonMs).toBe(7_200_000)
    expect(total('purchase', { withinMinutes: 1 }).horizonMs).toBe(60_000)
    expect(count('view', { withinHours: 1 })).toEqual({ kind: 'count', type: 'view', horizonMs: 3_600_000 })
    // @ts-expect-error one unit, not two
    expect(() => absent({ withinDays: 1, withinHours: 1 })).toThrow('one of withinDays, withinHours')
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
