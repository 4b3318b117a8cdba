import * as v from 'valibot'
import { route, type Route } from './route.ts'

const learningSchema = v.object({ on: v.boolean() })

export const learningRoutes: Route[] = [
  route({
    method: 'get',
    path: '/api/learning',
    summary: 'Whether this device learns from what is said to it.',
    reply: learningSchema,
    handle: async ({ learner }) => ({ on: learner.isOn })
  }),
  route({
    method: 'post',
    path: '/api/learning',
    summary: 'Learn from what is said, or not; kept for the next start. Off: nothing is learned of what was said a moment ago either.',
    body: v.strictObject({ on: v.boolean() }),
    reply: learningSchema,
    async handle({ learner }, { body }) {
      await learner.turn(body.on)
      return { on: learner.isOn }
    }
  })
]
