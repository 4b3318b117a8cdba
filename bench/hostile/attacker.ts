import { attackAsMember } from './member.ts'
import { type Deeds, type Order, strangerAttacks } from './orders.ts'
import { attackAsStranger } from './stranger.ts'

// An attacker in a process of its own: it gets its order over the pipe, and tells what it did.

process.once('message', (order: Order) => {
  const isStranger = (strangerAttacks as readonly string[]).includes(order.attack)
  void (isStranger ? attackAsStranger(order) : attackAsMember(order)).then(
    (deeds: Deeds) => process.send?.({ deeds }, () => process.exit(0)),
    (error: unknown) => process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }, () => process.exit(1))
  )
})
process.on('disconnect', () => process.exit())
