// Forecasts and what scikit-learn 1.9.1 says of them, with labels = the classes that occur for the means:
//   auc                roc_auc_score(Y, P, average='macro'), Y one-hot; of 'yes' alone for two classes
//   averagePrecision   average_precision_score(Y, P, average='macro'), likewise
//   logLoss, brier     log_loss(y, P), brier_score_loss(y, P)
//   accuracy …         accuracy_score(y, c), precision_score(y, c, average=…, zero_division=0) …,
//                      with c = P.argmax(1); perClass precision_recall_fscore_support(y, c)
// and what numpy 2.4.6 says of the calibration error, where `given` is the probability of 'yes' for two
// classes and P.max(1) for more, and `came` whether it came true:
//   _, tie = np.unique(given, return_inverse=True)
//   share = (np.bincount(tie, came) / np.bincount(tie))[tie]
//   order = np.argsort(given, kind='stable')
//   cuts = [len(given) * bin // 15 for bin in range(16)]
//   sum(abs((given - share)[order][a:b].sum()) for a, b in zip(cuts, cuts[1:])) / len(given)
import type { ClassScores } from '../../../training/metrics/confusion.ts'

export interface GoldenForecasts {
  readonly classes: readonly string[]
  /** Probabilities [n, classes] row-major. */
  readonly probabilities: Float64Array
  readonly targets: Int32Array
  readonly report: Readonly<Record<string, number>>
  readonly perClass: Readonly<Record<string, ClassScores>>
}

/** By what is special about them. */
export const goldenForecasts: Readonly<Record<string, GoldenForecasts>> = {
  'two classes, one in four a yes, many ties': {
    classes: ['no', 'yes'],
    probabilities: percent(`
      55 45, 98 2, 98 2, 98 2, 20 80, 95 5, 5 95, 40 60, 75 25, 70 30, 98 2, 95 5, 98 2, 75 25, 50 50,
      30 70, 95 5, 98 2, 20 80, 80 20, 98 2, 70 30, 65 35, 25 75, 98 2, 20 80, 20 80, 55 45, 35 65, 50
      50, 20 80, 50 50, 98 2, 35 65, 85 15, 50 50, 25 75, 75 25, 90 10, 70 30
    `),
    targets: digits('1010100001100001010000000010000001000100'),
    report: {
      auc: 0.5233333333333333,
      averagePrecision: 0.29441414141414146,
      logLoss: 0.8694344556370753,
      brier: 0.2742775,
      ece: 0.27008333333333334,
      accuracy: 0.65,
      precision: 0.3333333333333333,
      recall: 0.4,
      f1: 0.36363636363636365,
      precisionMacro: 0.5595238095238095,
      recallMacro: 0.5666666666666667,
      f1Macro: 0.561128526645768,
      precisionWeighted: 0.6726190476190476,
      recallWeighted: 0.65,
      f1Weighted: 0.6598746081504702,
    },
    perClass: {
      no: {
        precision: 0.7857142857142857,
        recall: 0.7333333333333333,
        f1: 0.7586206896551724,
        support: 30,
      },
      yes: { precision: 0.3333333333333333, recall: 0.4, f1: 0.36363636363636365, support: 10 },
    },
  },
  'three classes': {
    classes: ['a', 'b', 'c'],
    probabilities: percent(`
      43 28 29, 39 19 42, 29 50 21, 37 46 17, 63 13 24, 12 35 53, 90 3 7, 19 55 26, 46 53 1, 16 57 27,
      65 8 27, 83 16 1, 65 29 6, 2 82 16, 82 16 2, 68 8 24, 30 56 14, 65 4 31, 55 24 21, 24 53 23, 69 19
      12, 36 24 40, 90 2 8, 75 5 20, 87 11 2, 34 14 52, 55 32 13, 51 32 17, 41 15 44, 94 5 1, 80 13 7,
      37 6 57, 83 5 12, 96 2 2, 85 13 2, 15 12 73, 6 2 92, 70 4 26, 28 60 12, 76 20 4
    `),
    targets: digits('2010000102201102022110021210200200022200'),
    report: {
      auc: 0.7941882589977437,
      averagePrecision: 0.6709424370635709,
      logLoss: 0.8196999203867555,
      brier: 0.52211,
      ece: 0.26375,
      accuracy: 0.525,
      precision: 0.5303945249597423,
      recall: 0.5053981106612685,
      f1: 0.5060690943043884,
      precisionMacro: 0.5303945249597423,
      recallMacro: 0.5053981106612685,
      f1Macro: 0.5060690943043884,
      precisionWeighted: 0.5398399758454107,
      recallWeighted: 0.525,
      f1Weighted: 0.5203081232492996,
    },
    perClass: {
      a: { precision: 0.5217391304347826, recall: 0.631578947368421, f1: 0.5714285714285714, support: 19 },
      b: { precision: 0.4444444444444444, recall: 0.5, f1: 0.47058823529411764, support: 8 },
      c: { precision: 0.625, recall: 0.38461538461538464, f1: 0.47619047619047616, support: 13 },
    },
  },
  'four unequal classes, of which one never comes true': {
    classes: ['a', 'b', 'c', 'd'],
    probabilities: percent(`
      8 34 3 55, 19 15 59 7, 15 56 4 25, 20 11 56 13, 13 32 38 17, 61 1 22 16, 57 8 28 7, 22 8 10 60, 8
      58 32 2, 26 10 20 44, 35 58 6 1, 70 18 8 4, 72 13 8 7, 61 9 7 23, 47 17 5 31, 55 26 2 17, 26 24 6
      44, 13 60 9 18, 97 1 2 0, 57 17 6 20, 64 17 14 5, 44 16 19 21, 12 70 6 12, 56 1 37 6, 50 1 20 29,
      10 48 30 12, 37 41 9 13, 79 9 8 4, 36 13 17 34, 17 8 35 40
    `),
    targets: digits('331100031010103031000310001031'),
    report: {
      auc: 0.8153467908902692,
      averagePrecision: 0.7668048525518287,
      logLoss: 0.9781265279126127,
      brier: 0.5044466666666667,
      ece: 0.24366666666666667,
      accuracy: 0.6666666666666666,
      precision: 0.7301587301587301,
      recall: 0.626984126984127,
      f1: 0.6695402298850576,
      precisionMacro: 0.7301587301587301,
      recallMacro: 0.626984126984127,
      f1Macro: 0.6695402298850576,
      precisionWeighted: 0.7393650793650793,
      recallWeighted: 0.6666666666666666,
      f1Weighted: 0.6956896551724138,
    },
    perClass: {
      a: { precision: 0.7333333333333333, recall: 0.7857142857142857, f1: 0.7586206896551724, support: 14 },
      b: { precision: 0.8571428571428571, recall: 0.6666666666666666, f1: 0.75, support: 9 },
      c: { precision: 0.0, recall: 0.0, f1: 0.0, support: 0 },
      d: { precision: 0.6, recall: 0.42857142857142855, f1: 0.5, support: 7 },
    },
  },
}

function percent(rows: string): Float64Array {
  return Float64Array.from(rows.match(/\d+/g) ?? [], (number) => Number(number) / 100)
}

function digits(text: string): Int32Array {
  return Int32Array.from(text, Number)
}
