// The little linear algebra that Markov chains of a few states need. Matrices are lists of rows.

export type Matrix = readonly (readonly number[])[]

/** e to the power of a square matrix, by scaling, a Taylor series and squaring. */
export function exponential(matrix: Matrix): Matrix {
  const norm = Math.max(...matrix.map((row) => row.reduce((sum, value) => sum + Math.abs(value), 0)))
  const halvings = Math.max(0, Math.ceil(Math.log2(norm)) + 3)
  const scaled = matrix.map((row) => row.map((value) => value / 2 ** halvings))
  let term = identity(matrix.length)
  let sum = term
  // What is scaled is at most an eighth: the twelfth term is below the precision of numbers.
  for (let degree = 1; degree <= 12; degree += 1) {
    const divisor = degree
    term = multiply(term, scaled).map((row) => row.map((value) => value / divisor))
    sum = sum.map((row, i) => row.map((value, j) => value + at(term, i, j)))
  }
  for (let time = 0; time < halvings; time += 1) sum = multiply(sum, sum)
  return sum
}

/** A row times a matrix. */
export function rowTimes(row: readonly number[], matrix: Matrix): number[] {
  return matrix.map((_, j) => row.reduce((sum, value, i) => sum + value * at(matrix, i, j), 0))
}

/** The row x with x · matrix = row, by elimination with pivots. The matrix must not be singular. */
export function solveRow(matrix: Matrix, row: readonly number[]): number[] {
  // Each equation is a column of the matrix; the value to reach stands last.
  const equations = row.map((value, j) => [...matrix.map((_, i) => at(matrix, i, j)), value])
  const size = row.length
  for (let column = 0; column < size; column += 1) {
    const rest = equations.slice(column)
    const largest = rest.toSorted((a, b) => Math.abs(b[column] ?? 0) - Math.abs(a[column] ?? 0))[0] ?? []
    equations.splice(equations.indexOf(largest), 1)
    equations.splice(column, 0, largest)
    for (const [index, equation] of equations.entries()) {
      if (index === column) continue
      const factor = (equation[column] ?? 0) / (largest[column] ?? 0)
      equations[index] = equation.map((value, place) => value - factor * (largest[place] ?? 0))
    }
  }
  return equations.map((equation, index) => (equation[size] ?? 0) / (equation[index] ?? 0))
}

function identity(size: number): Matrix {
  return Array.from({ length: size }, (_row, i) =>
    Array.from({ length: size }, (_value, j) => (i === j ? 1 : 0)),
  )
}

function multiply(left: Matrix, right: Matrix): Matrix {
  return left.map((row) => rowTimes(row, right))
}

function at(matrix: Matrix, row: number, column: number): number {
  return matrix[row]?.[column] ?? 0
}
