// Weighted examples and what scikit-learn 1.9.1 says of them, w being their weights:
//   auc, averagePrecision   roc_auc_score, average_precision_score(y, p, sample_weight=w), for three classes the
//                           mean over the columns
//   logLoss, brier          log_loss, brier_score_loss(y, p, sample_weight=w)
//   …At0.3                  of c = p >= .3: precision_recall_fscore_support(y, c, average='binary',
//                           sample_weight=w), accuracy_score(y, c, sample_weight=w)
//   accuracy, …Macro, …     precision_recall_fscore_support(y, P.argmax(1), average=…, sample_weight=w)
//   confusion               confusion_matrix(y, P.argmax(1), sample_weight=w)
//   best                    the threshold of precision_recall_curve(y, p) with the highest F1, unweighted
//   gainAt…                 worked in numpy, rows of one score sharing what came
//   deviance, mae, rmse     mean_poisson_deviance, mean_absolute_error, mean_squared_error(…) ** 0.5
//   spearman                scipy 1.17.1, spearmanr of the rows repeated by their weights

const yes = numbers(`
  5 9 1 2 11 6 17 8 1 12 10 5 1 3 14 1 3 4 1 8 8 14 1 6 10 11 1 5 9 4 13 2 6 11 4 11 7 2 14 3 9 18 3 16 13 8
  13 5 16 2 15 6 11 2 5 8 5 8 4 2
`).map((twentieths) => twentieths / 20)

export const weightedYes = {
  probabilities: Float64Array.from(yes.flatMap((p) => [1 - p, p])),
  targets: Int32Array.from('000011110101000100000000100010100000000011011000000000100000', Number),
  weights: Float64Array.from('013132202130022321112210200131201332310003302030202321313312', Number),
  thresholds: { '0.3': 0.3, '0.6': 0.6 },
  best: 0.45,
  report: {
    auc: 0.6671597633136095,
    averagePrecision: 0.5147790381661349,
    logLoss: 0.626769130178671,
    brier: 0.21296703296703295,
    'precisionAt0.3': 0.35714285714285715,
    'recallAt0.3': 0.7692307692307693,
    'f1At0.3': 0.4878048780487805,
    'accuracyAt0.3': 0.5384615384615384,
    'takenAt0.3': 0.6153846153846154,
    'precisionAt0.6': 0.47619047619047616,
    'recallAt0.6': 0.38461538461538464,
    'f1At0.6': 0.425531914893617,
    'accuracyAt0.6': 0.7032967032967034,
    'takenAt0.6': 0.23076923076923078,
    gainAt1: 0.035,
    gainAt5: 0.175,
    gainAt10: 0.19230769230769232,
    gainAt20: 0.3065934065934066,
    liftAt20: 0.3065934065934066 / 0.2,
  },
}

export const weightedClasses = {
  probabilities: Float64Array.from(
    numbers(`
      15 29 56, 30 53 17, 6 79 15, 20 77 3, 42 51 7, 26 35 39, 85 7 8, 37 18 45, 35 64 1, 53 17 30, 4 72 24,
      48 49 3, 74 16 10, 14 65 21, 6 80 14, 7 45 48, 9 5 86, 9 12 79, 14 11 75, 34 45 21, 46 3 51, 39 55 6, 32
      30 38, 15 9 76, 19 63 18, 25 1 74, 23 6 71, 23 14 63, 25 57 18, 24 49 27, 13 61 26, 32 38 30, 15 68 17,
      2 26 72, 63 3 34, 41 21 38, 53 31 16, 42 46 12, 62 24 14, 47 4 49, 7 37 56, 18 62 20, 37 10 53, 51 46 3,
      35 27 38, 55 25 20, 52 37 11, 44 14 42, 45 25 30, 0 75 25, 17 27 56, 33 18 49, 27 70 3, 31 28 41, 10 62
      28, 18 74 8, 27 52 21, 17 50 33, 21 58 21, 16 34 50
    `).map((percent) => percent / 100),
  ),
  targets: Int32Array.from('111111021221101222212101112111122102110211002212111012202210', Number),
  weights: weightedYes.weights,
  confusion: [5, 3, 9, 8, 30, 8, 3, 13, 12],
  report: {
    auc: 0.7064062953814507,
    averagePrecision: 0.5696347002877121,
    accuracy: 0.5164835164835165,
    precisionMacro: 0.45948900549725136,
    recallMacro: 0.4582876628912435,
    f1Macro: 0.45875228255090955,
    precisionWeighted: 0.5153704054566123,
    recallWeighted: 0.5164835164835165,
    f1Weighted: 0.5158350421508316,
  },
}

const actual = Float32Array.from([
  67, 12, 21, 44, 0, 8, 7, 38, 8, 0, 40, 3, 29, 7, 1, 43, 56, 34, 0, 2, 0, 11, 36, 0, 9, 0, 0, 0, 10, 0,
])
const predicted = Float64Array.from([
  41, 16, 14, 29, 8, 9, 14, 20, 26, 11, 24, 9, 19, 17, 13, 25, 34, 19, 8, 9, 10, 12, 20, 6, 10, 10, 6, 6, 15,
  15,
])

export const weightedAmounts = {
  actual,
  predicted,
  deviances: actual.map((value, row) => {
    const mean = predicted[row] ?? Number.NaN
    return 2 * ((value > 0 ? value * Math.log(value / mean) : 0) - (value - mean))
  }),
  weights: Float64Array.from('120110022000020220002220221002', Number),
  report: {
    mae: 12.178571428571429,
    rmse: 14.029306061649256,
    spearman: 0.7932560492414129,
    predictedOverActual: 0.9328493647912885,
  },
  /** Apart: the deviances above are of 32 bits. */
  deviance: 11.848643232530899,
}

function numbers(text: string): number[] {
  return (text.match(/\d+/g) ?? []).map(Number)
}
