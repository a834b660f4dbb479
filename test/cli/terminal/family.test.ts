import { describe, expect, it } from 'vitest'
import { chooseFamily } from '../../../cli/terminal/family.ts'
import { defineProject, label } from '../../../features/project.ts'
import type { Project, TrainingDeclaration } from '../../../features/project.ts'

function declare(training?: TrainingDeclaration): Project {
  return defineProject({ name: 'gym', tasks: { stays: label(['no', 'yes']) }, training })
}

describe('chooseFamily', () => {
  it('takes the family that is asked for, else what the project declares, else the default', async () => {
    expect(await chooseFamily(declare({ family: 'trees' }), 'softmax')).toBe('softmax')
    expect(await chooseFamily(declare({ family: 'trees', settings: { leavesMax: 7 } }))).toBe('trees')
    expect(await chooseFamily(declare({ family: 'auto', settings: { 'trees.leavesMax': 7 } }))).toBe('auto')
    expect(await chooseFamily(declare())).toBe('auto')
  })

  it.each<[string, TrainingDeclaration, string]>([
    ['a family', { family: 'treez' }, 'training.family: expected one of .*, got "treez"; is it \'trees\'\\?'],
    [
      'a setting',
      { family: 'trees', settings: { leafsMax: 7 } },
      "training.settings.leafsMax: there is no such key; is it 'leavesMax'\\?",
    ],
    [
      'a setting of a part',
      { family: 'auto', settings: { 'trees.leafsMax': 7 } },
      "training.settings\\['trees.leafsMax'\\]: there is no such key; is it 'trees.leavesMax'\\?",
    ],
    [
      'a value',
      { family: 'trees', settings: { leavesMax: 'many' } },
      'training.settings.leavesMax: expected a number from 0 on, got "many"',
    ],
  ])('refuses %s that there is not, whatever is asked for', async (_, training, message) => {
    for (const asked of [undefined, 'softmax']) {
      await expect(chooseFamily(declare(training), asked)).rejects.toThrow(
        new RegExp(`^Project 'gym': ${message}$`),
      )
    }
  })
})
