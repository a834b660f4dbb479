// Fitting the calibration of a head of classes on examples later than those it was trained on.

/** Logits [n, k] row-major of n examples and the class of each. */
export interface CalibrationData {
  readonly logits: ArrayLike<number>
  readonly targets: ArrayLike<number>
  readonly bias: readonly number[]
}

/**
 * The temperature in [0.25, 4] with the lowest log loss, found by golden-section search: the loss is
 * convex in the inverse temperature. 1 where there are no examples.
 */
export function fitTemperature(data: CalibrationData): number {
  if (data.targets.length === 0) return 1
  const ratio = (Math.sqrt(5) - 1) / 2
  let low = 0.25
  let high = 4
  for (let step = 0; step < 40; step += 1) {
    const span = (high - low) * ratio
    const below = logLossAt(data, 1 / (high - span))
    const above = logLossAt(data, 1 / (low + span))
    if (below <= above) high = low + span
    else low = high - span
  }
  return 2 / (low + high)
}

function logLossAt({ logits, targets, bias }: CalibrationData, temperature: number): number {
  const width = bias.length
  let loss = 0
  for (let row = 0; row < targets.length; row += 1) {
    let highest = Number.NEGATIVE_INFINITY
    for (let index = 0; index < width; index += 1) {
      highest = Math.max(highest, scaledLogit(row * width + index, index))
    }
    let total = 0
    for (let index = 0; index < width; index += 1) {
      total += Math.exp(scaledLogit(row * width + index, index) - highest)
    }
    const target = targets[row] ?? 0
    loss += highest + Math.log(total) - scaledLogit(row * width + target, target)
  }
  return loss

  function scaledLogit(place: number, index: number): number {
    return ((logits[place] ?? 0) + (bias[index] ?? 0)) / temperature
  }
}
