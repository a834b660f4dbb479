// Sums over rows, column by column. So many rows are added up in registers before they go to memory:
// that is quicker, and more exact than one long sum.

/** Rows of a part of the sum; of 64 columns they stay in the first cache. */
const PART = 64

/** out [blocks, width] = the sum over rows of x [blocks, rows, width]. Addresses are in bytes. */
export function sumRows(out: usize, x: usize, blocks: i32, rows: i32, width: i32): void {
  memory.fill(out, 0, (<usize>blocks * width) << 2)
  for (let block = 0; block < blocks; block++) {
    for (let row = 0; row < rows; row += PART) {
      addRows(out, x + ((row * width) << 2), min(rows - row, PART), width)
    }
    out += width << 2
    x += (rows * width) << 2
  }
}

/** Adds the sums of these rows to what is there. */
function addRows(out: usize, x: usize, rows: i32, width: i32): void {
  const step = width << 2
  let column = 0
  for (; column + 4 <= width; column += 4) {
    let at = x + (column << 2)
    let sum = f32x4.splat(0)
    for (let row = 0; row < rows; row++) {
      sum = f32x4.add(sum, v128.load(at))
      at += step
    }
    const target = out + (column << 2)
    v128.store(target, f32x4.add(v128.load(target), sum))
  }
  for (; column < width; column++) {
    let at = x + (column << 2)
    let sum: f32 = 0
    for (let row = 0; row < rows; row++) {
      sum += load<f32>(at)
      at += step
    }
    const target = out + (column << 2)
    store<f32>(target, load<f32>(target) + sum)
  }
}
