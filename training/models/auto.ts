// auto: the families that suit the data, mixed by what each is worth on validation.
import { createBlend } from './blend.ts'
import { tabular } from './tabular.ts'
import { transformer } from './transformer.ts'
import { trees } from './trees.ts'

export const auto = createBlend({
  name: 'auto',
  familiesFor: ({ sequenceLength }) => (sequenceLength > 0 ? [trees, transformer] : [trees, tabular]),
})
