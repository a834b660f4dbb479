import { describe, expect, expectTypeOf, it } from 'vitest'
import { absent, defineProject, nextEvent, occurs, total } from '../../features/project.ts'
import { course } from '../../projects/course.ts'
import { finance } from '../../projects/finance.ts'
import { projectNames } from '../../cli/projects/project-file.ts'
import { loadProject } from '../../cli/projects/load-project.ts'
import { shop } from '../../projects/shop.ts'
import { social } from '../../projects/social.ts'

function define(task: 'occurs' | 'total'): void {
  const events = { view: {}, purchase: { value: true } }
  if (task === 'occurs') {
    // @ts-expect-error 'sale' is no event type of the project
    defineProject({ name: 'wrong', events, tasks: { buys: occurs('sale', { withinDays: 7 }) } })
  } else {
    // @ts-expect-error 'sale' is no event type of the project
    defineProject({ name: 'wrong', events, tasks: { spend: total('sale', { withinDays: 7 }) } })
  }
}

describe('projects', () => {
  it('are found by the names of their files, which are their own', async () => {
    expect(projectNames()).toEqual([
      'course',
      'finance',
      'online-shoppers',
      'shop',
      'social',
      'trivago',
      'wikipedia-edits',
    ])
    for (const name of projectNames()) expect((await loadProject(name)).project.name).toBe(name)
  })

  it('takes for fixed what cannot follow from what is predicted, and never a plan or a price', () => {
    const fixed = [shop, course, finance, social].map(({ name, user, item }) => [
      name,
      ...Object.entries({ ...user, ...item }).flatMap(([attribute, declared]) =>
        declared.fixed === true ? [attribute] : [],
      ),
    ])
    expect(fixed).toEqual([
      ['shop', 'country', 'age', 'department', 'title'],
      ['course', 'background', 'age', 'subject', 'difficulty', 'title'],
      ['finance', 'region', 'age', 'kind', 'title'],
      ['social', 'channel', 'country', 'age', 'topic', 'length', 'title'],
    ])
  })

  it('has a question about absence and one about the next event in each simulated project', () => {
    for (const project of [shop, course, finance, social]) {
      const kinds = Object.values(project.tasks).map((task) => task.kind)
      expect(kinds).toContain('absent')
      expect(kinds).toContain('nextEvent')
    }
  })
})

describe('the types of a project', () => {
  it('know its tasks, event types and attributes by name', () => {
    expectTypeOf<keyof typeof shop.tasks>().toEqualTypeOf<
      'buysWithin7Days' | 'leavesWithin30Days' | 'nextAction' | 'spend28Days'
    >()
    expectTypeOf<keyof typeof shop.events>().toEqualTypeOf<'view' | 'cart' | 'purchase' | 'search'>()
    expectTypeOf<keyof typeof social.user>().toEqualTypeOf<'channel' | 'country' | 'age'>()
    // @ts-expect-error the task is called buysWithin7Days
    expect(shop.tasks.buysWithin8Days).toBeUndefined()
    // @ts-expect-error there is no such event type
    expect(shop.events.click).toBeUndefined()
  })

  it('refuse tasks about event types that are not declared, and so does defineProject', () => {
    expect(() => define('occurs')).toThrow("asks about 'sale', which is no event")
    expect(() => define('total')).toThrow("asks about 'sale', which is no event")
  })

  it('accept tasks about declared event types', () => {
    const events = { view: {}, purchase: { value: true } }
    const project = defineProject({
      name: 'right',
      events,
      tasks: {
        buys: occurs('purchase', { withinHours: 1 }),
        leaves: absent({ withinMinutes: 30 }),
        next: nextEvent(),
        spend: total('purchase', { withinDays: 7 }),
      },
    })
    expectTypeOf<keyof typeof project.tasks>().toEqualTypeOf<'buys' | 'leaves' | 'next' | 'spend'>()
    expect(project.asked).toBe('anytime')
  })
})
