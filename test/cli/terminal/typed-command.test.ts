import { describe, expect, it } from 'vitest'
import { trainCommand, typedCommand } from '../../../cli/terminal/typed-command.ts'

describe('typedCommand', () => {
  it('can be typed again, whatever names of files are', () => {
    expect(typedCommand(['train', 'gym', '--data', "the gym's.csv", '--seed', '3'])).toBe(
      String.raw`npx presage train gym --data 'the gym'\''s.csv' --seed 3`,
    )
  })

  it('holds no key, and no user of an address', () => {
    const words = ['train', 'gym', '--from', 'https://ann:secret@shop.example/x', '--key', 'secret', '--json']
    expect(typedCommand(words)).toBe('npx presage train gym --from https://shop.example/x --json')
    expect(typedCommand(['train', 'gym', '--key=secret'])).toBe('npx presage train gym')
  })
})

describe('trainCommand', () => {
  it('names all that a training was begun with', () => {
    const path = { base: 'logs', named: { users: ['people.csv'] } }
    const of = { projectFile: 'projects/gym.ts', path, skipBadRows: true, family: 'pooled', seed: 2 }
    expect(trainCommand(of)).toBe(
      'npx presage train projects/gym.ts --data logs --data users=people.csv --family pooled --seed 2 --skip-bad-rows',
    )
  })
})
