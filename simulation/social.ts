// Members of a social product: how they came, country and age; posts of four topics. Who likes and
// posts comes back soon; long reads end visits; those who came by an advertisement drift away.
import { social } from '../projects/social.ts'
import { defineSimulator, drawOne } from './domain.ts'

const titleWords = {
  music: ['concert', 'record', 'guitar'],
  sport: ['match', 'training', 'marathon'],
  travel: ['island', 'train', 'mountain'],
  news: ['election', 'weather', 'city'],
} as const
type Topic = keyof typeof titleWords

/** How much more each country likes a topic than its popularity says. */
const liking: Readonly<Record<string, Partial<Record<Topic, number>>>> = {
  BR: { sport: 2.5, music: 1.5 },
  IN: { news: 2 },
  US: { music: 2 },
  ES: { travel: 2.5 },
}

export const socialSimulator = defineSimulator({
  project: social,
  defaults: { userCount: 1_500, days: 90, world: { idsByArrival: true, newcomersAllAlong: true } },
  itemCount: 400,
  wanted: 'share',
  visitGapMinutes: 1.5,
  sameItem: ['like', 'share'],

  drawUser: (random) => ({
    channel: drawOne({ friend: 45, search: 30, advertisement: 25 }, random),
    country: drawOne({ BR: 25, IN: 25, US: 30, ES: 20 }, random),
    age: random.next() < 0.2 ? null : Math.round(Math.min(70, 15 + random.exponential(1 / 14))),
  }),
  drawItem: (random) => {
    const topic = drawOne({ music: 30, sport: 25, travel: 20, news: 25 }, random)
    const words = titleWords[topic]
    const length = Math.round(60 * Math.exp(0.8 * random.normal()))
    return { topic, length, title: `${words[random.integer(words.length)] ?? ''} ${topic}` }
  },
  drawContext: (_user, random) => ({ device: drawOne({ phone: 8, desktop: 2 }, random) }),
  taste: (user) => String(user['country']),
  appeal: (taste, item) => liking[taste]?.[item['topic'] as Topic] ?? 1,
  drawValue: () => 0,

  behaviour: (user) => {
    const byFriend = user['channel'] === 'friend' ? 1 : 0
    const byAdvertisement = user['channel'] === 'advertisement' ? 1 : 0
    const age = (Number(user['age'] ?? 28) - 28) / 14
    return {
      stay: (now) => {
        const long = now.last === 'read' ? Math.log(Number(now.item['length'] ?? 60) / 60) : 0
        return 1.3 - 0.5 * long + (now.last === 'like' ? 0.4 : 0) - (now.last === 'post' ? 0.8 : 0)
      },
      awayDays: (now) =>
        9 *
        Math.exp(
          1 * byAdvertisement -
            0.6 * byFriend +
            0.3 * age -
            0.2 * now.week.any -
            0.15 * now.week.like -
            0.2 * now.month.post,
        ),
      inVisit: (now) => {
        const long = Math.log(Number(now.item['length'] ?? 60) / 60)
        const read = now.last === 'read' ? 1 : 0
        return {
          open: -6,
          read: 1.5 + (now.last === 'open' ? 0.8 : 0),
          like: read * (1.8 - 0.4 * long - 0.4 * age) - 1.5 + 0.3 * now.month.like,
          share: (read + (now.last === 'like' ? 1.2 : 0)) * (0.8 + 0.5 * byFriend) - 1.8,
          post: -1.8 + 0.5 * now.month.post + (now.last === 'share' ? 0.8 : 0),
        }
      },
      newVisit: () => ({ open: 6, read: 0, like: -2, share: -2, post: -1 }),
    }
  },
})
