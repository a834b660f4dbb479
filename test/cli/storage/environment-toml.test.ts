import { describe, expect, it } from 'vitest'
import { environmentToml } from '../../../cli/storage/account.ts'
import { workersAi } from '../../../features/encoder.ts'
import { defineProject, label, text } from '../../../features/project.ts'

const projectOf = (title: ReturnType<typeof text>) =>
  defineProject({ name: 'books', item: { title }, tasks: { sold: label(['yes', 'no']) } })

describe('the environment that deploy --create writes', () => {
  it('binds the AI for a project whose texts the Worker encodes, and for no other', () => {
    const plain = environmentToml(projectOf(text()))
    expect(plain).not.toContain('.ai]')
    const encoded = environmentToml(projectOf(text({ encoder: workersAi() })))
    expect(encoded).toBe(`${plain}\n[env.books.ai]\nbinding = "AI"\n`)
  })
})
