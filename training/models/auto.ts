// auto: the families that suit the data, mixed by what each is worth on validation.
import { createBlend } from './blend.ts'
import { keeps } from './family.ts'
import { ngrams } from './ngrams.ts'
import { pooled } from './pooled.ts'
import { tabular } from './tabular.ts'
import { hasTextScores } from './text-score-names.ts'
import { transformer } from './transformer.ts'
import { trees } from './trees.ts'

/** In less time several families know less than the quick one alone. */
const MINUTES_OF_A_MIX = 0.35

export const auto = createBlend({
  name: 'auto',
  parts: [trees, tabular, pooled, transformer],
  familiesFor({ features, heads }, minutes) {
    const isLog = features.sequenceLength > 0
    if (minutes < MINUTES_OF_A_MIX) {
      return [isLog && heads.every((head) => keeps(pooled, head)) ? pooled : trees]
    }
    const mixed = isLog ? [trees, pooled, transformer] : [trees, tabular]
    return hasTextScores(features) ? [...mixed, ngrams] : mixed
  },
})
