import { describe, expect, it } from 'vitest'
import { undated } from '../../../features/attributes.ts'
import type { Versions } from '../../../features/attributes.ts'
import { category, defineProject, label } from '../../../features/project.ts'
import { unlessNewcomer } from '../../../functions/questions/known.ts'
import { shop } from '../shop.ts'

const table = defineProject({
  name: 'table',
  user: { plan: category() },
  tasks: { churns: label(['no', 'yes']) },
})

function about(user: Versions) {
  return { history: [], user, items: new Map(), atMs: 100 }
}

describe('unlessNewcomer', () => {
  it('knows someone of a table by their row, until they are forgotten', () => {
    const row = { knownAt: 50, attributes: { plan: 'pro' } }
    const forgotten = { knownAt: 60, attributes: {} }
    expect(unlessNewcomer(table, about([row]))).toEqual(about([row]))
    expect(unlessNewcomer(table, about([]))).toBeUndefined()
    expect(unlessNewcomer(table, about([row, forgotten]))).toBeUndefined()
    const again = about([row, forgotten, { ...row, knownAt: 70 }])
    expect(unlessNewcomer(table, again)).toEqual(again)
    // A row whose cells are all empty is a row.
    expect(unlessNewcomer(table, about(undated({ plan: null })))).toBeDefined()
  })

  it('knows no user with a history by their profile', () => {
    expect(unlessNewcomer(shop, about(undated({ plan: 'pro' })))).toBeUndefined()
  })
})
