// What lists of bundles keep of a card: all but what is long, which its file keeps. A statement of D1 holds
// 100 kB.

/** The text as it is where it is no card. */
export function listedCard(cardText: string): string {
  try {
    const { rehearsal, ...card } = JSON.parse(cardText) as { readonly rehearsal?: object }
    return JSON.stringify({
      ...card,
      ...(rehearsal !== undefined && { rehearsal: { ...rehearsal, quality: undefined } }),
    })
  } catch {
    return cardText
  }
}
