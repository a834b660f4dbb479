// The card as lists of bundles show it, and as the database keeps it: without what is long, slices and curves,
// which its file keeps. A statement of D1 holds 100 kB.

/** The same text where it is no card of training's. */
export function listedCard(cardText: string): string {
  let card: unknown
  try {
    card = JSON.parse(cardText)
  } catch {
    return cardText
  }
  if (!hasQuality(card)) return cardText
  const { quality: _quality, ...rehearsal } = card.rehearsal
  return JSON.stringify({ ...card, rehearsal })
}

interface WithQuality {
  readonly rehearsal: { readonly quality: unknown }
}

function hasQuality(card: unknown): card is WithQuality {
  if (typeof card !== 'object' || card === null || !('rehearsal' in card)) return false
  const { rehearsal } = card
  return typeof rehearsal === 'object' && rehearsal !== null && 'quality' in rehearsal
}
